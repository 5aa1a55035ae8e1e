import threading
import time
from collections.abc import Callable

from bough_secrets import Session
from bough_secrets.testing import Platform

ID = "main--web-1-abcdef"


def test_a_service_with_a_port_is_checked_over_http(platform: Platform, session: Session) -> None:
    session.register()
    entry = platform.consul.services[ID]
    [check] = entry["checks"]
    assert (entry["name"], entry["address"], entry["port"]) == ("main--web", "127.0.0.1", 8000)
    assert check["http"] == "http://127.0.0.1:8000/health/ready"
    assert check["DeregisterCriticalServiceAfter"] == "5m"


def test_a_worker_reports_by_itself(platform: Platform, connect: Callable[..., Session]) -> None:
    platform.describe(port=None)
    platform.deliver()
    alive = threading.Event()
    connect(heartbeat=0.05).register(alive.is_set)
    [check] = platform.consul.services[ID]["checks"]
    assert check["ttl"] == "0.15s"
    assert ID in platform.consul.critical
    alive.set()
    until(lambda: ID not in platform.consul.critical)


def test_registers_again_when_consul_forgot(
    platform: Platform, connect: Callable[..., Session]
) -> None:
    platform.deliver()
    connect(heartbeat=0.05).register()
    platform.consul.services.clear()
    until(lambda: ID in platform.consul.services)


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)
