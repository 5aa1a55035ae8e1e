"""An environment to which things happen while its users go on asking."""

from __future__ import annotations

import json
import re
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.support import witness
from tests.support.waiting import until

from bough.load import driven

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.applications import Application
    from tests.support.platforms import Platform

    from bough.load import Load

_EVENT = re.compile(r"^event=(\S+\.\S+) ", re.MULTILINE)


@dataclass
class Watched:
    """What happened in a while: to the requests, and by the web instance's log."""

    fault: str
    load: Load
    events: Counter[str] = field(default_factory=Counter)

    def say(self, **more: float) -> None:
        """One line for docs/reliability.md; `pytest -rP` shows it."""
        facts = {"fault": self.fault, **self.load.facts(), **more, "events": dict(self.events)}
        print(f"measured: {json.dumps(facts)}")


@dataclass(frozen=True)
class Patient:
    """The environment `slug` of `application`, with one web instance and one worker."""

    application: Application
    slug: str

    @property
    def platform(self) -> Platform:
        return self.application.platform

    def engine(self, role: str, verb: str) -> None:
        """`docker <verb>` for an engine."""
        witness.docker(verb, self.platform.container(role))

    @contextmanager
    def without(self, role: str, away: str = "stop", back: str = "start") -> Iterator[None]:
        """The engine is away until the block ends, however it ends."""
        self.engine(role, away)
        try:
            yield
        finally:
            self.engine(role, back)

    def container(self, service: str = "web") -> str:
        """The name of the container of a service's instance, whether it runs or not."""
        found = witness.containers(self.platform, self.slug)
        (name,) = [each for each in found if f".{service}-" in each]
        return name

    def memory(self, service: str = "web") -> Path:
        """The folder of an instance that it sees as /run/bough."""
        instance = self.container(service).rpartition(".")[2]
        return self.platform.memory / self.slug / instance

    def inside(self, code: str, service: str = "web") -> None:
        """Run Python in an instance."""
        witness.docker("exec", self.container(service), "python", "-c", code)

    def accounts(self, service: str = "") -> set[str]:
        """Database accounts that exist, whoever still uses them."""
        rows = witness.query(self.platform, "SELECT rolname FROM pg_roles")
        services = service or "(web|worker)"
        return {name for (name,) in rows if re.match(rf"env-{self.slug}\.{services}\.", name)}

    def survivable(self) -> float:
        """For how many seconds Vault may be away, as `bough show` says, for the weaker instance."""
        instances = self.platform.json("show", self.slug)["instances"]
        return min(each["survivable"] or 0.0 for each in instances)

    def holds(self) -> dict[str, int]:
        """How many there are of all that is lent to instances, or made for each of them."""
        tokens = [token["Description"] for token in witness.consul(self.platform, "acl/tokens")]
        services = witness.consul(self.platform, "agent/services")
        lent = f"env/{self.slug}/need/db/creds"
        return {
            "accounts": len(self.accounts()),
            "leases": sum(self._leases(f"{lent}/{service}") for service in ("web", "worker")),
            "logins": self._leases(f"auth/env/{self.slug}/login"),
            "services": sum(name.startswith(f"{self.slug}--") for name in services),
            "tokens": sum(text.startswith(f"env_{self.slug} ") for text in tokens),
        }

    def beats(self) -> int:
        """How often the worker has written into the database."""
        database = f"env-{self.slug}.db"
        ((beats,),) = witness.query(self.platform, "SELECT count(*) FROM beats", database)
        return int(beats)

    def serves(self) -> bool:
        return self.platform.serves(self.slug, environment=self.slug)

    def is_well(self, seconds: float = 60) -> None:
        """Return when both instances work and have what they need."""
        until(self.serves, seconds, f"{self.slug} serves")
        before = self.beats()
        until(lambda: self.beats() > before, seconds, "the worker works")
        until(lambda: self.survivable() > 0, seconds, "both have what they need")

    def events(self) -> list[str]:
        """All that the web instance has told of itself so far."""
        return _EVENT.findall(witness.logs(self.container()))

    @contextmanager
    def watched(self, fault: str) -> Iterator[Watched]:
        """Requests without pause until the block ends; what came of them, and the events."""
        known = len(self.events())
        host, port = f"{self.slug}.localhost", self.platform.port
        with driven(host, port, "/state", clients=2) as load:
            watched = Watched(fault, load)
            yield watched
        watched.events.update(self.events()[known:])

    def _leases(self, path: str) -> int:
        answer: dict[str, Any] = witness.vault(self.platform, "LIST", f"sys/leases/lookup/{path}/")
        return len(answer.get("data", {}).get("keys") or [])
