import pytest

from bough import registry
from bough.environments import find, slug_of
from bough.source import Source
from bough_components.errors import NotFoundError, UsageError
from bough_components.local.home import Home


def claim(home: Home, ref: str) -> str:
    source = Source(repository="/r", folder="", ref=ref, commit="c")
    registry.claim(home, source.slug, "notes", source)
    return source.slug


def test_a_branch_or_a_slug_in_use(home: Home) -> None:
    slug = claim(home, "feat/a")
    for name in ("feat/a", "refs/heads/feat/a", slug):
        assert slug_of(home, name) == slug
        assert find(home, name).ref == "feat/a"


def test_a_slug_that_nobody_uses_is_a_branch_s_name(home: Home) -> None:
    slug = claim(home, "feat/a")
    registry.release(home, slug)
    assert slug_of(home, slug) != slug


def test_what_there_is_not(home: Home) -> None:
    for known in ("none", "main"):
        with pytest.raises(NotFoundError) as caught:
            find(home, "feat/b")
        assert str(caught.value) == (
            f"there is no environment of 'feat/b'; there are: {known}. "
            "make one with `bough up feat/b`."
        )
        claim(home, "main")


def test_what_git_would_refuse(home: Home) -> None:
    with pytest.raises(UsageError):
        find(home, "a..b")
