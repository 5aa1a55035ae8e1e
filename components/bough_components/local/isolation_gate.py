"""Isolation as a gate: an environment gets no route before it failed to reach its neighbours."""

from __future__ import annotations

from bough_components.local import network
from bough_components.local.home import Home
from bough_components.local.provider import Ensured, LocalResource, Props

_NEIGHBOURS = 2
"""How many are tried at each creation; `bough verify-isolation` tries all."""


class IsolationGateProvider(Ensured):
    """Inputs: platform, slug, subnet (CIDR), services (what each may use): whatever changes, it is
    verified anew."""

    replacing = frozenset({"slug"})

    def identity(self, props: Props) -> str:
        return f"isolation of {props['slug']}"

    def ensure(self, props: Props) -> Props:
        from bough_components.local.isolation import verify

        slug = props["slug"]
        neighbours = [other for other in network.environments(props["platform"]) if other != slug]
        verdicts = verify.verify(Home.current(), slug, sorted(neighbours)[:_NEIGHBOURS])
        verify.require(slug, verdicts)
        return {}


class IsolationGate(LocalResource, name="IsolationGate"):
    provider = IsolationGateProvider
