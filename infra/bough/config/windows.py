"""Windows: the times at which a stage takes releases, as RFC 5545 (iCalendar) writes them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Self, cast
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, Field, model_validator

from bough.config.fields import Duration, Model, Should, wrong, wrong_at
from bough.config.problems import suggestion

if TYPE_CHECKING:
    from dateutil.rrule import rrule as Recurrence

_TIME = re.compile("([01][0-9]|2[0-3]):[0-5][0-9]")
_DAY_AND_TIME = re.compile(f"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}T{_TIME.pattern}")
_MONDAY = "2024-01-01"
"""What a window that only says its time is counted from."""
_FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_SAYS_THE_DAY = ("BYDAY", "BYMONTHDAY", "BYYEARDAY")
_CYCLE = timedelta(days=28 * 365 + 7)
"""28 years, none of which is like 2100: they have every kind of year that there is (which weekday
it begins with; whether it, the one before and the one after are leap years)."""
_LAST = range(9944, 9972)
"""The last years, 28 too, after each of which as many fit in before Python's calendar ends."""
_MANY = re.compile("([6-9]|[1-9][0-9])[A-Z]")
_RULE = "should be a rule of RFC 5545 such as FREQ=WEEKLY;BYDAY=MO,TU"


def _start(value: str) -> str:
    if not _TIME.fullmatch(value):
        if not _DAY_AND_TIME.fullmatch(value):
            raise ValueError
        datetime.fromisoformat(value)
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        near = suggestion(value, sorted(available_timezones()))
        wrong(f"should be a time zone such as Europe/Berlin or UTC{near if '?' in near else ''}")
    return value


def _parts(value: str) -> dict[str, str]:
    """``{"FREQ": "WEEKLY", "BYDAY": "MO,TU"}``"""
    if not re.fullmatch(r"[A-Z]+=[A-Z0-9,+-]+(;[A-Z]+=[A-Z0-9,+-]+)*", value):
        wrong(_RULE)
    pairs = [part.split("=") for part in value.split(";")]
    parts = dict(pairs)
    if len(parts) < len(pairs):
        wrong(f"{_RULE}, with each part once")
    return parts


def _rule(value: str) -> str:
    parts = _parts(value)
    if parts.get("FREQ") not in _FREQUENCIES:
        wrong(f"should have a FREQ of {', '.join(_FREQUENCIES)}")
    # dateutil's own, and like no other it has no cycle
    if "BYEASTER" in parts:
        wrong(_RULE)
    # dateutil would fail in the middle of a year
    by_month = parts["FREQ"] == "MONTHLY" or "BYMONTH" in parts
    if by_month and _MANY.search(parts.get("BYDAY", "")):
        wrong("should count at most five of a weekday in a month")
    # with another INTERVAL dateutil would look for the next one forever
    for part in ("INTERVAL", "COUNT"):
        if not re.fullmatch("[1-9][0-9]{0,3}", parts.get(part, "1")):
            wrong(f"should have {part} from 1 to 9999")
    return value


TimeZone = Annotated[
    str,
    Field(pattern="^(UTC|[A-Za-z]+(/[A-Za-z0-9_+-]+)+)$", max_length=64),
    Should("a time zone such as Europe/Berlin or UTC"),
    AfterValidator(_zone),
]


class Window(Model):
    """A time that comes again."""

    start: Annotated[
        str,
        AfterValidator(_start),
        Should("a time such as 08:00, or with the first day: 2026-11-23T08:00"),
    ]
    """Local time at which it opens; with a day, that one is the first (DTSTART)."""

    rrule: Annotated[str, AfterValidator(_rule)]
    """Which days, as a recurrence rule (RRULE) of RFC 5545."""

    duration: Duration
    """How long it stays open. Hours are exact; a day may have 23 or 25 when clocks change."""

    timezone: TimeZone
    """Whose local time."""

    @model_validator(mode="after")
    def _comes(self) -> Self:
        parts = _parts(self.rrule)
        if _TIME.fullmatch(self.start):
            _says_its_days(parts)
        try:
            rule = self.recurrence()
            late = _late(self._begin())
            # dateutil would look for a 30th of February until the year 9999: there it begins
            comes = any(True for _ in rule.replace(dtstart=late, until=late + _CYCLE, count=None))
            first = next(iter(rule), None) if comes else None
        except (ValueError, IndexError, OverflowError) as error:
            wrong_at("rrule", f"{_RULE} ({error})")
        if first is None:
            wrong_at("rrule", "comes never, or not within 28 years; check its days")
        return self

    def recurrence(self) -> Recurrence:
        """When it opens, in its own zone."""
        from dateutil.rrule import rrulestr

        # one RRULE and nothing else: never dateutil's set of rules
        return cast("Recurrence", rrulestr(self.rrule, dtstart=self._begin()))

    def _begin(self) -> datetime:
        start = f"{_MONDAY}T{self.start}" if _TIME.fullmatch(self.start) else self.start
        return datetime.fromisoformat(start).replace(tzinfo=ZoneInfo(self.timezone))


def _late(begin: datetime) -> datetime:
    """As late as can be, the same day of a year as far from a leap year, on the same weekday."""
    years = _LAST[begin.year % 4 :: 4]
    days = (begin.replace(year=year) for year in years)
    return next(day for day in days if day.weekday() == begin.weekday())


def _says_its_days(parts: Mapping[str, str]) -> None:
    """A window that has no first day must leave nothing to be counted from there."""
    if parts["FREQ"] != "DAILY" and not any(part in parts for part in _SAYS_THE_DAY):
        wrong_at("rrule", f"should say which days; add {', '.join(_SAYS_THE_DAY)}")
    for part in ("INTERVAL", "COUNT"):
        if part in parts:
            wrong_at("start", f"should have the first day too, because rrule has {part}")
