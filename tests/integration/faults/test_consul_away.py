"""Consul gone, hung or restarted; what the library makes of it alone is in test_settings.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.support.waiting import until

if TYPE_CHECKING:
    from tests.support.faults import Patient


@pytest.mark.parametrize("verbs", [("stop", "start"), ("pause", "unpause"), ("restart",)])
def test_consul_is_away(patient: Patient, verbs: tuple[str, ...]) -> None:
    known = patient.events().count("consul.stale")
    with patient.watched(f"Consul: {', '.join(verbs)}") as watched:
        patient.engine("consul", verbs[0])
        if verbs[0] == "stop":
            until(lambda: patient.events().count("consul.stale") > known, 30, "it is said")
        else:
            until(lambda: watched.load.sent > 500, 30, "users go on")
        for verb in verbs[1:]:
            patient.engine("consul", verb)
        until(lambda: patient.platform.bough("platform", "status").status == 0, 60, "all answer")
        patient.application.bough("config", "set", "mark", "-".join(verbs)).ended()
        until(
            lambda: patient.platform.state(patient.slug)["config"].get("mark") == "-".join(verbs),
            30,
            "a setting arrives",
        )
    watched.say()
    assert watched.load.failed == 0
    assert patient.holds()["services"] == 1
