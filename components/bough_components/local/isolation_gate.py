"""Isolation as a gate: an environment gets no route before it failed to reach its neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bough_components.local import network
from bough_components.local.home import Home
from bough_components.local.provider import Ensured, LocalResource, Props

if TYPE_CHECKING:
    from bough_components.local.isolation.verdicts import Verdict

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

        verify.require(props["slug"], attempts(Home.current(), props["slug"]))
        return {}


def attempts(home: Home, slug: str) -> list[Verdict]:
    """Try what a new environment is tried on: the platform and its nearest neighbours."""
    from bough_components.local.isolation import verify

    neighbours = [other for other in network.environments(home.settings.name) if other != slug]
    return verify.verify(home, slug, sorted(neighbours)[:_NEIGHBOURS])


class IsolationGate(LocalResource, name="IsolationGate"):
    provider = IsolationGateProvider
