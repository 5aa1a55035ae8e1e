"""Releases are written down once, and found again."""

from dataclasses import replace

import pytest
from tests.support.memory_ledger import MemoryLedger
from tests.unit.bough.repositories import Repository

from bough import ledger, registry
from bough.describe import describe
from bough.release import noting, releases
from bough.source import Source
from bough_components.errors import NotFoundError, UsageError
from bough_components.local.home import Home

IMAGES = dict.fromkeys(("web", "worker"), f"127.0.0.1:1/notes@sha256:{'a' * 64}")


@pytest.fixture(autouse=True)
def _ledger(monkeypatch: pytest.MonkeyPatch) -> None:
    MemoryLedger().stand_in(monkeypatch)


def note(home: Home, source: Source, images: dict[str, str] = IMAGES) -> str:
    registry.claim(home, source.slug, "notes", source)
    found = noting.look_up(home, source, describe(source), images)
    noting.write_down(home, source, found, lambda _: None)
    record = registry.find(home, source.slug)
    assert record is not None
    assert record.release is not None
    return record.release


def recorded(home: Home) -> list[str]:
    return [event["event"] for event in ledger.events(home)]


def test_it_is_written_down_once(home: Home, repository: Repository) -> None:
    first = note(home, repository.source())
    assert note(home, repository.source()) == first
    assert recorded(home) == ["released"]
    (known,) = releases.every(home)
    assert known.release.id == first
    (event,) = ledger.events(home, "released")
    assert event["branch"] == "main"
    assert event["authors"] == ["ada@example.org"]


def test_the_same_tree_of_another_branch_takes_it_over(home: Home, repository: Repository) -> None:
    first = note(home, repository.source())
    repository.git("checkout", "-qb", "other")
    repository.git("commit", "-q", "--allow-empty", "-m", "merged")
    source = repository.source("other")
    assert source.commit != next(iter(releases.every(home))).release.commit
    assert note(home, source) == first
    assert note(home, source) == first
    assert recorded(home) == ["released", "taken over"]
    (event,) = ledger.events(home, "taken over")
    assert (event["release"], event["commit"], event["branch"]) == (first, source.commit, "other")


def test_other_images_of_the_same_commit_are_another_release(
    home: Home, repository: Repository
) -> None:
    first = note(home, repository.source())
    images = IMAGES | {"web": f"127.0.0.1:1/notes@sha256:{'b' * 64}"}
    assert note(home, repository.source(), images) != first
    assert recorded(home) == ["released", "released"]


def test_it_is_found_by_its_first_digits(home: Home, repository: Repository) -> None:
    name = note(home, repository.source())
    assert releases.find(home, name[:4]).release.id == name
    assert releases.find(home, name, "notes").release.id == name
    with pytest.raises(NotFoundError, match="no release"):
        releases.find(home, name, "other")
    with pytest.raises(NotFoundError, match="bough release list"):
        releases.find(home, "f" * 64)
    with pytest.raises(UsageError, match="too short"):
        releases.find(home, name[:3])


def test_digits_that_mean_several_are_refused(
    home: Home, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = note(home, repository.source())
    known = releases.find(home, name)
    alike = replace(known, release=known.release)
    monkeypatch.setattr(releases, "every", lambda *_: [known, alike])
    with pytest.raises(UsageError, match="more digits"):
        releases.find(home, name[:8])
