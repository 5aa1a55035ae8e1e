"""PostgreSQL away for longer than Vault tries to revoke an account: no part of the suite, but of
docs/reliability.md, because it takes ten minutes and more. test_given_up.py has the short of it.

    python -m pytest tests/integration/faults/ten_minutes.py -rP
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import psycopg
import pytest
from tests.support import witness
from tests.support.waiting import until

if TYPE_CHECKING:
    from tests.support.faults import Patient
    from tests.support.platforms import Platform

pytestmark = pytest.mark.timeout(2400, func_only=True)
_EXPIRED = "SELECT rolname FROM pg_roles WHERE rolvaliduntil < now()"


def test_away_for_longer_than_vault_tries(patient: Patient) -> None:
    platform, before = patient.platform, patient.accounts()
    # it would start PostgreSQL again after 20 s, and end what this test wants to see
    platform.bough("keeper", "stop").ended()
    began = time.monotonic()
    with patient.without("postgres"):
        for service in ("web", "worker"):
            revoke = f"sys/leases/revoke-prefix/env/{patient.slug}/need/db/creds/{service}"
            witness.vault(platform, "PUT", revoke, {"sync": False})
        # seldom, because each question is a line in audit logs that are small here
        until(lambda: len(given_up(patient)) >= len(before), 1800, "Vault gave up", poll=10)
        away = time.monotonic() - began
    expired = until(lambda: those(platform, _EXPIRED), 60, "PostgreSQL answers")
    left = patient.accounts() & before
    assert left == before, "nobody has ended them"
    assert left <= expired, "none can log in"
    shown = platform.json("show", patient.slug)["given_up"]
    assert sorted(shown) == sorted(given_up(patient))
    platform.bough("keeper", "start").ended()
    started = time.monotonic()
    until(lambda: not patient.accounts() & before, 180, "the keeper has ended them")
    ended = time.monotonic() - started
    print(f"measured: given up after {away:.0f} s; ended {ended:.0f} s after the keeper's start")
    until(lambda: not given_up(patient), 120, "Vault has none left", poll=10)
    patient.is_well(180)


def those(platform: Platform, statement: str) -> set[str]:
    """Names that PostgreSQL lists; none while it does not answer."""
    try:
        return {name for (name,) in witness.query(platform, statement)}
    except psycopg.OperationalError:
        return set()


def given_up(patient: Patient) -> list[str]:
    """Leases of the environment that Vault calls irrevocable, by its own words."""
    answer = witness.vault(patient.platform, "GET", "sys/leases?type=irrevocable")
    prefix = f"env/{patient.slug}/"
    return [each["lease_id"] for each in answer["data"]["leases"] if prefix in each["lease_id"]]
