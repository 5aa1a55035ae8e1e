"""A release's name: the same for the same content, another for anything that may matter."""

import json
from dataclasses import replace

import pytest
from tests.unit.bough.repositories import Repository

from bough.describe import describe
from bough.release.record import Release, description
from bough_components import spec

DIGEST = f"sha256:{'a' * 64}"
IMAGES = {"web": f"127.0.0.1:5000/notes@{DIGEST}", "worker": f"127.0.0.1:5000/notes@{DIGEST}"}


@pytest.fixture
def served(repository: Repository) -> spec.Environment:
    return describe(repository.source())


def test_it_names_no_registry_and_no_environment(served: spec.Environment) -> None:
    release = Release.of(served, "tree", IMAGES)
    assert release.images["web"] == f"notes@{DIGEST}"
    elsewhere = {name: image.replace("127.0.0.1:5000", "other:1") for name, image in IMAGES.items()}
    other = replace(served, slug="feature", ref="feature/1")
    assert Release.of(other, "tree", elsewhere).id == release.id


def test_its_name_is_for_ever() -> None:
    release = Release(
        application="notes",
        commit="c" * 40,
        tree="d" * 40,
        images={"web": f"notes@{DIGEST}"},
        configuration="e" * 64,
        schema={"db": "0123456789abcdef"},
    )
    assert release.id == "8805273af19bea688195f1f40704fe252a36c7e8f2d3a62085bd613d2d297171"
    assert release.short == release.id[:12]


@pytest.mark.parametrize(
    "change",
    [
        {"config": {"page_size": "20"}},
        {"route": "worker"},
        {"services": ()},
        {"secrets": (spec.Secret(name="smtp", generate=None, shared=False),)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_whatever_decides_its_behaviour_is_in_its_name(
    served: spec.Environment, change: dict[str, object]
) -> None:
    images = {} if change.get("services") == () else IMAGES
    changed = replace(served, **change)  # type: ignore[arg-type]
    assert Release.of(changed, "tree", images).id != Release.of(served, "tree", IMAGES).id


def test_other_images_commit_tree_or_schema_are_another_release(served: spec.Environment) -> None:
    one = Release.of(served, "tree", IMAGES)
    (database,) = served.databases
    others = [
        Release.of(replace(served, commit="0" * 40), "tree", IMAGES),
        Release.of(served, "other", IMAGES),
        Release.of(served, "tree", IMAGES | {"web": f"h/notes@sha256:{'b' * 64}"}),
        Release.of(replace(served, databases=(replace(database, revision="x"),)), "tree", IMAGES),
    ]
    assert len({one.id, *(other.id for other in others)}) == 5


def test_the_description_is_plain_data_that_says_the_environment(
    served: spec.Environment,
) -> None:
    data = json.loads(json.dumps(description(served)))
    again = spec.from_data({**data, "slug": "a", "ref": "b", "commit": "c", "stage": "d"})
    assert [service.name for service in again.services] == ["web", "worker"]
    assert again.services[0].build is None
    assert again.databases[0].revision == served.databases[0].revision
