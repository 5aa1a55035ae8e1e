"""Which windows can be used."""

from contextlib import suppress
from itertools import islice

import pytest
from hypothesis import given
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
