"""An instance killed in the middle of a rotation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.waiting import until

if TYPE_CHECKING:
    from tests.support.faults import Patient

_KILL = "import os, signal; os.kill(-1, signal.SIGKILL)"


def test_killed_in_the_middle_of_a_rotation(patient: Patient) -> None:
    """Once while Vault changes its own password, twice when instances are asked to follow.

    What the dead had lent ends with its lease: the end of `lasting` (conftest) looks.
    """
    with patient.watched("SIGKILL in the middle of a rotation, three times") as watched:
        for moment in ("Vault's own password", "asking 2 instances", "asking 2 instances"):
            with patient.platform.started("rotate", patient.slug) as rotation:
                rotation.wait_for(moment)
                kill(patient)
                rotation.finish().ended()
            until(patient.serves, 30, "serves")
    watched.say()
    patient.is_well()


def kill(patient: Patient) -> None:
    """All processes of the instance at once; the one that does it dies as well."""
    try:
        patient.inside(_KILL)
    except AssertionError:
        return
