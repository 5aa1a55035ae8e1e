"""A platform that lends for twenty seconds, so that what ends after an hour elsewhere ends here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.support import witness
from tests.support.applications import Application
from tests.support.faults import Patient
from tests.support.fixtures import running
from tests.support.waiting import until

from bough_components import names
from bough_components.local import containers
from bough_components.local.home import Home

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.platforms import Platform

LEASE = 20


@pytest.fixture(scope="package")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    folder = tmp_path_factory.mktemp("faults")
    make_small_disks(folder)
    with running(folder, "--lease", str(LEASE)) as platform:
        yield platform


def make_small_disks(folder: Path) -> None:
    """Volumes for Vault's audit logs that can be filled; `platform up` keeps what is there.

    A log is put away when it is 16 MiB long: the disk has room for more than that.
    """
    name = Home(folder / "home").default_name
    owner = containers.user()
    options = (f"type=tmpfs,device=tmpfs,o=size=64m,uid={owner},gid={owner},mode=700").split(",", 2)
    for disk in ("audit", "audit2"):
        words = [word for option in options for word in ("--opt", option)]
        labels = names.platform_labels(name, "vault").items()
        words += [word for key, value in labels for word in ("--label", f"{key}={value}")]
        witness.docker("volume", "create", *words, names.platform_volume(name, "vault", disk))


@pytest.fixture(scope="package")
def lasting(platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Patient]:
    """One environment that outlives every fault, and of which nothing is left."""
    application = Application.create(tmp_path_factory.mktemp("faulty") / "checkout", platform)
    slug = application.branch("feature/1-faults")
    application.up()
    patient = Patient(application, slug)
    yield patient
    try:
        patient.is_well()
        # what Vault could not revoke while PostgreSQL was away it tries again after 10 s, 20 s …
        until(lambda: holds_its_own(patient), 120, f"only what a fresh one has: {patient.holds()}")
    finally:
        platform.bough("destroy", slug).ended()
        assert witness.left_of(platform, slug) == []


@pytest.fixture
def patient(lasting: Patient) -> Patient:
    """The environment, well: mended as a person would when the test before has left it broken."""
    if not lasting.serves():
        lasting.application.up()
    lasting.is_well()
    return lasting


def holds_its_own(patient: Patient) -> bool:
    """The Consul token before the last one is deleted when the next is made."""
    holds = patient.holds()
    kept = holds.pop("tokens")
    return kept in (2, 3, 4) and holds == {"accounts": 2, "leases": 2, "logins": 2, "services": 1}
