"""PostgreSQL gone: while requests come, while accounts are replaced, and while they are revoked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support import witness
from tests.support.waiting import until

if TYPE_CHECKING:
    from tests.support.faults import Patient


def test_a_restart(patient: Patient) -> None:
    with patient.watched("PostgreSQL restarted") as watched:
        patient.engine("postgres", "restart")
        until(patient.serves, 30, "serves")
    watched.say()
    patient.is_well()
    assert watched.load.gap < 15


def test_gone_when_an_account_is_to_be_replaced(patient: Patient) -> None:
    before = patient.accounts("web")
    with patient.watched("PostgreSQL stopped when accounts are replaced") as watched:
        with patient.without("postgres"):
            failed = patient.platform.bough("rotate", patient.slug)
            until(lambda: watched.load.failed, 20, "users notice")
        until(patient.serves, 30, "serves")
    watched.say()
    failed.failed_saying("vault could not do it", "postgres")
    patient.platform.bough("rotate", patient.slug).ended()
    assert patient.accounts("web") - before


def test_gone_when_an_account_is_revoked(patient: Patient) -> None:
    before = patient.accounts("web")
    revoke = f"sys/leases/revoke-prefix/env/{patient.slug}/need/db/creds/web"
    with patient.watched("PostgreSQL stopped when accounts are revoked") as watched:
        with patient.without("postgres"):
            witness.vault(patient.platform, "PUT", revoke, {"sync": False})
            until(lambda: watched.load.failed, 20, "users notice")
        until(patient.serves, 60, "serves")
        until(lambda: not patient.accounts("web") & before, 90, "what was revoked is gone")
        until(patient.serves, 60, "serves")
    watched.say()
    assert watched.events["account.rotated"]
    assert patient.accounts("web")
