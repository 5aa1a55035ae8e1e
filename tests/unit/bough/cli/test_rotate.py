"""`bough rotate`, with a rotation that only says what it was asked for."""

from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bough import registry, rotating
from bough.cli.rotate import rotate
from bough_components.errors import BoughError
from bough_components.local import gossip
from bough_components.local.home import Home


@pytest.fixture
def rotated(home: Home, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was rotated; of three environments one is ill, and one was never deployed."""
    monkeypatch.setenv("BOUGH_HOME", str(home.root))
    for slug in ("a", "ill", "new", "z"):
        registry.claim_stage(home, slug, "notes", slug, f"stage:{slug}")
        if slug != "new":
            registry.mark_deployed(home, slug, "c" * 40)
    done: list[str] = []

    def one(_home: Home, slug: str, _report: Any) -> SimpleNamespace:
        if slug == "ill":
            raise BoughError("its database is away", "start it")
        done.append(slug)
        return SimpleNamespace(environment=slug)

    monkeypatch.setattr(rotating, "rotate", one)
    monkeypatch.setattr(gossip, "rotate", lambda _home: done.append("gossip"))
    return done


def run(*words: str) -> Result:
    return CliRunner().invoke(rotate, words)


def test_what_ails_one_does_not_keep_the_rest(rotated: list[str]) -> None:
    result = run()
    assert rotated == ["a", "z", "gossip"]
    assert isinstance(result.exception, BoughError)
    assert str(result.exception).startswith("ill could not be rotated, the rest was.")
    assert "its database is away. start it." in result.stderr


def test_one_that_was_never_deployed_has_nothing_to_rotate(home: Home, rotated: list[str]) -> None:
    registry.mark_deployed(home, "ill", None)
    assert run().exit_code == 0
    assert rotated == ["a", "z", "gossip"]
