"""Which instances a service has: of the release that serves, then of its canary. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from bough_components.local import succession

if TYPE_CHECKING:
    from bough_components.spec import Environment, Service


@dataclass(frozen=True, kw_only=True)
class Replica:
    """An instance to be, of `service` as its release describes it."""

    number: int
    service: Service
    canary: bool
    config: dict[str, str]
    strategy: str

    @property
    def name(self) -> str:
        return f"{self.service.name}-{self.number}"

    def inputs(self, spec: Environment) -> dict[str, Any]:
        """What its resource is declared with, but for whose it is and its image."""
        service = self.service
        return {
            "service": service.name,
            "command": list(service.command) if service.command else None,
            "port": service.port,
            "health": service.health,
            "liveness": service.liveness,
            "memory": service.memory,
            "replica": self.number,
            # a release's settings are a part of it: an instance may have read them at its start
            "config": self.config,
            "start_timeout": service.start_timeout,
            "stop_timeout": service.stop_timeout,
            "drain_timeout": spec.rollout.drain_timeout,
            "strategy": self.strategy,
        }


def of(spec: Environment, service: Service) -> list[Replica]:
    """A canary's instances take nothing over, however the rollout goes: its route says what
    they get."""
    trial = canary_of(spec, service)
    stable = Replica(
        number=0,
        service=service,
        canary=False,
        config=dict(spec.config),
        strategy=spec.rollout.strategy,
    )
    own = spec.canary.config if spec.canary else {}
    known = settings(spec)
    beside = Replica(
        number=0,
        service=trial,
        canary=True,
        config={name: known[name] for name in own},
        strategy=succession.ALL_AT_ONCE,
    )
    kinds = [*[stable] * service.replicas, *[beside] * trial.replicas]
    return [replace(kind, number=number) for number, kind in enumerate(kinds, 1)]


def canary_of(spec: Environment, service: Service) -> Service:
    """The service as the canary has it; without instances where it has none."""
    known = {each.name: each for each in (spec.canary.services if spec.canary else ())}
    return known.get(service.name, replace(service, replicas=0))


def settings(spec: Environment) -> dict[str, str]:
    """An environment's settings, which have one value for all: that of the release that serves."""
    return {**(spec.canary.config if spec.canary else {}), **spec.config}
