"""Credentials that somebody took away, or took first."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from tests.support import witness
from tests.support.waiting import until

if TYPE_CHECKING:
    from tests.support.faults import Patient
    from tests.support.platforms import Platform

# from inside, because the token is bound to the environment's network
_REVOKE = """
from pathlib import Path
from urllib.request import Request, urlopen
token = Path("/run/bough/token").read_text()
url = "http://vault.bough:8200/v1/auth/token/revoke-self"
urlopen(Request(url, method="POST", headers={"X-Vault-Token": token}))
"""


def test_a_revoked_token(patient: Patient) -> None:
    with patient.watched("the instance's token revoked") as watched:
        known = patient.events().count("identity.regained")
        patient.inside(_REVOKE)
        until(lambda: patient.events().count("identity.regained") > known, 30, "logged in anew")
        until(patient.serves, 30, "serves")
    watched.say()
    assert watched.events["identity.lost"]
    assert watched.events["account.rotated"]
    assert watched.load.gap < 10


def test_a_revoked_database_lease(patient: Patient) -> None:
    before = patient.accounts("web")
    with patient.watched("the instance's database lease revoked") as watched:
        path = f"sys/leases/revoke-prefix/env/{patient.slug}/need/db/creds/web"
        witness.vault(patient.platform, "PUT", path)
        until(lambda: patient.accounts("web") - before, 20, "another account")
        until(patient.serves, 20, "serves")
    watched.say()
    assert watched.events["account.rotated"]
    assert not watched.events["identity.lost"]
    assert watched.load.gap < 5
    assert not patient.accounts("web") & before


def stolen(patient: Patient) -> str:
    """Somebody was quicker."""
    wrapped = witness.minted(patient.platform, f"auth/env/{patient.slug}/role/web/secret-id", "60s")
    witness.asked(patient.platform, wrapped, "POST", "sys/wrapping/unwrap").raise_for_status()
    return wrapped


def made_elsewhere(patient: Patient) -> str:
    """Valid, and of another making: whoever swapped it has the real one."""
    return witness.minted(patient.platform, "sys/mounts", "60s", method="GET")


def expired(patient: Patient) -> str:
    wrapped = witness.minted(patient.platform, f"auth/env/{patient.slug}/role/web/secret-id", "1s")
    body = {"token": wrapped}
    until(
        lambda: (
            not witness.asked(patient.platform, "", "POST", "sys/wrapping/lookup", json=body).ok
        ),
        10,
        "the wrapping token has ended",
    )
    return wrapped


@pytest.mark.parametrize("credential", [stolen, made_elsewhere, expired])
def test_a_credential_that_somebody_may_have_taken(
    patient: Patient, credential: Callable[[Patient], str]
) -> None:
    platform, container, instance = patient.platform, patient.container(), patient.memory().name
    witness.docker("stop", container)
    (patient.memory() / "wrapped-token").write_text(credential(patient))
    (patient.memory() / "wrapped-token").chmod(0o644)
    known, beats = len(witness.logs(container)), patient.beats()
    witness.docker("start", container)
    said = until(lambda: refused(container, known), 30, "it refuses")
    assert "possible interception" in said
    until(lambda: status(container) == 78, 20, "it ends with 78")
    until(lambda: suspected(platform, patient.slug) == instance, 10, "the ledger has it")
    until(lambda: patient.beats() > beats, 20, "the neighbour goes on")
    assert not patient.serves()
    patient.application.up()
    patient.is_well()


def status(container: str) -> int:
    return int(witness.docker("inspect", "-f", "{{.State.ExitCode}}", container))


def refused(container: str, known: int) -> str:
    """What it said since then, once it has ended; it is started again and again."""
    said = witness.logs(container)[known:]
    return said if "possible interception" in said else ""


def suspected(platform: Platform, slug: str) -> str:
    """The instance that the last entry about a suspicion names."""
    rows = platform.json("log", slug, "--event", "possible interception")
    return str(rows[-1]["instance"]) if rows else ""
