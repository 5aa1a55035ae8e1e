"""Which addresses a network and the containers on it get; pure arithmetic."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network

from bough_components.errors import UsageError
from bough_components.names import OPTIONAL_ENGINES

PREFIX = 26
"""62 hosts a network; a /16 holds 1024 networks."""

PLATFORM_ROLES = ("vault", "consul", "postgres")
"""Platform containers on every environment's network, in the order of their addresses. Optional
engines have the last ones but one."""

_EXAMPLE = "give one like 10.213.0.0/16"
_FIRST_PLATFORM = 3
"""The one before was the edge's; networks that were made then go on as they are."""

_FIRST_INSTANCE = _FIRST_PLATFORM + len(PLATFORM_ROLES)


def is_on_environments(role: str) -> bool:
    """Whether a platform container in that role stands on every environment's network."""
    return role in (*PLATFORM_ROLES, *OPTIONAL_ENGINES)


def free_subnets(pool: str, taken: Iterable[str]) -> Iterable[IPv4Network]:
    """Subnets of `pool` that overlap none of `taken`, lowest first; all in CIDR notation."""
    used = [IPv4Network(subnet) for subnet in taken]
    for candidate in IPv4Network(pool).subnets(new_prefix=PREFIX):
        if not any(candidate.overlaps(network) for network in used):
            yield candidate


def require_range(text: str) -> str:
    """A private range that networks can be cut from, in CIDR notation; else `UsageError`."""
    try:
        chosen = IPv4Network(text)
    except ValueError as error:
        raise UsageError(f"{text!r} is no range of addresses: {error}", _EXAMPLE) from None
    if chosen.prefixlen > PREFIX - 1:
        raise UsageError(f"{text} is too small for the platform and an environment", _EXAMPLE)
    if not chosen.is_private:
        raise UsageError(f"{text} is not private: it belongs to somebody", _EXAMPLE)
    return str(chosen)


def gateway(subnet: str) -> str:
    return str(IPv4Network(subnet)[1])


def platform_address(subnet: str, role: str) -> str:
    """The fixed address of a platform container on an environment's network."""
    if role in OPTIONAL_ENGINES:
        return str(IPv4Network(subnet)[-3 - OPTIONAL_ENGINES.index(role)])
    return str(IPv4Network(subnet)[_FIRST_PLATFORM + PLATFORM_ROLES.index(role)])


def probe_address(subnet: str) -> str:
    """The last address of an environment's network, for containers of a moment."""
    return str(IPv4Network(subnet)[-2])


def instance_addresses(subnet: str, taken: Iterable[str]) -> Iterable[str]:
    """Addresses that an instance may take, lowest first."""
    used = {IPv4Address(address) for address in taken}
    network = IPv4Network(subnet)
    for offset in range(_FIRST_INSTANCE, network.num_addresses - 2 - len(OPTIONAL_ENGINES)):
        if network[offset] not in used:
            yield str(network[offset])
