"""The keeper's duties.

Each looks at what is there and acts on the difference. So whatever failed, or a keeper that was
killed, is made up for at the next look.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bough import ledger, lock, platform, registry, rotating, rotation_schedule
from bough.keeper.lifeless import Lifeless
from bough.keeper.patience import Patience
from bough_components.errors import BoughError, BusyError
from bough_components.local import asking, given_up, instances, liveness
from bough_components.local.clients import engine_errors, vault_client
from bough_components.local.edge import container as edge_container

if TYPE_CHECKING:
    from collections.abc import Callable

    from bough.notices.sending import Watch
    from bough_components.local.home import Home
    from bough_components.local.instances import Wanted

log = logging.getLogger("bough.keeper")

GRACE = 20.0
"""Seconds for which something has been down before it is started again: somebody may be at it."""


@dataclass
class Keeper:
    """The duties with what they remember between two looks; `clock` gives seconds."""

    home: Home
    clock: Callable[[], float] = time.monotonic
    _patience: Patience = field(default_factory=Patience)
    _down_since: float | None = None
    _watch: Watch | None = None
    _lifeless: Lifeless = field(default_factory=Lifeless)
    _told: set[tuple[str, str, str]] = field(default_factory=set)

    def answer_instances(self) -> None:
        """Give new credentials to instances that ask for one; write down what they suspect."""
        for note in asking.notes(self.home):
            if note.kind != asking.WANTED:
                self._write_down(note)
            elif self._patience.allows((note.slug, note.instance), self.clock()):
                self._patience.tried((note.slug, note.instance), self.clock())
                self._answer(note)

    def heal(self) -> None:
        """Start engines and instances that ought to run and have been down for `GRACE`."""
        if not platform.is_up(self.home):
            self._down_since = None
            return
        edge_container.sweep(self.home)
        down = platform.down_now(self.home)
        if not down:
            self._down_since = None
        elif self._down_since is None:
            self._down_since = self.clock()
        elif self.clock() - self._down_since >= GRACE and self._patience.allows("", self.clock()):
            self._patience.tried("", self.clock())
            log.info("starting again what is down: %s", ", ".join(down))
            self._bring_back(down)

    def restart_lifeless(self) -> None:
        """Restart instances that have not been alive for long."""
        if not platform.is_up(self.home):
            return
        now = self.clock()
        for instance in self._lifeless.due(liveness.lifeless(self.home), now):
            thing = ("lifeless", instance.slug, instance.service)
            if self._patience.allows(thing, now):
                self._patience.tried(thing, now)
                self._restart(instance)

    def rotate(self) -> None:
        """Rotate the environments whose credentials are older than the platform allows."""
        days = self.home.settings.rotate_every
        if not days or not platform.is_up(self.home):
            return
        slugs = [record.slug for record in registry.every(self.home) if record.deployed]
        now, every = datetime.now(UTC), timedelta(days=days)
        try:
            history = ledger.events(self.home, *rotation_schedule.EVENTS)
        except BoughError as error:
            log.warning("what is due for rotation is not known: %s", error)
            return
        for slug in rotation_schedule.due(slugs, history, now, every):
            if self._patience.allows(("rotate", slug), self.clock()):
                self._patience.tried(("rotate", slug), self.clock())
                self._rotate(slug)

    def keep_records(self) -> None:
        """Add to the ledger what waits on this machine's disk."""
        if not self._patience.allows("ledger", self.clock()):
            return
        try:
            ledger.flush(self.home)
        except BoughError as error:
            self._patience.tried("ledger", self.clock())
            log.warning("entries of the ledger wait: %s", error)

    def tell(self) -> None:
        """Send the notices of what happened that are due."""
        if not platform.is_up(self.home) or not self._patience.allows("notices", self.clock()):
            return
        from bough.notices.sending import Watch

        self._watch = self._watch or Watch(self.home)
        try:
            self._watch.look(time.time())
        except BoughError as error:
            self._patience.tried("notices", self.clock())
            log.warning("notices wait: %s", error)

    def end_leases(self) -> None:
        """End accounts that Vault has given up to end: what they are for may be back."""
        if not platform.is_up(self.home):
            return
        try:
            with engine_errors():
                found = given_up.leases(vault_client(self.home))
        except BoughError as error:
            log.warning("Vault did not say which leases it has given up: %s", error)
            return
        for lease in found:
            if self._patience.allows(("lease", lease.id), self.clock()):
                self._patience.tried(("lease", lease.id), self.clock())
                self._end(lease)

    def _end(self, lease: given_up.Lease) -> None:
        from hvac.exceptions import VaultError

        try:
            with engine_errors():
                given_up.end(vault_client(self.home), lease)
        except (BoughError, VaultError) as error:
            log.warning("%s could not be ended, and will be tried again: %s", lease.id, error)
            return
        about = {"environment": lease.slug, "lease": lease.id, "why": lease.why}
        ledger.record(self.home, "lease ended late", **about)
        log.info("%s was ended, which Vault had given up: %s", lease.id, lease.why)

    def _restart(self, instance: Wanted) -> None:
        """Unless somebody is at work on its environment, whose outcome may be another instance."""
        slug, name = instance.slug, instance.instance
        try:
            with engine_errors(), lock.held(self.home, slug, f"restarting {name}", log.info, 0):
                instances.restart(instance)
        except BoughError as error:
            log.warning("%s of %s was not restarted: %s", name, slug, error)
            return
        self._lifeless.forget(instance)
        ledger.record(self.home, "restarted", environment=slug, instance=name, why="not alive")
        log.warning("%s of %s was not alive: restarted", name, slug)

    def _rotate(self, slug: str) -> None:
        try:
            with engine_errors(), lock.held(self.home, slug, "scheduled rotation", log.info, 0):
                rotating.rotate(self.home, slug, log.info)
        except BoughError as error:
            log.warning("%s was not rotated, and will be tried again: %s", slug, error)

    def _answer(self, note: asking.Note) -> None:
        try:
            with engine_errors():
                given = asking.answer(self.home, note)
        except BoughError as error:
            log.warning("%s of %s waits for a credential: %s", note.instance, note.slug, error)
            return
        if given:
            about = {"environment": note.slug, "instance": note.instance, "why": note.why}
            ledger.record(self.home, "credential given", **about)
            log.info("%s of %s has a new credential: %s", note.instance, note.slug, note.why)

    def _write_down(self, note: asking.Note) -> None:
        """The note stays where it is, and keeps the instance from starting."""
        facts = (note.slug, note.instance, note.why)
        if facts in self._told:
            return
        self._told.add(facts)
        about = {"environment": note.slug, "instance": note.instance, "why": note.why}
        if not self._known("possible interception", about):
            ledger.record(self.home, "possible interception", **about)
        log.error("%s of %s suspects an interception: %s", note.instance, note.slug, note.why)

    def _known(self, event: str, about: dict[str, str]) -> bool:
        """Whether it is in the ledger; not while that is away: rather told twice than never."""
        try:
            return ledger.known(self.home, event, **about)
        except BoughError:
            return False

    def _bring_back(self, down: list[str]) -> None:
        try:
            platform.bring_back(self.home, log.info, patience=0)
        except BusyError:
            return
        except BoughError as error:
            log.warning("%s", error)
            return
        ledger.record(self.home, "brought back", what=", ".join(down))
