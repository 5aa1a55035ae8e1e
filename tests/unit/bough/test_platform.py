import socket
from collections.abc import Iterator
from dataclasses import replace

import pytest
from tests.support.platforms import free_port

from bough import platform, registry
from bough.source import Source
from bough_components import names
from bough_components.errors import RefusedError, UnavailableError, UsageError
from bough_components.local.home import Home


@pytest.fixture
def fresh(home: Home) -> Home:
    """A platform that was never set up."""
    (home.root / "platform.json").unlink()
    return home


@pytest.fixture
def free() -> int:
    return free_port()


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_settings_are_chosen_once(fresh: Home, free: int) -> None:
    settings = platform.settle(fresh, free)
    assert settings.ports["edge"] == free
    assert set(settings.ports) == set(names.ENGINES)
    assert len(set(settings.ports.values())) == 5
    # none that the kernel gives to an outgoing connection
    engines = {**settings.ports}
    del engines["edge"]
    assert all(20_000 <= port < 30_000 for port in engines.values())
    assert platform.settle(fresh, None) == platform.settle(Home(fresh.root), free) == settings


def test_the_edge_s_port_may_change_later(fresh: Home, free: int, taken: int) -> None:
    first = platform.settle(fresh, free)
    with pytest.raises(UnavailableError):
        platform.settle(fresh, taken)
    assert platform.settle(fresh, None) == first
    other = free_port()
    second = platform.settle(fresh, other)
    assert second.ports == {**first.ports, "edge": other}
    assert Home(fresh.root).settings == second


def test_a_port_that_is_taken(fresh: Home, taken: int) -> None:
    with pytest.raises(UnavailableError) as caught:
        platform.settle(fresh, taken)
    assert str(caught.value) == (
        f"port {taken} on 127.0.0.1 is taken by another program. "
        "free it, or choose another: `bough platform up --port PORT`."
    )
    assert not fresh.exists


def test_down_refuses_while_there_are_environments(home: Home, lines: list[str]) -> None:
    for ref in ("feat/a", "main"):
        source = Source(repository="/r", folder="", ref=ref, commit="c")
        registry.claim(home, source.slug, "notes", source)
    with pytest.raises(RefusedError) as caught:
        platform.down(home, environments_too=False, purge=True, report=lines.append)
    assert str(caught.value) == (
        "the platform still has 2 environments: feat-a-9hry0wa, main. "
        "destroy them first, or say `bough platform down --environments`."
    )
    assert home.exists


def test_down_of_what_is_down(home: Home, lines: list[str]) -> None:
    platform.down(home, environments_too=False, purge=False, report=lines.append)
    assert (lines, home.exists) == ([], True)


def test_the_range_of_addresses_may_change_later(fresh: Home, free: int) -> None:
    first = platform.settle(fresh, free, "10.40.0.0/18")
    assert first.subnets == "10.40.0.0/18"
    assert platform.settle(fresh, None).subnets == "10.40.0.0/18"
    second = platform.settle(fresh, None, "192.168.128.0/20")
    assert (second.subnets, second.ports) == ("192.168.128.0/20", first.ports)
    assert Home(fresh.root).settings == second


@pytest.mark.parametrize(
    ("addresses", "what"),
    [
        ("ten", "no range of addresses"),
        ("10.40.0.1/18", "has host bits set"),
        ("fd00::/64", "no range of addresses"),
        ("10.40.0.0/26", "too small"),
        ("8.0.0.0/16", "not private"),
    ],
)
def test_a_range_that_cannot_serve(fresh: Home, free: int, addresses: str, what: str) -> None:
    with pytest.raises(UsageError, match=what):
        platform.settle(fresh, free, addresses)
    assert not fresh.exists


def test_what_is_provided_already_is_left_alone(home: Home, lines: list[str]) -> None:
    ports = {**home.settings.ports, "rabbitmq": 6}
    home.save(replace(home.settings, ports=ports))
    (home.root / "platform.declaration").write_text("")
    platform.provide(home, ["rabbitmq"], lines.append)
    platform.provide(home, [], lines.append)
    assert (lines, home.settings.ports) == ([], ports)
    assert home.settings.engines == (*names.ENGINES, "rabbitmq")


def test_the_lease_may_change_later(fresh: Home, free: int) -> None:
    assert platform.settle(fresh, free).lease == 3600
    assert platform.settle(fresh, None, lease=60).lease == 60
    assert platform.settle(Home(fresh.root), None).lease == 60


def test_how_often_the_keeper_rotates_may_change_later(fresh: Home, free: int) -> None:
    assert platform.settle(fresh, free).rotate_every == 7
    assert platform.settle(fresh, None, rotate_every=0).rotate_every == 0
    assert platform.settle(Home(fresh.root), None).rotate_every == 0
