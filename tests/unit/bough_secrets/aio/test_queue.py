import asyncio
import logging
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from tests.unit.bough_secrets.aio.conftest import Connected
from tests.unit.bough_secrets.aio.waiting import eventually, run

from bough_secrets import ConfigurationError, UnreachableError
from bough_secrets.aio import AsyncSession
from bough_secrets.aio.inbox import handle_once
from bough_secrets.aio.queue import AsyncMessage, AsyncQueue
from bough_secrets.connections import AsyncConnection
from bough_secrets.testing import Platform


class Worker:
    """Takes messages in a task of its own."""

    def __init__(self, queue: AsyncQueue, **how: int) -> None:
        self.seen: list[AsyncMessage] = []
        self._stop = threading.Event()
        self._messages = queue.messages(self._stop.is_set, **how)
        self._task = asyncio.create_task(self._work())

    @property
    def bodies(self) -> list[bytes]:
        return [message.body for message in self.seen]

    async def _work(self) -> None:
        async for message in self._messages:
            self.seen.append(message)
            await message.ack()

    async def stop(self) -> None:
        self._stop.set()
        await asyncio.wait_for(self._task, 5)


@asynccontextmanager
async def working(session: AsyncSession) -> AsyncIterator[tuple[AsyncQueue, Worker]]:
    queue = await session.queue("jobs")
    worker = Worker(queue)
    yield queue, worker
    await worker.stop()


def empty(platform: Platform) -> bool:
    held = [peer._unsettled for peer in platform.rabbitmq.peers]
    return not any(platform.rabbitmq.queues.values()) and not any(held)


def test_the_same_name_gives_the_same_queue(connected: Connected) -> None:
    async def main() -> None:
        async with connected() as session:
            queues = await asyncio.gather(*(session.queue("jobs") for _ in range(3)))
            assert len({id(queue) for queue in queues}) == 1

    run(main())


def test_what_is_published_arrives_once_and_in_order(
    platform: Platform, connected: Connected
) -> None:
    async def main() -> None:
        async with connected() as session, working(session) as (jobs, worker):
            bodies = [f"m{number}".encode() for number in range(30)]
            ids = await asyncio.gather(*(jobs.publish(body) for body in bodies))
            await eventually(lambda: worker.bodies == bodies)
            assert [message.id for message in worker.seen] == ids
            await eventually(lambda: empty(platform))

    run(main())


def test_a_message_is_kept_on_disk_with_its_id_and_sent_again_with_it(
    platform: Platform, connected: Connected
) -> None:
    async def main() -> None:
        async with connected() as session:
            jobs = await session.queue("jobs")
            platform.rabbitmq.lose_confirms = 1
            assert await jobs.publish("grüße", id="job-1") == "job-1"
        stored = platform.rabbitmq.queues["jobs"]
        assert [each.properties.message_id for each in stored] == ["job-1", "job-1"]
        assert {each.properties.delivery_mode for each in stored} == {2}

    run(main())


def test_a_rotation_loses_and_doubles_nothing(platform: Platform, connected: Connected) -> None:
    async def main() -> None:
        async with connected(drain=1.0) as session, working(session) as (jobs, worker):
            users = {jobs.user}
            bodies = [f"m{number}".encode() for number in range(60)]
            for number, body in enumerate(bodies):
                if number % 20 == 0:
                    jobs.rotate()
                    await eventually(lambda: jobs.user not in users)
                    users.add(jobs.user)
                await jobs.publish(body)
            await eventually(lambda: sorted(worker.bodies) == sorted(bodies))
            await eventually(lambda: empty(platform))
            assert {*platform.rabbitmq.opened} == users

    run(main())


def test_a_message_in_hand_may_be_settled_after_a_rotation(
    platform: Platform, connected: Connected
) -> None:
    async def main() -> None:
        async with connected(drain=5.0) as session:
            jobs = await session.queue("jobs")
            await jobs.publish("x")
            old = jobs.user
            async for message in jobs.messages():
                jobs.rotate()
                await eventually(lambda: jobs.user != old)
                await message.ack()
                break
            await eventually(lambda: empty(platform))

    run(main())


def test_an_account_that_was_taken_away_is_replaced(
    platform: Platform, connected: Connected
) -> None:
    async def main() -> None:
        async with connected() as session, working(session) as (jobs, worker):
            old = jobs.user
            platform.vault.revoke(old)
            platform.rabbitmq.terminate(old)
            await jobs.publish("after")
            assert jobs.user != old
            await eventually(lambda: worker.bodies == [b"after"])

    run(main())


@pytest.mark.parametrize(("again", "left"), [(True, 1), (False, 0)])
def test_what_is_rejected(platform: Platform, connected: Connected, again: bool, left: int) -> None:
    async def main() -> None:
        async with connected() as session:
            jobs = await session.queue("jobs")
            await jobs.publish("x")
            async for message in jobs.messages():
                await message.reject(again=again)
                await message.ack()  # it was settled before
                break
            await eventually(lambda: len(platform.rabbitmq.queues["jobs"]) == left)

    run(main())


def test_who_is_cancelled_gives_back_what_was_sent_ahead(
    platform: Platform, connected: Connected
) -> None:
    async def waiting(jobs: AsyncQueue, taken: Callable[[], None]) -> None:
        async for _message in jobs.messages(prefetch=3):
            taken()
            await asyncio.sleep(60)

    async def main() -> None:
        async with connected() as session:
            jobs, began = await session.queue("jobs"), asyncio.Event()
            for number in range(5):
                await jobs.publish(str(number))
            task = asyncio.create_task(waiting(jobs, began.set))
            await asyncio.wait_for(began.wait(), 5)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await eventually(lambda: len(platform.rabbitmq.queues["jobs"]) == 5)
            assert all(not peer._consumes for peer in platform.rabbitmq.peers)

    run(main())


def test_waiting_for_messages_holds_up_neither_the_loop_nor_publishing(
    connected: Connected,
) -> None:
    async def main() -> None:
        async with connected() as session:
            jobs = await session.queue("jobs")
            # more than asyncio's own threads
            workers = [Worker(jobs) for _ in range(40)]
            await jobs.publish("x")
            await eventually(lambda: sum(len(worker.seen) for worker in workers) == 1)
            ticks = []
            for _ in range(20):
                began = time.monotonic()
                await asyncio.sleep(0.01)
                ticks.append(time.monotonic() - began)
            assert sorted(ticks)[10] < 0.1
            await asyncio.gather(*(worker.stop() for worker in workers))

    run(main())


def test_closing_ends_the_messages(connected: Connected) -> None:
    async def main() -> None:
        async with connected() as session:
            jobs = await session.queue("jobs")
            worker = Worker(jobs)
            await jobs.publish("x")
            await eventually(lambda: bool(worker.seen))
        await worker.stop()
        with pytest.raises(UnreachableError):
            await jobs.publish("y")

    run(main())


# AMQPStorm leaves the socket that could not be connected to Python
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_while_the_broker_is_away_who_publishes_waits_no_longer_than_asked(
    platform: Platform, connected: Connected, caplog: pytest.LogCaptureFixture
) -> None:
    async def main() -> None:
        async with connected() as session, working(session) as (jobs, _worker):
            platform.rabbitmq.close()
            began = time.monotonic()
            asked = [jobs.publish("x", timeout=0.5) for _ in range(3)]
            found = await asyncio.gather(*asked, return_exceptions=True)
            assert all(isinstance(each, UnreachableError) for each in found)
            assert time.monotonic() - began < 4

    with caplog.at_level(logging.CRITICAL):
        run(main())


def test_a_message_without_an_id_is_refused(platform: Platform, connected: Connected) -> None:
    async def nothing(_connection: AsyncConnection, _message: AsyncMessage) -> None:
        pass

    async def main() -> None:
        async with connected() as session:
            jobs, database = await session.queue("jobs"), await session.database("db")
            await jobs.publish("x")
            async for message in jobs.messages():
                message.id = ""
                with pytest.raises(ConfigurationError, match="has no id"):
                    await handle_once(message, database, nothing)
                break
            await eventually(lambda: len(platform.rabbitmq.queues["jobs"]) == 1)

    run(main())
