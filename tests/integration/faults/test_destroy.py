"""Destroying what is broken; with Vault or Consul away it is in test_recovery.py."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.support import witness
from tests.support.faults import Patient
from tests.support.waiting import until

if TYPE_CHECKING:
    from tests.support.applications import Application
    from tests.support.platforms import Platform


def test_an_instance_in_a_crash_loop_and_postgres_away(
    platform: Platform, application: Application
) -> None:
    slug = application.branch("feature/2-looping")
    application.up()
    looping = Patient(application, slug)
    (looping.memory() / "incident").write_text(json.dumps({"what": "written by a test"}))
    witness.docker("restart", looping.container())
    until(lambda: restarts(looping) > 1, 30, "it dies again and again")
    with looping.without("postgres"):
        platform.bough("destroy", slug).failed_saying("still there:", "postgres")
    until(lambda: platform.bough("platform", "status").status == 0, 60, "all answer")
    platform.bough("destroy", slug).ended()
    assert witness.left_of(platform, slug) == []


def restarts(patient: Patient) -> int:
    return int(witness.docker("inspect", "-f", "{{.RestartCount}}", patient.container()))
