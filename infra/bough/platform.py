"""The platform's life: set it up, look at it, take it down."""

from __future__ import annotations

import os
import random
import socket
from dataclasses import replace
from typing import TYPE_CHECKING

from bough import lock, pulumi_command, registry
from bough.keeper import process as keeper
from bough.pulumi_command import Outcome
from bough.requirements import engine_environment
from bough.status import platform_status
from bough_components import names
from bough_components.errors import BoughError, RefusedError, UnavailableError
from bough_components.local import subnets
from bough_components.local.clients import LOOPBACK
from bough_components.local.home import DEFAULT_EDGE_PORT, Home, Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from pathlib import Path

    from bough_components.local.instances import Wanted


_PORTS = range(20_000, 30_000)
"""Where engines get their ports: below those that outgoing connections take at random."""

_INSIDE = tuple(role for role in names.ENGINES if role != "edge")


def up(
    home: Home,
    port: int | None,
    report: Callable[[str], None],
    addresses: str | None = None,
    *,
    lease: int | None = None,
    rotate_every: int | None = None,
) -> Outcome:
    """Make the platform run, and whatever environments it had.

    `port` is the edge's; `addresses`, in CIDR notation, is what new networks are cut from; `lease`
    is for how many seconds new environments' credentials are lent; `rotate_every`, in days, how old
    the others may become (0: any age).
    """
    with lock.held(home, names.PLATFORM_STACK, "platform up", report):
        settle(home, port, addresses, lease=lease, rotate_every=rotate_every)
        outcome = _converge(home, report)
    revive(home, report)
    keeper.ensure(home)
    return outcome


def bring_back(home: Home, report: Callable[[str], None], patience: float) -> None:
    """`up` of a platform that is set up; `BusyError` when others are at it for `patience` seconds.

    No lock of an environment is waited for under the platform's: who holds one may want this one.
    """
    with lock.held(home, names.PLATFORM_STACK, "bringing it back", report, patience):
        _converge(home, report)
    revive(home, report)


def provide(home: Home, engines: Collection[str], report: Callable[[str], None]) -> None:
    """Have the optional engines run that an application asks for; the platform keeps them."""
    if not engines or (is_up(home) and set(engines) <= set(home.settings.engines)):
        return
    with lock.held(home, names.PLATFORM_STACK, f"adding {', '.join(engines)}", report):
        settings = home.settings
        missing = [role for role in engines if role not in settings.engines]
        home.save(replace(settings, ports={**_free_ports(missing), **settings.ports}))
        _converge(home, report)


def is_up(home: Home) -> bool:
    """Whether it was set up wholly, and not taken down since."""
    return _stamp(home).exists()


def down_now(home: Home) -> list[str]:
    """Engines that do not answer and instances that do not run, though they should."""
    from bough_components.local import revival

    engines = [row["engine"] for row in platform_status(home) if not row["answers"]]
    return engines or [f"{each.instance} of {each.slug}" for each in revival.fallen(home)]


def _converge(home: Home, report: Callable[[str], None]) -> Outcome:
    """Run the platform's stack, unless what it declares is what runs: that is asked in a moment."""
    from bough_components.local.images_of import declaration, platform_images

    # images that are built here are made from the engines' programs
    os.environ["PATH"] = engine_environment()["PATH"]
    wanted = declaration(home, platform_images(home, report))
    stamp = _stamp(home)
    if stamp.exists() and stamp.read_text() == wanted and _answers(home):
        return Outcome()
    stamp.unlink(missing_ok=True)
    outcome = pulumi_command.up(home, names.PLATFORM_STACK, {}, report)
    stamp.write_text(wanted)
    return outcome


def _stamp(home: Home) -> Path:
    """What the platform's stack declared when its last update ended well."""
    return home.root / "platform.declaration"


def _answers(home: Home) -> bool:
    return all(row["answers"] for row in platform_status(home))


def revive(home: Home, report: Callable[[str], None]) -> None:
    """Start instances again that a reboot stopped: what they held in memory is gone."""
    from bough_components.local import revival

    for slug in sorted({instance.slug for instance in revival.fallen(home)}):
        with lock.held(home, slug, "starting it again", report):
            for instance in revival.fallen(home, slug):
                report(f"starting {instance.instance} of {slug} again")
                _revive(home, instance, report)


def _revive(home: Home, instance: Wanted, report: Callable[[str], None]) -> None:
    """One that cannot be started keeps nobody else down: it is named, and the rest goes on."""
    from bough_components.local import revival

    try:
        revival.revive(home, instance)
    except BoughError as error:
        report(str(error))


def settle(
    home: Home,
    port: int | None,
    addresses: str | None = None,
    *,
    lease: int | None = None,
    rotate_every: int | None = None,
) -> Settings:
    """Choose the platform's settings at its first start and keep what is not named later."""
    known = home.settings if home.exists else None
    edge = port or (known.ports["edge"] if known else DEFAULT_EDGE_PORT)
    if known is None or edge != known.ports["edge"]:
        _require_free(edge)
    wanted = known or Settings(name=home.default_name, ports=_free_ports(_INSIDE))
    wanted = replace(
        wanted,
        ports={**wanted.ports, "edge": edge},
        subnets=subnets.require_range(addresses) if addresses else wanted.subnets,
        lease=lease or wanted.lease,
        rotate_every=wanted.rotate_every if rotate_every is None else rotate_every,
    )
    if wanted != known:
        home.save(wanted)
    return wanted


def down(home: Home, *, environments_too: bool, purge: bool, report: Callable[[str], None]) -> None:
    """Take the platform away; its data stay unless `purge`."""
    from bough import destroying

    existing = [record.slug for record in registry.every(home)]
    if existing and not environments_too:
        raise RefusedError(
            f"the platform still has {len(existing)} environments: {', '.join(existing)}",
            "destroy them first, or say `bough platform down --environments`",
        )
    destroying.require_typed(existing, home, None)
    keeper.stop(home)
    for slug in existing:
        destroying.destroy(home, slug, report)
    with lock.held(home, names.PLATFORM_STACK, "platform down", report):
        if pulumi_command.state_file(home, names.PLATFORM_STACK).exists():
            pulumi_command.destroy(home, names.PLATFORM_STACK, report)
            pulumi_command.forget(home, names.PLATFORM_STACK)
        _stamp(home).unlink(missing_ok=True)
        if purge:
            from bough_components.local import purging

            purging.purge(home)


def _require_free(port: int) -> None:
    if not _is_free(port):
        raise UnavailableError(
            f"port {port} on {LOOPBACK} is taken by another program",
            "free it, or choose another: `bough platform up --port PORT`",
        )


def _free_ports(roles: Iterable[str]) -> dict[str, int]:
    """A port for each of these engines, which only this machine's operator talks to."""
    candidates = random.sample(_PORTS, len(_PORTS))
    free = (port for port in candidates if _is_free(port))
    return {role: next(free) for role in roles}


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True
