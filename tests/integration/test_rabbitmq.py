"""Queues: a need that brings an engine with it, closed to others, and gone with its environment."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests
from tests.support import witness
from tests.support.applications import EXAMPLES, Application
from tests.support.waiting import until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.support.platforms import Platform

pytestmark = pytest.mark.timeout(600, func_only=True)
JOBS, FEW = 300, 100
FIXTURES = Path(__file__).parents[1] / "fixtures" / "jobs"
_CRASH = "import os, signal; os.kill(-1, signal.SIGKILL)"


@pytest.fixture(scope="module")
def jobs(platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> Application:
    folder = tmp_path_factory.mktemp("jobs") / "checkout"
    return Application.create(folder, platform, EXAMPLES / "jobs")


@pytest.fixture(scope="module")
def slug(platform: Platform, jobs: Application) -> Iterator[str]:
    """An environment with a queue, whose application was the first to ask for one."""
    name = branch(jobs, "with/queue")
    jobs.up()
    yield name
    platform.bough("destroy", name).ended()
    assert witness.left_of(platform, name) == []


def branch(jobs: Application, name: str) -> str:
    """A new branch that begins where the application did."""
    jobs.git("checkout", "--quiet", "main")
    return jobs.branch(name)


def ask(platform: Platform, slug: str, batch: str, texts: list[str]) -> bool:
    """Whether all of the batch's jobs were put on the queue."""
    try:
        return requests.post(
            f"http://127.0.0.1:{platform.port}/jobs/{batch}",
            headers={"Host": f"{slug}.localhost:{platform.port}"},
            json=texts,
            timeout=120,
        ).ok
    except requests.RequestException:
        return False


def done(platform: Platform, slug: str, batch: str) -> dict[str, Any]:
    answer = platform.ask(slug, f"/jobs/{batch}")
    facts: dict[str, Any] = answer.json() if answer.ok else {"done": 0, "results": 0}
    return facts


def crash(platform: Platform, slug: str, service: str) -> None:
    """SIGKILL for every process of an instance, which Docker starts again after a moment."""
    found = witness.instance(platform, slug, service)
    known, name = found["RestartCount"], found["Name"].lstrip("/")

    def crashed() -> bool:
        platform.run("docker", "exec", name, "python", "-c", _CRASH)
        return bool(witness.inspect(name)[0]["RestartCount"] > known)

    until(crashed, 60, f"{service} was killed")


def test_the_platform_has_the_engine_from_then_on(platform: Platform, slug: str) -> None:
    assert slug
    rows = {row["engine"]: row["answers"] for row in platform.json("platform", "status")}
    assert rows["rabbitmq"] is True
    found = witness.inspect(platform.container("rabbitmq"))[0]
    bindings = found["HostConfig"]["PortBindings"].values()
    assert {bound["HostIp"] for listed in bindings for bound in listed} == {"127.0.0.1"}
    assert (found["Config"]["User"] or "0").partition(":")[0] != "0"
    assert found["HostConfig"]["ReadonlyRootfs"] is True
    assert found["HostConfig"]["Memory"] > 0
    until(lambda: _health(platform) == "healthy", 60, "Docker finds it healthy")


def _health(platform: Platform) -> str:
    status: str = witness.inspect(platform.container("rabbitmq"))[0]["State"]["Health"]["Status"]
    return status


def test_every_account_is_replaced_on_request(platform: Platform, slug: str) -> None:
    hashes = passwords(platform, slug)
    before = done(platform, slug, "all")["user"]
    said = platform.bough("rotate", slug).ended().said
    assert "jobs: Vault's own password" in said
    until(lambda: done(platform, slug, "all")["user"] != before, 30, "web has another account")
    assert ask(platform, slug, "rotated", ["x"] * 5)
    until(lambda: done(platform, slug, "rotated")["done"] == 5, 60, "the jobs are done")
    # Vault's own account is the same, with another password
    assert passwords(platform, slug)[f"env-{slug}.jobs.vault"] not in hashes.values()


def passwords(platform: Platform, slug: str) -> dict[str, str]:
    """Hashes of the passwords of an environment's accounts, by account."""
    users = witness.rabbitmq(platform, "users")
    own = [user for user in users if user["name"].startswith(f"env-{slug}.")]
    return {user["name"]: user["password_hash"] for user in own}


def test_every_job_is_done_once_whatever_is_killed(platform: Platform, slug: str) -> None:
    """The worker five times, the web service in the middle of its publishing, the account from
    outside, and RabbitMQ itself."""
    texts = ["x" * (number % 7) for number in range(JOBS)]
    mounted = f"env/{slug}/need/jobs"

    def reached(jobs: int) -> None:
        until(lambda: done(platform, slug, "all")["done"] >= jobs, 120, f"{jobs} jobs are done")

    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(ask, platform, slug, "all", texts)
        reached(5)
        crash(platform, slug, "web")
        assert asked.result() is False
        until(lambda: ask(platform, slug, "all", texts), 120, "all jobs are asked for")
        for jobs in (40, 80, 120):
            reached(jobs)
            crash(platform, slug, "worker")
        reached(150)
        before = done(platform, slug, "all")["user"]
        witness.vault(platform, "PUT", f"sys/leases/revoke-prefix/{mounted}")
        until(lambda: ask(platform, slug, "more", texts[:10]), 120, "another account publishes")
        assert done(platform, slug, "all")["user"] != before
        reached(190)
        crash(platform, slug, "worker")
        witness.docker("restart", platform.container("rabbitmq"))
        reached(240)
        crash(platform, slug, "worker")
        reached(JOBS)
    until(lambda: done(platform, slug, "more")["done"] == 10, 60, "the later jobs are done")
    until(lambda: waiting(platform, slug) == 0, 60, "nothing is left in the queue")
    assert done(platform, slug, "all")["results"] == JOBS
    assert done(platform, slug, "more")["results"] == 10
    assert witness.instance(platform, slug, "worker")["RestartCount"] >= 5


def test_an_asyncio_worker_does_every_job_once_whatever_is_killed(
    platform: Platform, jobs: Application
) -> None:
    """It puts the jobs on the queue as well. It is killed while it does that and while it works;
    the account goes in between, by a rotation and from outside, and RabbitMQ itself."""
    slug = branch(jobs, "with/asyncio")
    (jobs.folder / "worker.py").write_text((FIXTURES / "asyncio_worker.py").read_text())
    jobs.edit("web.py", "for job, text in enumerate(texts):", 'for job in ["all"]:')
    jobs.edit("web.py", '"job": job, "text": text', '"texts": texts')
    jobs.up()

    def reached(batch: str, count: int) -> None:
        until(lambda: done(platform, slug, batch)["done"] >= count, 120, f"{count} of {batch}")

    assert ask(platform, slug, "all", ["x" * (number % 7) for number in range(JOBS)])
    for count in (1, 30, 70):
        reached("all", count)
        crash(platform, slug, "worker")
    reached("all", JOBS)
    before = users(platform, slug, "worker")
    mounted = f"sys/leases/revoke-prefix/env/{slug}/need/jobs"
    faults: dict[str, Callable[[], object]] = {
        "rotated": lambda: platform.bough("rotate", slug).ended(),
        "revoked": lambda: witness.vault(platform, "PUT", mounted),
        "restarted": lambda: witness.docker("restart", platform.container("rabbitmq")),
    }
    for batch, fault in faults.items():
        until(lambda: ask(platform, slug, batch, ["x"] * FEW), 60, "the jobs are asked for")  # noqa: B023
        reached(batch, 5)
        fault()
        reached(batch, FEW)
    assert not users(platform, slug, "worker") & before
    counts = {batch: done(platform, slug, batch)["results"] for batch in faults}
    assert counts == dict.fromkeys(faults, FEW)
    until(lambda: waiting(platform, slug) == 0, 60, "nothing is left in the queue")
    assert done(platform, slug, "all")["results"] == JOBS
    platform.bough("destroy", slug).ended()
    assert witness.left_of(platform, slug) == []


def test_a_program_in_another_language_gets_the_account_in_files_and_a_signal(
    platform: Platform, jobs: Application
) -> None:
    slug = branch(jobs, "with/files")
    (jobs.folder / "worker.py").write_text((FIXTURES / "file_worker.py").read_text())
    words = "bough-run, --queue, jobs, --database, db, --on-change, HUP, --, python, worker.py"
    jobs.edit("bough.yaml", "command: [python, worker.py]", f"command: [{words}]")
    # bough-run takes some 60 MB of it, beside a program in Python
    jobs.edit("bough.yaml", "memory: 128M", "memory: 192M")
    jobs.edit("Dockerfile", "bough-secrets[queue]", "bough-secrets[queue,run]")
    jobs.up()
    lives = witness.instance(platform, slug, "worker")["State"]["StartedAt"]
    assert ask(platform, slug, "first", ["x"] * 20)
    until(lambda: done(platform, slug, "first")["done"] == 20, 60, "the jobs are done")
    old = file(platform, slug, "user")
    assert ask(platform, slug, "second", ["x"] * 200)
    platform.bough("rotate", slug).ended()
    until(lambda: file(platform, slug, "user") != old, 30, "the file has another account")
    new = file(platform, slug, "user")
    container = witness.instance(platform, slug, "worker")["Id"]
    until(lambda: f"takes jobs as {new}" in witness.logs(container), 30, "it works as that one")
    until(lambda: done(platform, slug, "second")["done"] == 200, 60, "the jobs are done")
    assert done(platform, slug, "second")["results"] == 200
    assert witness.instance(platform, slug, "worker")["State"]["StartedAt"] == lives
    known = witness.described(container) + witness.logs(container)
    assert file(platform, slug, "password") not in known
    assert file(platform, slug, "url") == (
        f"amqp://{new}:{file(platform, slug, 'password')}@rabbitmq.bough:5672/env-{slug}.jobs"
    )

    # one that is taken away is replaced within half a minute
    witness.vault(platform, "PUT", f"sys/leases/revoke-prefix/env/{slug}/need/jobs")
    until(lambda: file(platform, slug, "user") != new, 60, "another account again")
    assert ask(platform, slug, "third", ["x"] * 20)
    until(lambda: done(platform, slug, "third")["results"] == 20, 60, "the jobs are done")
    platform.bough("destroy", slug).ended()
    assert witness.left_of(platform, slug) == []


def file(platform: Platform, slug: str, name: str) -> str:
    """What the worker finds in one of its files."""
    path = f"/run/bough/files/queues/jobs/{name}"
    return platform.bough("exec", slug, "worker", "cat", path).ended().stdout


def users(platform: Platform, slug: str, service: str) -> set[str]:
    """The accounts of a service that RabbitMQ knows."""
    return {name for name in passwords(platform, slug) if name.startswith(f"env-{slug}.{service}.")}


def waiting(platform: Platform, slug: str) -> int:
    """Messages that RabbitMQ still has, with those that somebody has in hand."""
    listed = witness.docker(
        *("exec", "--env", "HOME=/var/lib/rabbitmq", platform.container("rabbitmq")),
        *("rabbitmqctl", "--quiet", "--node", "rabbit@localhost", "list_queues"),
        *("--no-table-headers", "--vhost", f"env-{slug}.jobs", "messages"),
    )
    return int(listed)


def test_an_account_opens_its_own_virtual_host_alone(
    platform: Platform, jobs: Application, slug: str
) -> None:
    other = branch(jobs, "another/queue")
    jobs.up()
    own, foreign = f"env-{slug}.jobs", f"env-{other}.jobs"
    found = tried(platform, slug, other)
    assert [each for each in found if not each["passed"]] == []
    opened = {each["what"] for each in found if each["opened"]}
    assert opened == {f"virtual host {own}"}
    closed = {each["what"] for each in found} - opened
    assert {f"virtual host {foreign}", "virtual host /", "page users of its management"} <= closed

    # and a hole is found
    role = f"env/{slug}/need/jobs/roles/web"
    vhosts = witness.vault(platform, "GET", role)["data"]["vhosts"]
    wide = {**vhosts, foreign: vhosts[own]}
    witness.vault(platform, "PUT", role, {"vhosts": json.dumps(wide)})
    holes = {each["what"] for each in tried(platform, slug, other) if not each["passed"]}
    witness.vault(platform, "PUT", role, {"vhosts": json.dumps(vhosts)})
    assert holes == {f"virtual host {foreign}"}

    platform.bough("destroy", other).ended()
    assert witness.left_of(platform, other) == []
    assert own in [vhost["name"] for vhost in witness.rabbitmq(platform, "vhosts")]


def tried(platform: Platform, slug: str, other: str) -> list[dict[str, Any]]:
    done = platform.bough("verify-isolation", slug, other, "--json")
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return [each for each in found if each["engine"] == "rabbitmq"]


def test_a_queue_that_is_no_longer_needed_goes_with_its_messages(
    platform: Platform, jobs: Application
) -> None:
    name = branch(jobs, "without/queue")
    jobs.up()
    # a release whose services are content with a database
    for old, new in (
        ("    needs: [db, jobs]\n  worker:", "    needs: [db]\n  worker:"),
        ("    needs: [db, jobs]\n\n", "    needs: [db]\n\n"),
        ("  jobs:\n    kind: rabbitmq\n", ""),
    ):
        jobs.edit("bough.yaml", old, new)
    jobs.edit("web.py", 'session.queue("jobs")', "None")
    jobs.edit("web.py", ', "user": jobs.user', "")
    messages = 'session.queue("jobs").messages(until=stop.is_set)'
    jobs.edit("worker.py", messages, "iter(stop.wait, True)")
    jobs.up()
    left = witness.left_of(platform, name)
    assert [thing for thing in left if "jobs" in thing or thing.startswith("rabbitmq")] == []
    platform.bough("destroy", name).ended()
    assert witness.left_of(platform, name) == []


def test_destroy_without_state(platform: Platform, jobs: Application) -> None:
    name = branch(jobs, "forgotten/queue")
    jobs.up()
    assert [thing for thing in witness.left_of(platform, name) if thing.startswith("rabbitmq")]
    for path in platform.root.glob(f"pulumi/state/.pulumi/stacks/*/{name}*"):
        path.unlink()
    platform.bough("destroy", name).ended()
    assert witness.left_of(platform, name) == []


def test_an_engine_that_was_down_while_a_network_went_starts_again(
    platform: Platform, jobs: Application
) -> None:
    name = branch(jobs, "gone/meanwhile")
    jobs.up()
    witness.docker("stop", platform.container("rabbitmq"))
    platform.bough("destroy", name).failed_saying("rabbitmq does not answer")
    platform.bough("platform", "up").ended()
    platform.bough("destroy", name).ended()
    assert witness.left_of(platform, name) == []


def test_the_password_is_in_its_file_alone(platform: Platform, slug: str) -> None:
    password = platform.key("rabbitmq/rabbitmq.conf").rpartition(" = ")[2]
    seen = [
        *(path.read_text(errors="replace") for path in (platform.root / "pulumi").rglob("*.json")),
        *(witness.described(name) for name in witness.containers(platform)),
        *(witness.logs(name) for name in witness.containers(platform)),
    ]
    assert slug
    assert len(password) >= 43
    assert not any(password in text for text in seen)
