"""Windows, also on the days when clocks change."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bough.config import Window
from bough.pipeline.windows import is_open, opens


def window(start: str, rrule: str, duration: str, timezone: str = "Europe/Berlin") -> Window:
    told = {"start": start, "rrule": rrule, "duration": duration, "timezone": timezone}
    return Window.model_validate(told)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


OFFICE = window("08:00", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH", "8h")


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-23T07:59:59+01:00", False),
        ("2026-11-23T08:00:00+01:00", True),
        ("2026-11-23T15:59:59+01:00", True),
        ("2026-11-23T16:00:00+01:00", False),
        ("2026-11-23T07:00:00+00:00", True),
        ("2026-11-27T09:00:00+01:00", False),
        # two hours before Greenwich in summer, one in winter
        ("2026-07-20T06:00:00+00:00", True),
        ("2026-11-23T06:30:00+00:00", False),
    ],
)
def test_office_hours(now: str, expected: bool) -> None:
    assert is_open([OFFICE], at(now)) is expected


def test_any_of_several_will_do() -> None:
    saturday = window("10:00", "FREQ=WEEKLY;BYDAY=SA", "1h")
    assert is_open([OFFICE, saturday], at("2026-11-28T10:30:00+01:00"))
    assert opens([OFFICE, saturday], at("2026-11-27T12:00:00+01:00")) == at(
        "2026-11-28T10:00:00+01:00"
    )


@pytest.mark.parametrize(
    ("start", "duration", "opened", "closed"),
    [
        # 2026-03-29, clocks go from 02:00 to 03:00: hours are exact, a day is as long as it is
        ("2026-03-29T00:00", "8h", "2026-03-29T00:00:00+01:00", "2026-03-29T09:00:00+02:00"),
        ("2026-03-29T00:00", "1d", "2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00"),
        # a time that is skipped is read with the offset before
        ("2026-03-29T02:30", "1h", "2026-03-29T03:30:00+02:00", "2026-03-29T04:30:00+02:00"),
        # 2026-10-25, clocks go from 03:00 back to 02:00: the first of two
        ("2026-10-25T02:30", "1h", "2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"),
        ("2026-10-25T00:00", "8h", "2026-10-25T00:00:00+02:00", "2026-10-25T07:00:00+01:00"),
        ("2026-10-25T00:00", "1d", "2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00"),
    ],
)
def test_when_clocks_change(start: str, duration: str, opened: str, closed: str) -> None:
    once = window(start, "FREQ=DAILY;COUNT=1", duration)
    tick = timedelta(seconds=1)
    assert not is_open([once], at(opened) - tick)
    assert is_open([once], at(opened))
    assert is_open([once], at(closed) - tick)
    assert not is_open([once], at(closed))
    coming = opens([once], at(opened) - tick)
    assert coming is not None
    assert coming.isoformat() == opened


def test_one_that_never_opens_again() -> None:
    assert (
        opens([window("2026-01-01T08:00", "FREQ=DAILY;COUNT=2", "1h")], at("2026-11-23T00:00Z"))
        is None
    )


def test_windows_that_overlap() -> None:
    always = window("00:00", "FREQ=DAILY", "3d")
    assert is_open([always], at("2026-03-29T02:30:00+02:00"))


ZONES = st.sampled_from(
    ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "UTC"]
)
INSTANTS = st.datetimes(datetime(2024, 6, 1), datetime(2027, 1, 1)).map(
    lambda each: each.replace(tzinfo=UTC)
)


@given(ZONES, st.integers(0, 23), st.integers(1, 23), INSTANTS)
def test_it_is_open_for_its_duration_and_then_closed(
    zone: str, hour: int, hours: int, now: datetime
) -> None:
    found = window(f"{hour:02}:00", "FREQ=DAILY", f"{hours}h", zone)
    begin = opens([found], now)
    assert begin is not None
    begin = begin.astimezone(UTC)
    assert now < begin <= now + timedelta(hours=26)
    assert is_open([found], begin)
    assert is_open([found], begin + timedelta(hours=hours) - timedelta(seconds=1))
    following = opens([found], begin)
    assert following is not None
    if begin + timedelta(hours=hours) < following.astimezone(UTC):
        assert not is_open([found], begin + timedelta(hours=hours))


@given(ZONES, INSTANTS)
def test_a_whole_day_every_day_is_always(zone: str, now: datetime) -> None:
    assert is_open([window("00:00", "FREQ=DAILY", "1d", zone)], now)
