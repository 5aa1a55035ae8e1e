from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bough.notices.patience import LONGEST, OLDEST, TRIES, pause


def test_pauses_grow_and_span_days() -> None:
    found = [pause(tries, 0.5) for tries in range(1, TRIES)]
    assert found[:5] == [5.0, 20.0, 80.0, 320.0, 1280.0]
    assert found[-1] == LONGEST
    *_, whole = accumulate(found)
    assert 2 * 86_400 < whole < OLDEST.total_seconds()


@given(st.integers(0, 10_000), st.floats(0, 1), st.none() | st.floats(0, float("inf")))
def test_every_pause_is_within_its_bounds(tries: int, chance: float, after: float | None) -> None:
    found = pause(tries, chance, after)
    assert min(after or 0, LONGEST) <= found <= 1.21 * LONGEST
    assert found >= 1


def test_chance_spreads_them() -> None:
    assert (pause(1, 0.0), pause(1, 1.0)) == pytest.approx((4.0, 6.0))


def test_what_the_receiver_asks_for_counts() -> None:
    assert pause(1, 0.5, 60) == 60
    assert pause(3, 0.5, 1) == 80
    assert pause(1, 0.5, 1e12) == LONGEST
