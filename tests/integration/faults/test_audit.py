"""Vault's audit logs: kept short, and on disks that are really full (64 MiB each; see conftest)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import requests
from tests.support import witness
from tests.support.waiting import until

if TYPE_CHECKING:
    from tests.support.faults import Patient

_LONG = "20M"


def in_vault(patient: Patient, script: str) -> str:
    return witness.docker("exec", patient.platform.container("vault"), "sh", "-c", script)


def fill(patient: Patient, disk: str) -> None:
    in_vault(patient, f"cat /dev/zero >/vault/{disk}/ballast 2>/dev/null || true")


def test_a_long_log_begins_anew(patient: Patient) -> None:
    """Lengthened without taking room."""
    in_vault(
        patient, f"echo old >>/vault/audit/audit.log.1; truncate -s {_LONG} /vault/audit/audit.log"
    )
    until(
        lambda: "audit.log.2" in in_vault(patient, "ls /vault/audit"),
        30,
        "the long one is put away",
    )
    assert in_vault(patient, "tail -n 1 /vault/audit/audit.log.2") == "old"
    witness.vault(patient.platform, "GET", "sys/mounts")
    until(lambda: "sys/mounts" in in_vault(patient, "cat /vault/audit/audit.log"), 10, "goes on")
    assert in_vault(patient, "ls /vault/audit2") == "audit.log"
    in_vault(patient, "rm /vault/audit/audit.log.*")


def test_full_audit_disks(patient: Patient) -> None:
    try:
        with patient.watched("one audit disk full") as one:
            fill(patient, "audit2")
            witness.vault(patient.platform, "GET", "sys/mounts")
            patient.platform.bough("rotate", patient.slug).ended()
        one.say()
        assert one.load.failed == 0
        with patient.watched("both audit disks full") as both:
            fill(patient, "audit")
            with pytest.raises(requests.HTTPError, match="500"):
                witness.vault(patient.platform, "GET", "sys/mounts")
            said = patient.platform.bough("rotate", patient.slug)
            until(lambda: both.load.sent > 100, 30, "users go on")
            in_vault(patient, "rm /vault/audit*/ballast")
            until(lambda: patient.platform.bough("rotate", patient.slug).status == 0, 60, "goes on")
        both.say()
        said.failed_saying("vault could not do it", "audit disks are full")
        assert both.load.failed == 0
    finally:
        in_vault(patient, "rm -f /vault/audit*/ballast")
