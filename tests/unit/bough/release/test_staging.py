"""What a release becomes in a stage."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.bough.repositories import Repository

from bough.branch import MAX_LENGTH
from bough.describe import describe
from bough.release import staging
from bough.release.record import Release, description
from bough.release.releases import Known

IMAGE, NEWER = (f"notes@sha256:{digit * 64}" for digit in "ab")


@pytest.fixture
def released(repository: Repository) -> tuple[Release, dict[str, Any]]:
    served = describe(repository.source())
    images = dict.fromkeys(("web", "worker"), IMAGE)
    return Release.of(served, "tree", images), description(served)


def staged(released: tuple[Release, dict[str, Any]], **settings: Any) -> Any:
    known = Known(*released)
    settings = {"replicas": {}, "config": {}, **settings}
    return staging.environment(known, known, "production", **settings)


def test_it_runs_the_release_s_images_and_builds_nothing(released: Any) -> None:
    made = staged(released)
    assert (made.slug, made.stage, made.ref) == (
        "notes-production",
        "production",
        "stage:production",
    )
    assert {service.image for service in made.services} == {IMAGE}
    assert {service.build for service in made.services} == {None}


def test_its_databases_are_migrated_and_never_seeded(released: Any) -> None:
    (database,) = staged(released).databases
    assert database.migrations is not None
    assert database.seed is None
    assert database.files == {"schema": database.revision}


def test_a_stage_s_own_settings_win(released: Any) -> None:
    made = staged(released, replicas={"web": 3}, config={"page_size": "50"})
    assert [service.replicas for service in made.services] == [3, 1]
    assert made.config["page_size"] == "50"


def test_after_a_rollback_the_schema_stays_what_it_is(released: Any) -> None:
    release, described = released
    newer = Known(
        replace(release, commit="n" * 40, images=dict.fromkeys(release.images, NEWER)),
        {**described, "databases": [{**described["databases"][0], "revision": "newer"}]},
    )
    known = Known(release, described)
    made = staging.environment(known, newer, "production", replicas={}, config={})
    assert made.databases[0].revision == "newer"
    assert made.commit == release.commit
    # who knows the newer schema brings it about, should it have to be
    assert {service.image for service in made.services} == {IMAGE}
    assert made.step_images == {"web": NEWER, "worker": NEWER}
    assert staged(released).step_images == {}


names = st.from_regex(r"[a-z][a-z0-9]{0,14}(-[a-z0-9]{1,5}){0,2}", fullmatch=True)


@given(names, names)
def test_a_stage_s_name_is_a_slug(application: str, stage: str) -> None:
    assert len(staging.slug_of(application, stage)) <= MAX_LENGTH
