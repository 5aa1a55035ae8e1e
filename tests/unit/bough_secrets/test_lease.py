from dataclasses import replace

import pytest

from bough_secrets.lease import SKEW, Lease


def test_counts_down_from_when_it_was_received() -> None:
    lease = Lease.granted("id", 3600)
    assert 3600 - SKEW - 1 < lease.remaining() <= 3600 - SKEW
    assert replace(lease, received=lease.received - 3600).remaining() == 0


@pytest.mark.parametrize("_again", range(20))
def test_is_due_at_half_to_two_thirds(_again: int) -> None:
    assert 1799 < Lease.granted("id", 3600).due() <= 2400


def test_a_renewal_keeps_the_age_and_notices_less_than_was_asked() -> None:
    lease = Lease.granted("id", 3600)
    older = replace(lease, born=lease.born - 50_000)
    assert older.renewed(3600).age() >= 50_000
    assert not older.renewed(3600).shortened
    assert older.renewed(1800).shortened


def test_ignores_the_wall_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    lease = Lease.granted("id", 3600)
    monkeypatch.setattr("time.time", lambda: 0.0)
    assert lease.remaining() > 3590
