"""Isolation as a gate: an environment gets no route before it failed to reach its neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bough_components import names
from bough_components.local import network
from bough_components.local.home import Home
from bough_components.local.provider import Ensured, LocalResource, Props

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bough_components.local.isolation.verdicts import Verdict

_NEIGHBOURS = 2
"""How many are tried at each creation; `bough verify-isolation` tries all."""


class _GateProvider(Ensured):
    """Inputs: platform, slug, subnet (CIDR), services (what each may use): whatever changes, it is
    verified anew."""

    replacing = frozenset({"slug"})

    def ensure(self, props: Props) -> Props:
        from bough_components.local.isolation import verify

        slug = props["slug"]
        verify.require(slug, self.tried(Home.current(), slug))
        return {}

    def tried(self, home: Home, slug: str) -> list[Verdict]:
        raise NotImplementedError


class IsolationGateProvider(_GateProvider):
    """Tries credentials, once the engines know the environment."""

    def identity(self, props: Props) -> str:
        return f"isolation of {props['slug']}"

    def tried(self, home: Home, slug: str) -> list[Verdict]:
        from bough_components.local.isolation import verify

        return verify.credentials(home, slug, _nearest(home, slug))


class AddressGateProvider(_GateProvider):
    """Tries addresses, which takes nothing but the network."""

    def identity(self, props: Props) -> str:
        return f"isolation of the network of {props['slug']}"

    def tried(self, home: Home, slug: str) -> list[Verdict]:
        from bough_components.local.isolation import verify

        return verify.addresses(home, slug, _nearest(home, slug))


def attempts(home: Home, slug: str) -> list[Verdict]:
    """Try what a new environment is tried on: the platform and its nearest neighbours."""
    from bough_components.local.isolation import verify

    return verify.verify(home, slug, _nearest(home, slug))


def neighbours(slug: str, environments: Iterable[str]) -> list[str]:
    """Those that a new environment is tried on: never one that may go while it is tried."""
    lasting = [each for each in environments if each != slug and not names.is_scratch(each)]
    return sorted(lasting)[:_NEIGHBOURS]


def _nearest(home: Home, slug: str) -> list[str]:
    return neighbours(slug, network.environments(home.settings.name))


class IsolationGate(LocalResource, name="IsolationGate"):
    provider = IsolationGateProvider


class AddressGate(LocalResource, name="AddressGate"):
    provider = AddressGateProvider
