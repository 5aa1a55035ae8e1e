"""A release in a stage with another one beside it, on some of the stage's instances. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from bough_components import spec
from bough_components.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bough.release.canary import Canary

Named = TypeVar("Named", bound="spec.Service | spec.Queue | spec.Secret")


def environment(
    stable: spec.Environment, trial: spec.Environment, *, canary: Canary
) -> spec.Environment:
    """`stable` with a canary of `trial`, both of the same stage and on the same databases.

    An environment has one set of accounts: each service may use what either release needs.
    Raises `RefusedError` when the two cannot stand side by side.
    """
    counts = _counts(stable, trial, canary.instances)
    _require_one_way_in(stable, trial)
    _require_instances(stable, canary, counts)
    services = _services(stable, trial, counts)
    return replace(
        stable,
        services=services,
        databases=tuple(
            replace(each, users=_users(services, each.name)) for each in stable.databases
        ),
        queues=tuple(
            replace(each, users=_users(services, each.name))
            for each in _united(stable.queues, trial.queues)
        ),
        secrets=_united(stable.secrets, trial.secrets),
        canary=spec.Canary(
            release=canary.release[:12],
            services=tuple(replace(each, replicas=counts[each.name]) for each in trial.services),
            config=trial.config,
            share=canary.share,
        ),
    )


def _services(
    stable: spec.Environment, trial: spec.Environment, counts: Mapping[str, int]
) -> tuple[spec.Service, ...]:
    """What is left of the stable ones; those that only the canary has, without an instance."""
    left = [
        replace(each, replicas=each.replicas - counts.get(each.name, 0)) for each in stable.services
    ]
    new = [replace(each, replicas=0) for each in trial.services]
    return tuple(_with_uses_of(each, trial) for each in _united(left, new))


def _counts(stable: spec.Environment, trial: spec.Environment, wanted: int) -> dict[str, int]:
    """How many instances of each service are the canary's: one at least stays of what there is."""
    there = {each.name: each.replicas - 1 for each in stable.services}
    return {each.name: min(wanted, there.get(each.name, each.replicas)) for each in trial.services}


def _require_one_way_in(stable: spec.Environment, trial: spec.Environment) -> None:
    """The edge asks all instances of an environment for their health in one way."""
    ways = [
        (each.route, each.service(each.route).health if each.route else None)
        for each in (stable, trial)
    ]
    if ways[0] != ways[1]:
        raise RefusedError(
            f"its way in is another than that of what {stable.slug} serves"
            " (`route`, or `health` of the service there)",
            f"run `bough promote {stable.stage}` for it: it cannot be tried beside the other",
        )


def _require_instances(stable: spec.Environment, canary: Canary, counts: Mapping[str, int]) -> None:
    """Where clients come in, all that were asked for; else any at all."""
    place = stable.route or max(counts, key=lambda name: counts[name])
    if counts.get(place, 0) >= (canary.instances if stable.route else 1):
        return
    raise RefusedError(
        f"{stable.slug} has {stable.service(place).replicas} of {place}, of which at least one"
        f" stays with the release that serves: {canary.instances} cannot become a canary",
        f"name fewer with --instances, or more under stages.{stable.stage}.replicas in bough.yaml",
    )


def _with_uses_of(service: spec.Service, trial: spec.Environment) -> spec.Service:
    other = {each.name: each for each in trial.services}.get(service.name, service)
    return replace(
        service,
        needs=tuple(dict.fromkeys((*service.needs, *other.needs))),
        secrets=tuple(dict.fromkeys((*service.secrets, *other.secrets))),
    )


def _united(first: Sequence[Named], second: Sequence[Named]) -> tuple[Named, ...]:
    known = {each.name for each in first}
    return (*first, *(each for each in second if each.name not in known))


def _users(services: tuple[spec.Service, ...], need: str) -> tuple[str, ...]:
    return tuple(each.name for each in services if need in each.needs)
