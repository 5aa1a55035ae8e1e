"""Vault away: for as long as bough says that it may be, and for longer."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
import requests
from tests.support import witness
from tests.support.waiting import until

if TYPE_CHECKING:
    from tests.support.faults import Patient

LEASE = 20
_CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename"
SLACK = 3.0
"""Seconds in which instances ask again once Vault answers."""
ATTEMPTS = 4


@pytest.mark.parametrize(("away", "back"), [("stop", "start"), ("pause", "unpause")])
def test_vault_may_be_away_for_as_long_as_bough_show_says(
    patient: Patient, away: str, back: str
) -> None:
    """A start takes a while of its own, longer on a busy machine: only an attempt in which Vault
    answered before the promised end says anything; the next one begins that much earlier."""
    early = SLACK + 2
    for _ in range(ATTEMPTS):
        late = gone(patient, away, back, early)
        if late <= 0:
            return
        early += late + 0.5
    pytest.fail(f"Vault never answered in time, though told to {early:.1f} s before")


def gone(patient: Patient, away: str, back: str, early: float) -> float:
    """Have Vault away until `early` seconds before the promised end; how much too late it answered,
    in seconds, or what the instances made of it when it did in time."""
    promised = until(lambda: at_least(patient, early + 5), 60, "both renewed not long ago")
    end = time.monotonic() + promised
    with patient.watched(f"Vault gone ({away}) for as long as it may be") as watched:
        with patient.without("vault", away, back):
            time.sleep(end - early - time.monotonic())
        until(lambda: answers(patient), 30, "Vault answers")
        late = time.monotonic() - (end - SLACK)
        until(lambda: at_least(patient, SLACK + 1), 30, "renewed")
    watched.say(promised=round(promised, 1), late=round(late, 1))
    if late <= 0:
        assert watched.load.failed == 0
        assert not watched.events["identity.lost"]
        if away == "stop":  # one that hangs may answer late instead
            assert watched.events["token.not-renewed"] or watched.events["account.postponed"]
    return late


def answers(patient: Patient) -> bool:
    port = patient.platform.settings["ports"]["vault"]
    try:
        return requests.get(f"http://127.0.0.1:{port}/v1/sys/health", timeout=2).ok
    except requests.RequestException:
        return False


def test_what_ended_while_vault_was_away_is_replaced_when_it_is_back(patient: Patient) -> None:
    """Open connections outlive their lease; new ones cannot be opened until Vault is back."""
    patient.platform.bough("keeper", "stop").ended()
    with patient.watched("Vault gone until all leases had ended, then every connection") as watched:
        with patient.without("vault"):
            time.sleep(1.2 * LEASE)
            assert watched.load.failed == 0
            witness.execute(patient.platform, f"{_CUT} LIKE 'env-{patient.slug}.w%'")
            until(lambda: watched.load.failed, 20, "users notice")
        began = time.monotonic()
        patient.platform.bough("keeper", "start").ended()
        until(patient.serves, 60, "serves again without a person")
        recovered = time.monotonic() - began
        until(lambda: at_least(patient, 1), 60, "both are well")
    watched.say(recovered=round(recovered, 1))
    assert watched.events["identity.wanted"]
    assert watched.events["identity.regained"]
    assert watched.events["account.postponed"]
    assert watched.events["account.rotated"]
    assert recovered < LEASE


def at_least(patient: Patient, seconds: float) -> float:
    """For how many seconds Vault may be away now; 0 when it is less than that."""
    left = patient.survivable()
    return left if left >= seconds else 0.0
