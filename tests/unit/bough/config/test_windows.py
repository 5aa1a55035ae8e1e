"""Which windows can be used."""

import calendar
from contextlib import nullcontext, suppress
from datetime import date, datetime, time
from itertools import islice

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bough.config.windows import Window


def window(start: str, rrule: str, timezone: str = "Europe/Berlin") -> Window:
    told = {"start": start, "rrule": rrule, "duration": "1h", "timezone": timezone}
    return Window.model_validate(told)


@pytest.mark.parametrize(
    ("start", "rrule", "first"),
    [
        ("08:00", "FREQ=DAILY", "2024-01-01T08:00:00+01:00"),
        ("08:00", "FREQ=WEEKLY;BYDAY=TU,WE", "2024-01-02T08:00:00+01:00"),
        ("23:59", "FREQ=MONTHLY;BYDAY=-1FR", "2024-01-26T23:59:00+01:00"),
        ("2026-07-01T08:00", "FREQ=WEEKLY;INTERVAL=2", "2026-07-01T08:00:00+02:00"),
        ("2026-07-01T08:00", "FREQ=DAILY;COUNT=1", "2026-07-01T08:00:00+02:00"),
        ("08:00", "FREQ=DAILY;UNTIL=20240103T000000Z", "2024-01-01T08:00:00+01:00"),
        ("08:00", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "2024-02-29T08:00:00+01:00"),
    ],
)
def test_the_first_time(start: str, rrule: str, first: str) -> None:
    assert next(iter(window(start, rrule).recurrence())).isoformat() == first


# fmt: off
PARTS = st.sampled_from([
    "FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO",
    "BYSETPOS", "BYHOUR", "BYMINUTE", "BYSECOND", "BYEASTER", "WKST", "X",
])
# fmt: on
VALUES = st.one_of(
    st.sampled_from(["DAILY", "WEEKLY", "YEARLY", "MO", "-1FR", "1,2", "20250101T000000Z", ""]),
    st.integers(-400, 400).map(str),
)


@given(
    st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY", "HOURLY"]),
    st.dictionaries(PARTS, VALUES, max_size=3),
    st.sampled_from(["08:00", "2026-11-23T08:00"]),
)
def test_any_rule_is_refused_or_comes(freq: str, parts: dict[str, str], start: str) -> None:
    rule = ";".join(f"{name}={value}" for name, value in ({"FREQ": freq} | parts).items())
    with suppress(ValidationError):
        assert list(islice(window(start, rule).recurrence(), 1))


LEAP_DAY = "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY="


@pytest.mark.parametrize("start", ["2026-11-23T08:00", "2072-03-01T08:00", "2100-06-01T08:00"])
@pytest.mark.parametrize("day", ["MO", "TU", "WE", "TH", "FR", "SA", "SU"])
def test_a_leap_day_of_each_weekday_comes(start: str, day: str) -> None:
    first = next(iter(window(start, LEAP_DAY + day).recurrence()))
    assert f"{first:%m-%d} {first:%a}".upper().startswith(f"02-29 {day}")


NEVER = [
    ("08:00", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"),
    ("08:00", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;UNTIL=20300101T000000Z"),
    ("08:00", "FREQ=DAILY;UNTIL=20200101T000000Z"),
    ("08:00", "FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6;BYDAY=MO"),
    ("2024-01-02T08:00", "FREQ=DAILY;INTERVAL=7;BYDAY=MO"),
    ("2026-01-30T08:00", "FREQ=MONTHLY;BYMONTH=2"),
    ("2026-01-30T08:00", "FREQ=YEARLY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=29"),
    ("2026-01-30T08:00", "FREQ=YEARLY;INTERVAL=98;BYMONTH=2;BYMONTHDAY=29"),
    ("9999-12-31T08:00", "FREQ=MONTHLY;BYMONTHDAY=30"),
]


@pytest.mark.parametrize(("start", "rrule"), NEVER)
def test_few_years_are_looked_at_for_one_that_never_comes(
    start: str, rrule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    years = set()

    def is_leap(year: int) -> bool:
        years.add(year)
        return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)

    # dateutil asks it of each year that it comes to
    monkeypatch.setattr(calendar, "isleap", is_leap)
    with pytest.raises(ValidationError, match="comes never, or not within 28 years"):
        window(start, rrule)
    assert 0 < len(years) < 64


def test_what_only_dateutil_knows_is_refused() -> None:
    with pytest.raises(ValidationError, match="should be a rule of RFC 5545"):
        window("08:00", "FREQ=YEARLY;BYEASTER=0")


@pytest.mark.parametrize("rule", ["FREQ=MONTHLY", "FREQ=YEARLY;BYMONTH=1,2"])
def test_no_month_has_53_saturdays(rule: str) -> None:
    with pytest.raises(ValidationError, match="at most five of a weekday in a month"):
        window("08:00", f"{rule};BYDAY=1MO,53SA")
    assert window("08:00", f"{rule};BYDAY=1MO,-5SA")
    assert window("08:00", "FREQ=YEARLY;BYDAY=53MO")


RARE = st.fixed_dictionaries(
    {"FREQ": st.sampled_from(["YEARLY", "MONTHLY"])},
    optional={
        "BYMONTH": st.sampled_from(["1", "2", "12"]),
        "BYMONTHDAY": st.sampled_from(["1", "5", "29", "30", "31", "-29", "-31"]),
        "BYYEARDAY": st.sampled_from(["1", "60", "366", "-366"]),
        "BYWEEKNO": st.sampled_from(["1", "52", "53", "-1", "-53"]),
        "BYDAY": st.sampled_from(["MO", "SU", "5TH", "-5FR"]),
        "BYSETPOS": st.sampled_from(["1", "5", "-53"]),
        "WKST": st.sampled_from(["SU", "WE"]),
    },
)


@settings(max_examples=80)
@given(RARE, st.dates(date(1980, 1, 1), date(2120, 1, 1)))
def test_refused_is_what_comes_in_none_of_the_400_years_of_a_cycle(
    parts: dict[str, str], day: date
) -> None:
    rule = ";".join(f"{name}={value}" for name, value in parts.items())
    last = datetime.combine(day.replace(year=day.year + 7200), time(8))
    comes = next(iter(rrulestr(rule, dtstart=last)), None)
    with nullcontext() if comes else pytest.raises(ValidationError, match="comes never"):
        window(f"{day}T08:00", rule)
