from ipaddress import IPv4Address, IPv4Network
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bough_components.local import subnets
from bough_components.names import OPTIONAL_ENGINES

POOL = "10.213.0.0/16"
SUBNET = "10.213.0.64/26"
OFFSETS = st.integers(0, 63)


def first(taken: list[str], count: int = 1, pool: str = POOL) -> list[str]:
    return [str(subnet) for subnet in islice(subnets.free_subnets(pool, taken), count)]


@pytest.mark.parametrize(
    ("taken", "expected"),
    [
        ([], "10.213.0.0/26"),
        (["10.213.0.0/26"], "10.213.0.64/26"),
        (["10.213.0.64/26"], "10.213.0.0/26"),
        (["10.213.0.0/24"], "10.213.1.0/26"),
        (["10.0.0.0/9"], "10.213.0.0/26"),
        (["10.213.0.8/30"], "10.213.0.64/26"),
        (["172.17.0.0/16", "192.168.0.0/24"], "10.213.0.0/26"),
    ],
)
def test_the_lowest_free_subnet(taken: list[str], expected: str) -> None:
    assert first(taken) == [expected]


@pytest.mark.parametrize("taken", [["10.213.0.0/16"], ["10.0.0.0/8"], ["0.0.0.0/0"]])
def test_no_subnet_is_left(taken: list[str]) -> None:
    assert first(taken) == []


def test_hundreds_fit() -> None:
    found = first([], count=2000)
    assert len(found) == len(set(found)) == 1024
    assert first(found) == []


@given(st.lists(st.integers(0, 2**16 - 1).flatmap(
    lambda offset: st.integers(16, 32).map(
        lambda length: str(IPv4Network((int(IPv4Address("10.213.0.0")) + offset, length), False))
    )
), max_size=8))  # fmt: skip
def test_nothing_overlaps(taken: list[str]) -> None:
    for found in first(taken, count=5):
        assert IPv4Network(found).subnet_of(IPv4Network(POOL))
        assert not any(IPv4Network(found).overlaps(IPv4Network(other)) for other in taken)


def test_fixed_addresses() -> None:
    assert subnets.gateway(SUBNET) == "10.213.0.65"
    assert [subnets.platform_address(SUBNET, role) for role in subnets.PLATFORM_ROLES] == [
        "10.213.0.67",
        "10.213.0.68",
        "10.213.0.69",
    ]
    assert subnets.platform_address(SUBNET, "rabbitmq") == "10.213.0.125"
    assert subnets.platform_address(SUBNET, "mariadb") == "10.213.0.124"
    with pytest.raises(ValueError, match="tuple"):
        subnets.platform_address(SUBNET, "registry")


def test_the_first_and_the_last_instance() -> None:
    free = list(subnets.instance_addresses(SUBNET, []))
    assert (free[0], free[-1], len(free)) == ("10.213.0.70", "10.213.0.123", 54)


@given(st.sets(OFFSETS))
def test_an_instance_gets_an_address_of_its_own(offsets: set[int]) -> None:
    network = IPv4Network(SUBNET)
    taken = [str(network[offset]) for offset in offsets]
    free = list(subnets.instance_addresses(SUBNET, taken))
    roles = (*subnets.PLATFORM_ROLES, *OPTIONAL_ENGINES)
    fixed = {subnets.platform_address(SUBNET, role) for role in roles}
    reserved = {
        subnets.gateway(SUBNET),
        subnets.probe_address(SUBNET),
        "10.213.0.66",
        str(network.network_address),
        str(network.broadcast_address),
    }
    assert not {*free} & {*taken, *fixed, *reserved}
    assert {*free, *taken, *fixed, *reserved} == {str(address) for address in network}
    assert free == sorted(free, key=IPv4Address)
