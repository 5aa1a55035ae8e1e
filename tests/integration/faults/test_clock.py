"""Wall clocks that are ten minutes off, on either side."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from tests.support import witness
from tests.support.applications import Application
from tests.support.faults import Patient
from tests.support.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.platforms import Platform

OFF = {"web": 600, "worker": -600}
"""Seconds by which each instance's clock is wrong."""

_FAKED = """
ARG OFF
RUN apt-get update && apt-get install -y --no-install-recommends libfaketime
ENV LD_PRELOAD=/usr/\\$LIB/faketime/libfaketime.so.1 FAKETIME_DONT_FAKE_MONOTONIC=1 FAKETIME=$OFF
WORKDIR"""


@pytest.fixture
def shifted(platform: Platform, application: Application) -> Iterator[Patient]:
    application.edit("Dockerfile", "\nWORKDIR", _FAKED)
    for service, off in OFF.items():
        file = f"    command: [python, {service}.py]"
        build = '    build: {bases: {PYTHON: "python:3.11-slim-bookworm"}}\n'
        shift = build.replace("}}", f'}}, args: {{OFF: "{off:+d}"}}}}')
        application.edit("bough.yaml", build + file, shift + file)
    slug = application.branch("feature/3-clocks")
    application.up()
    yield Patient(application, slug)
    platform.bough("destroy", slug).ended()
    assert witness.left_of(platform, slug) == []


def test_renewals_and_rotations(shifted: Patient) -> None:
    """What is lent ends twenty seconds after it was lent, unless it is renewed."""
    now = {each: witness.docker("exec", shifted.container(each), "date", "+%s") for each in OFF}
    assert {each: round(int(now[each]) - time.time(), -2) for each in OFF} == OFF
    first, beats = shifted.accounts(), shifted.beats()
    with shifted.watched("clocks ten minutes fast and slow") as watched:
        began = time.monotonic()
        until(lambda: time.monotonic() - began > 25 and shifted.survivable() > 0, 60, "renewed")
        assert shifted.accounts() == first
        shifted.platform.bough("rotate", shifted.slug).ended()
    watched.say()
    assert watched.load.failed == 0
    assert set(watched.events) == {"account.rotated", "account.retired"}
    assert shifted.beats() > beats
    until(lambda: not shifted.accounts() & first, 60, "the accounts before are gone")
