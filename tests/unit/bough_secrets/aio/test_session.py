import asyncio
import threading

import pytest
from tests.unit.bough_secrets.aio.conftest import Connected
from tests.unit.bough_secrets.aio.waiting import eventually, run

from bough_secrets import MissingError, Timing, aio
from bough_secrets.testing import Platform

SEARCH = {"name": "main--search", "address": "10.0.0.7", "port": 9200}


def test_an_instance_asks_as_it_does_without_asyncio(
    platform: Platform, connected: Connected
) -> None:
    platform.vault.kv["env/main/kv/data/secrets/smtp"] = {"value": "hunter2"}
    platform.consul.kv["env/main/config/a"] = "1"
    platform.consul.services["main--search-1"] = SEARCH

    async def main() -> None:
        async with connected() as session:
            assert (session.environment, session.instance) == ("main", "web-1-abcdef")
            assert session.identity.service == "web"
            assert session.valid
            assert (await session.secret("smtp")).value.reveal() == "hunter2"
            assert dict(await session.config()) == {"a": "1"}
            assert str(await session.service("search")) == "10.0.0.7:9200"
            with pytest.raises(MissingError):
                await session.secret("nope")
        assert not session.valid

    run(main())
    assert platform.vault.tokens == {}


def test_changes_are_told_on_the_event_loop(platform: Platform, connected: Connected) -> None:
    told: list[tuple[frozenset[str], bool]] = []

    async def main() -> None:
        async with connected() as session:
            here = threading.current_thread()
            await session.on_config_change(
                lambda names: told.append((names, threading.current_thread() is here))
            )
            platform.consul.kv["env/main/config/a"] = "1"
            await eventually(lambda: bool(told))

    run(main())
    assert told == [(frozenset({"a"}), True)]


def test_a_known_neighbour_is_answered_without_a_thread(
    platform: Platform, connected: Connected
) -> None:
    platform.consul.services["main--search-1"] = SEARCH

    async def main() -> None:
        async with connected() as session:
            await session.service("search")
            answer = session.service("search")
            with pytest.raises(StopIteration) as found:
                answer.send(None)  # it has nothing to wait for
            assert str(found.value.value) == "10.0.0.7:9200"

    run(main())


def test_an_engine_that_is_slow_does_not_hold_up_the_event_loop(
    platform: Platform, connected: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bough_secrets.agent.ANSWER", 0.5)

    async def main() -> None:
        async with connected(patience=2) as session:
            platform.consul.hung = True
            asking = asyncio.create_task(session.service("search"))
            ticks = 0
            while not asking.done() and ticks < 20:
                await asyncio.sleep(0.01)
                ticks += 1
            assert ticks == 20
            platform.consul.services["main--search-1"] = SEARCH
            platform.consul.hung = False
            assert (await asking).port == 9200

    run(main())


async def without_a_credential(platform: Platform) -> None:
    quick = Timing(reissue=0.1)
    await aio.connect_or_exit(platform.addresses, timing=quick, instance="web-1-abcdef")


def test_without_a_credential_the_program_exits(
    platform: Platform, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as exit:
        run(without_a_credential(platform))
    assert exit.value.code == 77
    assert capsys.readouterr().err.startswith("bough: ")
