"""Which gates did not pass, by their attested verdicts; the newest of a gate in a stage counts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bough.attestation.verifying import Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import timedelta

    Verdict = Mapping[str, Any]

_PASSED = "PASS"
_AGAIN = "deploy it in that stage again (`bough promote`), so that its gates run again"


def unpassed(
    verdicts: Collection[Verdict],
    gates: Mapping[str, Collection[str]] | None,
    maximum_age: timedelta | None,
    now: datetime,
) -> list[Problem]:
    """What stands against a release. `gates` are those wanted of each stage, None: all that gave a
    verdict."""
    if gates is None:
        wanted = list(dict.fromkeys(_place(each) for each in verdicts))
    else:
        wanted = [(stage, gate) for stage in gates for gate in gates[stage]]
    judged = (_judged(_newest(verdicts, each), each, maximum_age, now) for each in wanted)
    return [problem for problem in judged if problem]


def _place(verdict: Verdict) -> tuple[str, str]:
    return str(verdict.get("stage")), str(verdict.get("gate"))


def _newest(verdicts: Iterable[Verdict], place: tuple[str, str]) -> Verdict | None:
    """Of two at one moment, the one that is no PASS."""
    found = [each for each in verdicts if _place(each) == place]
    return max(found, key=lambda each: (_time(each), each.get("verdict") != _PASSED), default=None)


def _judged(
    verdict: Verdict | None, place: tuple[str, str], maximum_age: timedelta | None, now: datetime
) -> Problem | None:
    what = f"gate {place[1]} in stage {place[0]}"
    if verdict is None:
        return Problem(f"missing: a verdict of {what}", _AGAIN)
    if verdict.get("verdict") != _PASSED:
        return Problem(f"{what} said {verdict.get('verdict')}: {verdict.get('why')}", _AGAIN)
    if maximum_age is not None and now - _time(verdict) > maximum_age:
        return Problem(f"expired: {what} said PASS at {verdict.get('at')}", _AGAIN)
    return None


def _time(verdict: Verdict) -> datetime:
    """When a gate ended; what bears no time is older than everything."""
    try:
        at = datetime.fromisoformat(verdict["at"])
    except (KeyError, TypeError, ValueError):
        return datetime.min.replace(tzinfo=UTC)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
