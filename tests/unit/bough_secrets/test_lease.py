from dataclasses import replace

import pytest

from bough_secrets.clock import now
from bough_secrets.lease import SKEW, Lease


def test_counts_down_from_when_it_was_received() -> None:
    lease = Lease.granted("id", 3600, asked=now())
    assert 3600 - SKEW - 1 < lease.remaining() <= 3600 - SKEW
    assert replace(lease, received=lease.received - 3600).remaining() == 0


@pytest.mark.parametrize("_again", range(20))
def test_is_due_at_half_to_two_thirds(_again: int) -> None:
    assert 1799 < Lease.granted("id", 3600, asked=now()).due() <= 2400


def test_a_renewal_keeps_the_age_and_notices_less_than_was_asked() -> None:
    lease = Lease.granted("id", 3600, asked=now())
    older = replace(lease, born=lease.born - 50_000)
    assert older.renewed(3600, asked=now()).age() >= 50_000
    assert not older.renewed(3600, asked=now()).shortened
    assert older.renewed(1800, asked=now()).shortened


def test_ignores_the_wall_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    lease = Lease.granted("id", 3600, asked=now())
    monkeypatch.setattr("time.time", lambda: 0.0)
    assert lease.remaining() > 3590


def test_an_answer_that_was_long_on_its_way_is_good_for_less() -> None:
    lease = Lease.granted("id", 3600, asked=now() - 100)
    assert lease.remaining() <= 3500 - SKEW
    assert lease.renewed(3600, asked=now() - 50).remaining() <= 3550 - SKEW


def test_a_lease_that_is_known_to_end_sooner() -> None:
    lease = Lease.granted("id", 3600, asked=now() - 100)
    assert 100 < lease.ending(120).remaining() <= 120
    assert lease.ending(0).remaining() == 0
    assert lease.ending(10_000).remaining() == pytest.approx(lease.remaining(), abs=1)
