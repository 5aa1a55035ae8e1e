from dataclasses import replace

import pytest

from bough import registry
from bough.registry import Record
from bough.source import Source
from bough_components.errors import RefusedError
from bough_components.local.home import Home

SOURCE = Source(repository="/r", folder="", ref="feat/a", commit="c1")
SLUG = SOURCE.slug


def claim(home: Home, source: Source = SOURCE, application: str = "notes") -> None:
    registry.claim(home, source.slug, application, source)


def test_a_claim_is_written_down(home: Home) -> None:
    assert registry.find(home, SLUG) is None
    assert registry.every(home) == []
    claim(home)
    expected = Record(
        slug=SLUG, application="notes", ref="feat/a", commit="c1", repository="/r", folder=""
    )
    assert registry.find(home, SLUG) == expected
    assert registry.every(home) == [expected]


def test_a_claim_again_moves_on_and_an_update_has_begun(home: Home) -> None:
    claim(home)
    registry.mark_deployed(home, SLUG, "c1")
    claim(home, replace(SOURCE, commit="c2", repository="/elsewhere"))
    record = registry.find(home, SLUG)
    assert record is not None
    assert (record.commit, record.deployed, record.repository) == ("c2", None, "/elsewhere")


def test_a_claim_of_the_same_commit_is_an_update_too(home: Home) -> None:
    claim(home)
    registry.mark_deployed(home, SLUG, "c1")
    claim(home)
    assert registry.deployed(home, SLUG) is None


@pytest.mark.parametrize(("ref", "application"), [("other", "notes"), ("feat/a", "shop")])
def test_what_belongs_to_somebody_else_is_refused(home: Home, ref: str, application: str) -> None:
    claim(home)
    registry.mark_deployed(home, SLUG, "c1")
    before = registry.find(home, SLUG)
    with pytest.raises(RefusedError) as caught:
        registry.claim(home, SLUG, application, replace(SOURCE, ref=ref))
    assert str(caught.value).startswith(f"the name {SLUG} is taken by branch feat/a of notes. ")
    with pytest.raises(RefusedError) as required:
        registry.require(home, SLUG, application, ref)
    assert str(required.value) == str(caught.value)
    assert before is not None
    assert registry.find(home, SLUG) == before


def test_what_is_free_or_one_s_own_may_be_taken(home: Home) -> None:
    registry.require(home, SLUG, "notes", "feat/a")
    assert registry.every(home) == []
    claim(home)
    registry.mark_deployed(home, SLUG, "c1")
    registry.require(home, SLUG, "notes", "feat/a")
    assert registry.deployed(home, SLUG) == "c1"


def test_what_it_serves(home: Home) -> None:
    registry.mark_deployed(home, SLUG, "c1")
    assert registry.find(home, SLUG) is None
    claim(home)
    assert registry.deployed(home, SLUG) is None
    registry.mark_deployed(home, SLUG, "c1")
    assert registry.deployed(home, SLUG) == "c1"
    registry.mark_deployed(home, SLUG, None)
    assert registry.deployed(home, SLUG) is None


def test_a_released_name_is_free(home: Home) -> None:
    claim(home)
    registry.release(home, SLUG)
    registry.release(home, SLUG)
    assert registry.find(home, SLUG) is None
    claim(home, application="shop")


def test_all_are_in_order(home: Home) -> None:
    for ref in ("b", "c", "a"):
        claim(home, replace(SOURCE, ref=ref))
    assert [record.slug for record in registry.every(home)] == ["a", "b", "c"]
