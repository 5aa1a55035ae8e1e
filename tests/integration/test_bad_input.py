"""What goes wrong is said in a sentence, and what served before still serves."""

from __future__ import annotations

import os
import pwd
import socket
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from tests.support import witness
from tests.support.applications import Application
from tests.support.platforms import Platform, free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.timeout(240, func_only=True)


# --- before anything is made


def test_unknown_branch(application: Application) -> None:
    application.bough("up", "feature/1-nobody").failed_saying("no branch 'feature/1-nobody'")
    destroyed = application.bough("destroy", "feature/1-nobody").ended()
    assert "there is no environment" in destroyed.stdout
    for command in (["show"], ["logs"], ["open"], ["exec", "web", "true"]):
        verb, *rest = command
        application.bough(verb, "feature/1-nobody", *rest).failed_saying("no environment of")


@pytest.mark.parametrize(
    ("branch", "reason"),
    [
        ("wip", "its name should match (feature|fix)/[0-9]+-.+. Start the name with feature/"),
        ("main", 'branch "main" is protected: nobody pushes to it directly'),
    ],
)
def test_a_push_that_the_policy_refuses(application: Application, branch: str, reason: str) -> None:
    application.bough("remote", "add").ended()
    pushed = application.push(f"main:{branch}")
    pushed.failed_saying(reason, "pre-receive hook declined")
    application.bough("show", branch).failed_saying("no environment of")


def test_no_bough_yaml(application: Application) -> None:
    application.remove("bough.yaml")
    application.bough("up").failed_saying("there is no bough.yaml in commit", "`bough init`")


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("services:", "services: [", "is not YAML"),
        ("    needs: [db]", "    wants: [db]", "services.web.wants: unknown key; known: build,"),
        ("port: 8000", "port: http", "services.web.port: should be a whole number from 1 to 65535"),
    ],
)
def test_a_wrong_bough_yaml(application: Application, old: str, new: str, complaint: str) -> None:
    slug = application.branch("feature/2-wrong")
    application.edit("bough.yaml", old, new)
    application.bough("up").failed_saying(complaint)
    assert witness.left_of(application.platform, slug) == []


def test_no_dockerfile(application: Application) -> None:
    slug = application.branch("feature/3-bare")
    application.remove("Dockerfile")
    application.bough("up").failed_saying("services.web.build.dockerfile: there is no Dockerfile")
    assert witness.left_of(application.platform, slug) == []


# --- while another release serves


@pytest.fixture(scope="module")
def deployed(
    platform: Platform, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Application, str]]:
    application = Application.create(tmp_path_factory.mktemp("deployed") / "checkout", platform)
    application.bough("remote", "add").ended()
    slug = application.branch("feature/4-serving")
    application.push("feature/4-serving").ended()
    yield application, slug
    platform.bough("destroy", slug).ended()


@pytest.fixture
def serving(deployed: tuple[Application, str]) -> Iterator[tuple[Application, str]]:
    """An environment that serves, and still does, as it did, when the test is over."""
    application, slug = deployed
    good = application.git("rev-parse", "HEAD").stdout.strip()
    state = application.platform.state(slug)
    yield application, slug
    now = application.platform.state(slug)
    assert {**now, "beats": 0} == {**state, "beats": 0}
    application.git("reset", "--quiet", "--hard", good)


def test_a_build_that_fails(serving: tuple[Application, str]) -> None:
    application, _ = serving
    application.edit("Dockerfile", "USER 10001", "RUN echo all went dark && exit 9\nUSER 10001")
    for attempt in (application.push("HEAD"), application.bough("up")):
        attempt.failed_saying("the image was not built", "all went dark", "returned a non-zero")
    assert "all went dark" not in witness.docker("ps", "-a", "--no-trunc")


@pytest.mark.parametrize(
    ("behaviour", "said"),
    [
        ("dies", ["died while it started", "it was told to die", "still serves"]),
        ("unready", ["was not ready within 3 s", "GET /health/ready", "will never be ready"]),
    ],
)
def test_an_instance_that_does_not_start(
    serving: tuple[Application, str], behaviour: str, said: list[str]
) -> None:
    application, slug = serving
    application.edit("bough.yaml", "start_timeout: 20", "start_timeout: 3")
    application.write(behaviour=behaviour)
    application.bough("up").failed_saying(*said)
    application.git("reset", "--quiet", "--hard", "HEAD~2")
    application.up()
    assert witness.services(application.platform, slug) == ["web", "worker"]


# --- engines


def test_an_engine_that_is_down(serving: tuple[Application, str]) -> None:
    application, slug = serving
    platform = application.platform
    witness.docker("stop", platform.container("vault"))
    application.write(answer="unheard")
    application.bough("up").failed_saying("does not answer", "bough platform up")
    assert "no" in platform.bough("platform", "status").ended(1).stdout
    assert platform.state(slug)["answer"] == "one"
    platform.bough("platform", "up").ended()
    platform.bough("platform", "status").ended()


def test_no_docker(application: Application) -> None:
    nobody = {"DOCKER_HOST": "unix:///nonexistent/docker.sock"}
    for command in (["up"], ["ls"], ["platform", "up"]):
        failed = application.platform.bough(*command, cwd=application.folder, env=nobody)
        failed.failed_saying("the Docker engine does not answer")


def test_a_pulumi_of_the_wrong_version(application: Application, tmp_path: Path) -> None:
    """Another version on PATH is not used; with none that serves, a sentence says so."""
    (tmp_path / "bin").mkdir()
    fake = tmp_path / "bin" / "pulumi"
    fake.write_text("#!/bin/sh\necho v2.0.0\n")
    fake.chmod(0o755)
    variables = {
        "PATH": f"{fake.parent}:{os.environ['PATH']}",
        "XDG_CACHE_HOME": str(tmp_path / "empty"),
    }
    failed = application.platform.bough("up", cwd=application.folder, env=variables)
    failed.failed_saying("pulumi", "is not installed", "make up")


def test_a_port_that_is_taken(platform: Platform, tmp_path: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = str(holder.getsockname()[1])
        sentence = f"port {port} on 127.0.0.1 is taken"
        other = Platform(tmp_path / "other", free_port())
        other.bough("platform", "up", "--port", port).failed_saying(sentence)
        assert not (other.root / "platform.json").exists()
        platform.bough("platform", "up", "--port", port).failed_saying(sentence)
    assert platform.settings["ports"]["edge"] == platform.port


# --- the machine


@pytest.mark.parametrize("room", [1 << 20, 9 << 20])
def test_a_disk_that_is_full_at_the_build(
    application: Application, tmp_path: Path, room: int
) -> None:
    """The tree does not fit at all, or all of it but the library's wheel."""
    slug = application.branch("feature/5-large")
    application.git("checkout", "--quiet", "-B", "feature/5-large")
    tree = application.folder / "large.bin"
    tree.write_bytes(os.urandom((9 << 20) - (48 << 10)))
    application.commit("a large file")
    with small_disk(tmp_path / "disk", room) as disk:
        failed = application.platform.bough("up", cwd=application.folder, env={"TMPDIR": str(disk)})
    failed.failed_saying("No space left on device")
    assert [
        line for line in witness.left_of(application.platform, slug) if "file" not in line
    ] == []
    application.bough("destroy", slug).ended()


@contextmanager
def small_disk(folder: Path, room: int) -> Iterator[Path]:
    if os.getuid() != 0:
        pytest.skip("mounting a file system of a few megabytes needs root")
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={room}", "tmpfs", folder], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


# --- people


@pytest.mark.parametrize(
    ("in_up", "in_destroy"),
    [
        ("building sample", "destroy feature-"),
        ("network: created", "route: deleted"),
        ("db-accounts: created", "web-1: deleted"),
        ("db-schema: created", "db-accounts: deleted"),
    ],
)
def test_ctrl_c(application: Application, in_up: str, in_destroy: str) -> None:
    platform = application.platform
    slug = application.branch("feature/6-interrupted")
    application.write(answer=in_up)
    with platform.started("up", cwd=application.folder) as running:
        running.wait_for(in_up)
        running.interrupt()
        running.finish().failed_saying("interrupted; the same command goes on", status=130)
    application.up()
    assert platform.state(slug)["notes"] == ["seeded"]
    assert witness.services(platform, slug) == ["web", "worker"]
    with platform.started("destroy", slug) as running:
        running.wait_for(in_destroy)
        running.interrupt()
        running.finish().failed_saying("interrupted; the same command goes on", status=130)
    platform.bough("destroy", slug).ended()
    assert witness.left_of(platform, slug) == []


def test_two_commands_at_once(application: Application) -> None:
    platform = application.platform
    slug = application.branch("feature/7-busy")
    commit = application.commit("empty")
    with platform.started("up", cwd=application.folder) as first:
        first.wait_for("network: created")
        second = application.up()
        first.finish().ended()
    assert f"(process {first.pid}): up to {commit[:10]} since" in second.stderr
    application.write(answer="never served")
    with platform.started("up", cwd=application.folder) as first:
        first.wait_for("building sample")
        destroyed = platform.bough("destroy", slug).ended()
        first.finish().ended()
    assert f"waiting for {first_owner(first.pid)}" in destroyed.stderr
    assert witness.left_of(platform, slug) == []


def first_owner(pid: int) -> str:
    return f"{pwd.getpwuid(os.getuid()).pw_name}@{socket.gethostname()} (process {pid})"
