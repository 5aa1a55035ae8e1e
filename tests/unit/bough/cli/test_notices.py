"""On a platform whose ledger does not answer; the rest is in tests/integration."""

from bough.cli.notices import lines, undelivered
from bough_components.local.home import Home


def test_what_is_not_known_is_said(home: Home) -> None:
    assert undelivered(home) is None
    assert lines(None) == ["which notices wait is not known while the ledger is away"]


def test_nothing_waits() -> None:
    assert lines([]) == []
