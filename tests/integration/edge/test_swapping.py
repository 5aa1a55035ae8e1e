"""Instances are exchanged under mixed traffic, and nothing is dropped."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from tests.support.edges import SLUG, Instance, failures, instance, traffic
from tests.support.waiting import until

from bough_components.local import edge
from bough_components.local.edge import control, draining, plan

if TYPE_CHECKING:
    from tests.support.edges import Edge

pytestmark = pytest.mark.timeout(180)
OTHER = edge.Routing(slug="other", host="other.localhost", health="/", servers=["127.0.0.1:1"])


def swap(made: Edge, old: Instance, new: Instance, seconds: float = 20) -> bool:
    """What a release does, in its order; whether the old one had nothing left to do."""
    made.route(new.server)
    drained = edge.drain(made.home, old.server, seconds)
    assert old.stop() == 0
    edge.forget(made.home, old.server)
    return drained


def servers(made: Edge) -> list[str]:
    """All that the worker has which takes new clients."""
    current = control.workers(made.home)[0]
    return [
        each.name
        for backend, there in control.servers(current).items()
        for each in there
        if backend not in plan.FIXED
    ]


def test_nothing_is_dropped(made: Edge) -> None:
    with instance("one") as one, instance("two") as two, instance("three") as three:
        made.route(one.server)
        with traffic(made.port) as found:
            until(lambda: draining.in_flight(made.home, one.server) > 10, 20, "traffic")
            # streams that last stay until the limit, and are then ended by the application
            assert not swap(made, one, two, seconds=4)
            edge.set_route(made.home, OTHER)
            # who is connected to a worker from before that reload is not forgotten
            assert not swap(made, two, three, seconds=4)
        assert failures(found) == {}
        assert all(len(facts["times"]) > 10 for facts in found.values())
        assert sorted(servers(made)) == sorted([three.server, *OTHER.servers])


def test_what_is_in_flight_is_waited_for(made: Edge) -> None:
    with instance("one") as one, instance("two") as two, ThreadPoolExecutor() as pool:
        made.route(one.server)
        slow = pool.submit(made.ask, "/slow")
        until(lambda: draining.in_flight(made.home, one.server), 10, "the request is there")
        made.route(two.server)
        assert made.ask().text == "two"
        assert not slow.done()
        assert edge.drain(made.home, one.server, 20)
        # whatever becomes of the instance now
        one.process.kill()
        assert (slow.result().status_code, slow.result().text) == (200, "one")


def test_an_old_worker_s_client_is_waited_for(made: Edge) -> None:
    with instance("one") as one, instance("two") as two, ThreadPoolExecutor() as pool:
        made.route(one.server)
        slow = pool.submit(made.ask, "/slow")
        until(lambda: draining.in_flight(made.home, one.server), 10, "the request is there")
        edge.set_route(made.home, OTHER)
        assert len(control.workers(made.home)) > 1
        made.route(two.server)
        assert not slow.done()
        assert edge.drain(made.home, one.server, 20)
        one.process.kill()
        assert slow.result().text == "one"


def test_the_wait_has_an_end(made: Edge) -> None:
    with instance("one") as one, instance("two") as two, ThreadPoolExecutor() as pool:
        made.route(one.server)
        slow = pool.submit(made.ask, "/slow")
        until(lambda: draining.in_flight(made.home, one.server), 10, "the request is there")
        made.route(two.server)
        assert not edge.drain(made.home, one.server, 0.5)
        assert not slow.done()
        assert slow.result().text == "one"


def test_nobody_waits_for_a_server_that_the_edge_does_not_know(made: Edge) -> None:
    began = time.monotonic()
    assert edge.drain(made.home, "127.0.0.1:1", 20)
    edge.forget(made.home, "127.0.0.1:1")
    assert time.monotonic() - began < 5


def test_one_replica_takes_the_place_of_another(made: Edge) -> None:
    with instance("one") as one, instance("two") as two, instance("three") as three:
        made.route(one.server, two.server)
        edge.exchange(made.home, SLUG, one.server, three.server)
        assert {made.ask().text for _ in range(8)} == {"two", "three"}
        edge.exchange(made.home, SLUG, one.server, three.server)
        edge.exchange(made.home, "nobody", two.server, three.server)
        assert {made.ask().text for _ in range(8)} == {"two", "three"}


def test_a_server_whose_address_is_used_again(made: Edge) -> None:
    with instance("one") as one, instance("two") as two:
        made.route(one.server)
        made.route(two.server)
        made.route(one.server)
        assert {made.ask().text for _ in range(4)} == {"one"}


def test_the_file_is_the_truth_after_a_crash(made: Edge) -> None:
    with instance("one") as one, instance("two") as two:
        made.route(one.server)
        made.route(two.server)
        made.crash()
        until(lambda: made.answers("two"), 20, "served again")
        assert {made.ask().text for _ in range(4)} == {"two"}


def test_requests_wait_while_there_is_no_instance(made: Edge) -> None:
    with instance("one") as one, ThreadPoolExecutor() as pool:
        made.route(one.server)
        one.become(ready=503)
        until(lambda: not serving(made), 10, "taken out of traffic")
        waiting = pool.submit(made.ask)
        time.sleep(1)
        assert not waiting.done()
        one.become(ready=200)
        assert waiting.result().text == "one"


def test_after_some_seconds_they_fail(made: Edge) -> None:
    made.route("127.0.0.1:1")
    until(lambda: not serving(made), 10, "known to be away")
    began = time.monotonic()
    answer = made.ask()
    assert 8 < time.monotonic() - began < 13
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "no instance" in answer.text


def serving(made: Edge) -> bool:
    there = control.servers(control.workers(made.home)[0])[f"env-{SLUG}"]
    return any(each.status.startswith("UP") for each in there)
