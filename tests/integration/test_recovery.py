"""What breaks comes back, and what is half there can be taken away."""

from __future__ import annotations

import shutil
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from tests.support import witness
from tests.support.applications import Application
from tests.support.platforms import ROLES
from tests.support.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.platforms import Platform

pytestmark = pytest.mark.timeout(240, func_only=True)
NOTES = ["seeded", "kept"]
_CRASH = "import os, signal; os.kill(-1, signal.SIGKILL)"


@pytest.fixture(scope="module")
def slug(platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An environment that survives all of this module, with a note of its own."""
    application = Application.create(tmp_path_factory.mktemp("lasting") / "checkout", platform)
    slug = application.branch("feature/1-lasting")
    application.up()
    assert platform.ask(slug, note="kept").status_code == 201
    yield slug
    platform.bough("destroy", slug).ended()
    assert witness.left_of(platform, slug) == []


def test_a_crashed_instance_is_back_within_ten_seconds(platform: Platform, slug: str) -> None:
    known, crashed = started_at(platform, slug), time.monotonic()
    platform.bough("exec", slug, "web", "python", "-c", _CRASH)
    until(lambda: started_at(platform, slug) != known, 10, "started again")
    left = crashed + 10 - time.monotonic()
    until(lambda: platform.serves(slug, notes=NOTES), left, "served again")


def test_an_edge_that_dies_is_back_at_once(platform: Platform, slug: str) -> None:
    """Docker starts nothing again that it counts as stopped by hand, as whatever it signalled."""
    edge = platform.container("edge")
    platform.bough("keeper", "stop").ended()
    try:
        with suppress(AssertionError):
            # whoever does it may die as well
            witness.docker("exec", edge, "bash", "-c", "kill -KILL -1; exit 0")
        until(lambda: platform.serves(slug, notes=NOTES), 10, "served again")
    finally:
        platform.bough("keeper", "start").ended()


@pytest.mark.parametrize("role", ROLES)
def test_a_restarted_engine_has_its_data(platform: Platform, slug: str, role: str) -> None:
    things = witness.left_of(platform, slug)
    witness.docker("restart", platform.container(role))
    until(lambda: platform.bough("platform", "status").status == 0, 60, "all engines answer")
    until(lambda: platform.serves(slug, notes=NOTES), 30, "served again")
    until(lambda: lasting(witness.left_of(platform, slug)) == lasting(things), 30, "all is there")
    assert platform.bough("exec", slug, "worker", "true").status == 0


def test_instances_come_back_after_a_restart_of_the_docker_engine(
    platform: Platform, slug: str
) -> None:
    """Which asks all to stop, so that they give back what they logged in with, and starts them."""
    witness.docker("restart", *witness.containers(platform, slug))
    platform.bough("platform", "up").ended()
    until(lambda: platform.serves(slug, notes=NOTES), 30, "served again")


def test_images_survive_a_restart_of_their_registry(platform: Platform, slug: str) -> None:
    image = witness.instance(platform, slug)["Config"]["Image"]
    witness.docker("restart", platform.container("registry"))
    until(lambda: platform.bough("platform", "status").status == 0, 60, "all engines answer")
    assert witness.manifest(platform, image).status_code == 200


def test_a_reboot(platform: Platform, slug: str) -> None:
    names = witness.containers(platform)
    witness.docker("stop", *names)
    shutil.rmtree(platform.memory)
    witness.docker("start", *map(platform.container, ROLES))
    platform.bough("platform", "up").ended()
    until(lambda: platform.serves(slug, notes=NOTES), 30, "served again")
    beats = platform.state(slug)["beats"]
    until(lambda: platform.state(slug)["beats"] > beats, 10, "the worker works")
    platform.bough("platform", "status").ended()


def started_at(platform: Platform, slug: str) -> Any:
    found = witness.inspect(*witness.containers(platform, slug))
    return [each["State"]["StartedAt"] for each in found if ".web-" in each["Name"]]


def lasting(things: list[str]) -> list[str]:
    """Without the accounts and leases that come and go with their instances."""
    return [thing for thing in things if not thing.startswith(("postgres env-", "vault lease"))]


# --- destroying what is not whole


@pytest.mark.parametrize("moment", ["network: created", "db-accounts: created"])
def test_destroy_what_was_half_made(
    platform: Platform, application: Application, moment: str
) -> None:
    slug = application.branch("feature/2-half")
    with platform.started("up", cwd=application.folder) as running:
        running.wait_for(moment)
        running.kill()
    platform.bough("destroy", slug).ended()
    assert witness.left_of(platform, slug) == []


def test_destroy_without_state_and_checkout(platform: Platform, application: Application) -> None:
    slug = application.branch("feature/3-forgotten")
    application.up()
    for path in platform.root.glob(f"pulumi/state/.pulumi/stacks/*/{slug}*"):
        path.unlink()
    shutil.rmtree(application.folder)
    platform.bough("destroy", slug).ended()
    assert witness.left_of(platform, slug) == []


def test_a_state_that_was_left_half_written(platform: Platform, application: Application) -> None:
    slug = application.branch("feature/8-torn")
    application.up()
    platform.ask(slug, note="kept")
    (state,) = platform.root.glob(f"pulumi/state/.pulumi/stacks/*/{slug}.json")
    state.write_text("")
    assert slug in platform.bough("ls").ended().stdout
    application.up()
    assert platform.state(slug)["notes"] == NOTES
    assert witness.services(platform, slug) == ["web", "worker"]
    state.write_text(state.read_text()[:100])
    platform.bough("destroy", slug).ended()
    assert witness.left_of(platform, slug) == []


def test_destroy_without_checkout(platform: Platform, application: Application) -> None:
    slug = application.branch("feature/4-homeless")
    application.up()
    shutil.rmtree(application.folder)
    platform.bough("destroy", "feature/4-homeless").ended()
    assert witness.left_of(platform, slug) == []


def test_destroy_while_vault_restarts(platform: Platform, application: Application) -> None:
    slug = application.branch("feature/5-meanwhile")
    application.up()
    with platform.started("destroy", slug) as running:
        running.wait_for("route: deleted")
        witness.docker("restart", "--time", "1", platform.container("vault"))
        first = running.finish()
    assert first.status == 0 or "still there:" in first.said, str(first)
    platform.bough("destroy", slug).ended()
    assert witness.left_of(platform, slug) == []


def test_destroy_without_vault_goes_on_when_it_is_back(
    platform: Platform, application: Application
) -> None:
    slug = application.branch("feature/6-sealed")
    application.up()
    witness.docker("stop", platform.container("vault"))
    failed = platform.bough("destroy", slug)
    failed.failed_saying(f"{slug} is not wholly destroyed; still there:", "vault: could not be")
    platform.bough("platform", "up").ended()
    platform.bough("destroy", slug).ended()
    assert witness.left_of(platform, slug) == []


def test_what_is_half_destroyed_can_be_made_again(
    platform: Platform, application: Application
) -> None:
    slug = application.branch("feature/7-again")
    application.up()
    witness.docker("stop", platform.container("consul"))
    platform.bough("destroy", slug).failed_saying("still there:", "consul: could not be asked")
    witness.docker("start", platform.container("consul"))
    until(lambda: platform.bough("platform", "status").status == 0, 60, "all engines answer")
    application.up()
    assert platform.state(slug)["notes"] == ["seeded"]
    platform.bough("destroy", slug).ended()
    assert witness.left_of(platform, slug) == []
