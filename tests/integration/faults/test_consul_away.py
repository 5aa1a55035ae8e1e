"""Consul gone, hung or restarted; what the library makes of it alone is in test_settings.py."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.support.waiting import until

if TYPE_CHECKING:
    from tests.support.commands import Result
    from tests.support.faults import Patient


@pytest.mark.parametrize("away", [("stop", "start"), ("pause", "unpause"), ("restart",)])
def test_consul_is_away(patient: Patient, away: tuple[str, ...]) -> None:
    """Users notice nothing, and a setting that is made afterwards arrives."""
    stale, mark = patient.events().count("consul.stale"), "-".join(away)
    with patient.watched(f"Consul: {mark}") as watched:
        if len(away) == 1:
            patient.engine("consul", *away)
        else:
            with patient.without("consul", *away):
                sent = watched.load.sent
                until(lambda: watched.load.sent > sent + 200, 30, "users go on")
                if away[0] == "stop":  # one that hangs is asked for a minute
                    until(lambda: patient.events().count("consul.stale") > stale, 30, "it is said")
        until(lambda: patient.platform.bough("platform", "status").status == 0, 60, "all answer")
        until(lambda: setting(patient, mark).status == 0, 30, "Consul takes a setting")
        until(lambda: marked(patient) == mark, 30, "the setting arrives")
    watched.say()
    assert watched.load.failed == 0
    assert patient.holds()["services"] == 1


def setting(patient: Patient, mark: str) -> Result:
    return patient.application.bough("config", "set", "mark", mark)


def marked(patient: Patient) -> Any:
    return patient.platform.state(patient.slug)["config"].get("mark")
