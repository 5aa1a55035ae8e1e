import asyncio

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from tests.unit.bough_secrets.aio.conftest import Connected
from tests.unit.bough_secrets.aio.waiting import eventually, run

from bough_secrets.testing import Platform

WHO = text("SELECT session_user")


async def user(engine: AsyncEngine) -> str:
    async with engine.connect() as connection:
        return str((await connection.execute(WHO)).scalar_one())


def test_an_asyncio_engine_follows_rotations(platform: Platform, connected: Connected) -> None:
    async def main() -> None:
        async with connected() as session:
            engine, database = await session.engine("db"), await session.database("db")
            assert await user(engine) == database.user
            stop, seen = asyncio.Event(), set[str]()

            async def load() -> None:
                while not stop.is_set():
                    seen.add(await user(engine))

            tasks = [asyncio.create_task(load()) for _ in range(8)]
            await eventually(lambda: database.user in seen)
            for _ in range(4):
                before = database.user
                database.rotate()
                await eventually(lambda before=before: database.user != before)  # type: ignore[misc]
                await eventually(lambda: database.user in seen)
            stop.set()
            await asyncio.gather(*tasks)
            assert len(seen) == 5
            await eventually(lambda: set(platform.postgres.sockets.values()) == {database.user})

    run(main())


def test_an_asyncio_connection_in_use_counts(connected: Connected) -> None:
    async def main() -> None:
        async with connected() as session:
            engine = await session.engine("db", max_size=1)
            generation = session.session.database("db").generation
            async with engine.connect() as connection:
                assert generation.out == 1
                await forget(connection)
            assert generation.out == 0
            assert await user(engine)

    async def forget(connection: AsyncConnection) -> None:
        await connection.invalidate()

    run(main())
