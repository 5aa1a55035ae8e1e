import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from tests.support.waiting import until

from bough.load import Load, driven


class Server:
    """An edge that answers with `status` and remembers which host it was asked for."""

    def __init__(self) -> None:
        self.status, self.hosts = 200, set[str]()
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                server.hosts.add(self.headers["Host"])
                self.send_response(server.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def edge() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


def test_requests_are_sent_until_the_end_and_all_are_counted(edge: Server) -> None:
    with driven("main.localhost", edge.port, "/", clients=2) as load:
        until(lambda: load.sent > 50, 10, "some were sent")
    sent = load.sent
    assert load.failed == 0
    assert load.sent == sent
    assert edge.hosts == {f"main.localhost:{edge.port}"}


def test_every_refusal_is_a_failure_by_its_kind(edge: Server) -> None:
    edge.status = 503
    with driven("main.localhost", edge.port, "/", clients=2) as load:
        until(lambda: load.failed > 5, 10, "some failed")
        edge.status = 200
        until(lambda: load.sent > load.failed, 10, "some did not")
    assert set(load.failures) == {"HTTP 503"}


def test_nobody_there_is_a_failure(edge: Server) -> None:
    edge.close()
    with driven("main.localhost", edge.port, "/", clients=1) as load:
        until(lambda: load.failed > 0, 10, "one failed")
    assert set(load.failures) <= {"NewConnectionError", "ProtocolError"}


def test_what_it_says() -> None:
    load = Load(
        times=[0.001 * number for number in range(1, 100)] + [2.5],
        failures={"HTTP 502": 1},
        gap=7.3,
    )
    assert load.facts() == {
        "sent": 101,
        "failed": 1,
        "held": 1,
        "p50 ms": 51.0,
        "p99 ms": 2500.0,
        "slowest ms": 2500.0,
        "gap ms": 7300.0,
        "failures": {"HTTP 502": 1},
    }


def test_nothing_was_sent() -> None:
    assert Load().facts()["p99 ms"] == 0.0
