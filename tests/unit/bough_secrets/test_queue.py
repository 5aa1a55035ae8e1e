import threading
import time
from collections.abc import Callable, Iterator

import pytest

from bough_secrets import ConfigurationError, Session, UnreachableError
from bough_secrets.message import Message
from bough_secrets.queue import Queue
from bough_secrets.testing import Platform


def eventually(condition: Callable[[], bool], seconds: float = 5) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


@pytest.fixture
def jobs(platform: Platform, connect: Callable[..., Session]) -> Queue:
    platform.deliver()
    return connect(drain=1.0).queue("jobs")


class Worker:
    """Takes messages in a thread of its own."""

    def __init__(self, queue: Queue, **how: int) -> None:
        self.seen: list[Message] = []
        self._stop = threading.Event()
        self._messages = queue.messages(self._stop.is_set, **how)
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    @property
    def bodies(self) -> list[bytes]:
        return [message.body for message in self.seen]

    def _work(self) -> None:
        for message in self._messages:
            self.seen.append(message)
            message.ack()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(10)
        assert not self._thread.is_alive()


@pytest.fixture
def worker(jobs: Queue) -> Iterator[Worker]:
    worker = Worker(jobs)
    yield worker
    worker.stop()


def empty(platform: Platform) -> bool:
    held = [peer._unsettled for peer in platform.rabbitmq.peers]
    return not any(platform.rabbitmq.queues.values()) and not any(held)


def test_what_is_published_arrives_once_and_in_order(
    platform: Platform, jobs: Queue, worker: Worker
) -> None:
    bodies = [f"m{number}".encode() for number in range(30)]
    for body in bodies:
        jobs.publish(body)
    eventually(lambda: worker.bodies == bodies)
    eventually(lambda: empty(platform))
    assert len({message.id for message in worker.seen}) == 30


def test_a_message_is_kept_on_disk_and_has_the_id_that_it_was_given(
    platform: Platform, jobs: Queue
) -> None:
    assert jobs.publish("grüße", id="job-1") == "job-1"
    (stored,) = platform.rabbitmq.queues["jobs"]
    assert stored.properties.message_id == "job-1"
    assert stored.properties.delivery_mode == 2
    assert stored.body == "grüße".encode()


@pytest.mark.parametrize("body", [b"", b"\xff\x00", b"x" * 300_000])
def test_any_bytes(jobs: Queue, worker: Worker, body: bytes) -> None:
    jobs.publish(body)
    eventually(lambda: worker.bodies == [body])


def test_what_may_have_arrived_is_sent_again_with_its_id(platform: Platform, jobs: Queue) -> None:
    platform.rabbitmq.lose_confirms = 1
    jobs.publish(b"x", id="job-1")
    stored = platform.rabbitmq.queues["jobs"]
    assert [each.properties.message_id for each in stored] == ["job-1", "job-1"]


def test_what_nobody_acknowledged_comes_again(platform: Platform, jobs: Queue) -> None:
    jobs.publish(b"x", id="job-1")
    for message in jobs.messages():
        assert not message.redelivered
        platform.rabbitmq.terminate()
        eventually(lambda: bool(platform.rabbitmq.queues["jobs"]))
        message.ack()  # too late, and no error
        break
    for message in jobs.messages():
        assert (message.id, message.redelivered) == ("job-1", True)
        message.ack()
        break
    eventually(lambda: empty(platform))


@pytest.mark.parametrize(("again", "left"), [(True, 1), (False, 0)])
def test_what_is_rejected(platform: Platform, jobs: Queue, again: bool, left: int) -> None:
    jobs.publish(b"x")
    for message in jobs.messages():
        message.reject(again=again)
        message.ack()  # it was settled before
        break
    eventually(lambda: len(platform.rabbitmq.queues["jobs"]) == left)


def test_a_rotation_loses_and_doubles_nothing(
    platform: Platform, jobs: Queue, worker: Worker
) -> None:
    users = {jobs.user}
    bodies = [f"m{number}".encode() for number in range(60)]
    for number, body in enumerate(bodies):
        if number % 20 == 0:
            jobs.rotate()
            eventually(lambda: jobs.user not in users)
            users.add(jobs.user)
        jobs.publish(body)
    eventually(lambda: sorted(worker.bodies) == sorted(bodies))
    eventually(lambda: empty(platform))
    assert {*platform.rabbitmq.opened} == users
    # and the accounts before the last are given back
    eventually(lambda: sum(left > 60 for left in leases(platform)) == 1)


def leases(platform: Platform) -> list[float]:
    return [until - time.monotonic() for _, until in platform.vault.leases.values()]


def test_an_account_that_was_taken_away_is_replaced(
    platform: Platform, jobs: Queue, worker: Worker
) -> None:
    jobs.publish(b"before")
    eventually(lambda: worker.bodies == [b"before"])
    old = jobs.user
    platform.vault.revoke(old)
    platform.rabbitmq.terminate(old)
    jobs.publish(b"after")
    assert jobs.user != old
    eventually(lambda: worker.bodies == [b"before", b"after"])


def test_a_connection_that_breaks_is_made_anew_with_the_same_account(
    platform: Platform, jobs: Queue, worker: Worker
) -> None:
    old = jobs.user
    platform.rabbitmq.terminate()
    jobs.publish(b"x")
    eventually(lambda: worker.bodies == [b"x"])
    assert jobs.user == old


def test_no_more_than_asked_for_is_sent_ahead(platform: Platform, jobs: Queue) -> None:
    for number in range(5):
        jobs.publish(str(number))
    for _ in jobs.messages(prefetch=2):
        assert len(platform.rabbitmq.queues["jobs"]) == 3
        break
    eventually(lambda: len(platform.rabbitmq.queues["jobs"]) == 5)


# AMQPStorm leaves the socket that could not be connected to Python
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_broker_that_is_away_is_named(platform: Platform, jobs: Queue) -> None:
    platform.rabbitmq.close()
    with pytest.raises(UnreachableError, match=r"The queue 'jobs' at 127\.0"):
        jobs.publish(b"x", timeout=0.3)


def test_closing_ends_the_messages(platform: Platform, connect: Callable[..., Session]) -> None:
    platform.deliver()
    session = connect()
    jobs = session.queue("jobs")
    assert session.queue("jobs") is jobs
    worker = Worker(jobs)
    session.close()
    worker.stop()
    with pytest.raises(UnreachableError):
        jobs.publish(b"x")


def test_another_kind_is_refused_with_the_way_to_it(session: Session) -> None:
    with pytest.raises(ConfigurationError, match=r"no queue\. Use session\.database"):
        session.queue("db")
    with pytest.raises(ConfigurationError, match=r"no PostgreSQL database\. Use session\.queue"):
        session.database("jobs")


def test_no_error_holds_the_password(platform: Platform, jobs: Queue) -> None:
    password = platform.vault.accounts.pop(jobs.user)
    platform.vault.sealed = True
    platform.rabbitmq.terminate()
    with pytest.raises(UnreachableError) as caught:
        jobs.publish(b"x", timeout=0.3)
    assert "Login was refused" in str(caught.value)
    assert password not in str(caught.value)
