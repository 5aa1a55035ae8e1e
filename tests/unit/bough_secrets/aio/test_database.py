import asyncio
import logging
from contextlib import suppress
from typing import Any

import psycopg
import pytest
from psycopg_pool import AsyncConnectionPool, PoolClosed, PoolTimeout
from tests.unit.bough_secrets.aio.conftest import Connected
from tests.unit.bough_secrets.aio.waiting import eventually, run

from bough_secrets.aio.database import AsyncDatabase
from bough_secrets.testing import Platform


async def user(database: AsyncDatabase) -> str:
    async with database.connection() as connection:
        found = await (await connection.execute("SELECT session_user")).fetchone()
    assert found
    return str(found[0])


async def rotated(database: AsyncDatabase) -> None:
    before = database.user
    database.rotate()
    await eventually(lambda: database.user != before)


def users(platform: Platform) -> list[str]:
    return list(platform.postgres.sockets.values())


def test_the_same_name_gives_the_same_database(connected: Connected) -> None:
    async def main() -> None:
        async with connected() as session:
            databases = await asyncio.gather(*(session.database("db") for _ in range(3)))
            assert len({id(database) for database in databases}) == 1

    run(main())


def test_no_connection_is_kept_for_what_is_not_asyncio(
    platform: Platform, connected: Connected
) -> None:
    async def main() -> None:
        async with connected() as session:
            database = await session.database("db")
            await user(database)
            await eventually(lambda: len(platform.postgres.sockets) == 1)

    run(main())


def test_a_rotation_swaps_the_account_and_leaves_no_old_connection(
    platform: Platform, connected: Connected
) -> None:
    async def main() -> None:
        async with connected() as session:
            database = await session.database("db")
            old = await user(database)
            await rotated(database)
            await eventually(lambda: old not in users(platform))
            assert await user(database) == database.user != old

    run(main())


def test_a_connection_in_use_survives_a_rotation_and_holds_the_old_lease(
    platform: Platform, connected: Connected
) -> None:
    def shortened(account: str) -> bool:
        renewals = [r.body for r in platform.vault.requests if r.path.endswith("leases/renew")]
        mine = [lease for lease, (owner, _) in platform.vault.leases.items() if owner == account]
        return any(r["lease_id"] in mine and r["increment"] == 60 for r in renewals)

    async def main() -> None:
        async with connected(drain=30) as session:
            database = await session.database("db")
            old = database.user
            async with database.connection() as connection:
                await rotated(database)
                await asyncio.sleep(0.7)
                found = await (await connection.execute("SELECT session_user")).fetchone()
                assert found == (old,)
                assert not shortened(old)
            await eventually(lambda: shortened(old))

    run(main())


def test_no_request_fails_while_accounts_are_replaced(connected: Connected) -> None:
    async def main() -> None:
        seen: set[str] = set()
        stop = asyncio.Event()

        async def load(database: AsyncDatabase) -> None:
            while not stop.is_set():
                seen.add(await user(database))

        async with connected() as session:
            database = await session.database("db")
            tasks = [asyncio.create_task(load(database)) for _ in range(8)]
            await eventually(lambda: database.user in seen)
            for _ in range(5):
                await rotated(database)
                await eventually(lambda: database.user in seen)
            stop.set()
            await asyncio.gather(*tasks)
        assert len(seen) == 6

    run(main())


def test_an_account_revoked_from_outside_is_replaced(
    platform: Platform, connected: Connected, caplog: pytest.LogCaptureFixture
) -> None:
    async def main() -> None:
        async with connected() as session:
            database = await session.database("db")
            old = await user(database)
            platform.vault.revoke(old)
            platform.postgres.terminate(old)
            assert await user(database) not in ("", old)

    with caplog.at_level(logging.WARNING):
        run(main())
    passwords = platform.vault.accounts.values()
    assert not any(password in caplog.text for password in passwords)


def test_the_end_of_the_block_ends_the_transaction(connected: Connected) -> None:
    async def main() -> None:
        async with connected() as session:
            database = await session.database("db", max_size=1)
            with pytest.raises(LookupError):
                async with database.connection():
                    raise LookupError
            assert await user(database)
            async with database.connection():
                with pytest.raises(PoolTimeout):
                    await database.borrow(timeout=0.05)

    run(main())


def test_a_request_that_is_cancelled_keeps_no_connection(connected: Connected) -> None:
    async def main() -> None:
        async with connected() as session:
            database = await session.database("db", max_size=1)

            async def work(began: asyncio.Event) -> None:
                async with database.connection():
                    began.set()
                    await asyncio.sleep(60)

            for _ in range(3):
                began = asyncio.Event()
                task = asyncio.create_task(work(began))
                await began.wait()
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
            assert await user(database)

    run(main())


def test_a_cancellation_that_comes_with_the_connection_counts(
    connected: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    getconn = AsyncConnectionPool.getconn

    async def answered_and_cancelled(*arguments: Any) -> Any:
        connection = await getconn(*arguments)
        if task := asyncio.current_task():
            task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(0)
        return connection

    async def main() -> None:
        async with connected() as session:
            database = await session.database("db", max_size=1)
            with monkeypatch.context() as patched:
                patched.setattr(AsyncConnectionPool, "getconn", answered_and_cancelled)
                task = asyncio.create_task(user(database))
                with pytest.raises(asyncio.CancelledError):
                    await task
            assert await user(database)

    run(main())


def test_after_the_end_there_are_no_connections(platform: Platform, connected: Connected) -> None:
    async def main() -> None:
        async with connected() as session:
            database = await session.database("db")
            await user(database)
        with pytest.raises(PoolClosed):
            await user(database)
        await eventually(lambda: not platform.postgres.sockets)

    run(main())


def test_a_dead_connection_is_not_handed_out(platform: Platform, connected: Connected) -> None:
    async def main() -> None:
        async with connected() as session:
            database = await session.database("db")
            account = await user(database)
            platform.postgres.terminate(account)
            try:
                assert await user(database) == account
            except psycopg.OperationalError as error:
                pytest.fail(f"the dead connection was handed out: {error}")

    run(main())


def test_a_dead_connection_is_never_handed_out(platform: Platform, connected: Connected) -> None:
    async def main() -> None:
        async with connected() as session:
            database = await session.database("db", max_size=1)
            await user(database)
            platform.postgres.dying = True
            platform.postgres.terminate(database.user)
            with pytest.raises(PoolTimeout):
                async with database.connection(timeout=1):
                    pass

    run(main())
