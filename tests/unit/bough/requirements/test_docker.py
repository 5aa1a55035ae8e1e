import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.unit.bough.requirements.conftest import Machine

from bough.requirements.docker import find_docker
from bough.requirements.table import DOCKER_VERSIONS


class Handler(socketserver.StreamRequestHandler):
    body = b"{}"

    def handle(self) -> None:
        while self.rfile.readline().strip():
            pass
        self.wfile.write(b"HTTP/1.0 200 OK\r\n\r\n" + self.body)


@contextmanager
def engine(server: socketserver.BaseServer) -> Iterator[None]:
    """A socket that answers every request with the same document."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def saying(document: str) -> type[Handler]:
    return type("Saying", (Handler,), {"body": document.encode()})


@pytest.mark.parametrize(
    ("document", "version", "serves"),
    [
        ('{"Version": "28.2.2"}', "28.2.2", True),
        ('{"Version": "20.10.24+dfsg1"}', "20.10.24+dfsg1", True),
        ('{"Version": "19.03.1"}', "19.03.1", False),
        ('{"message": "not Docker"}', None, False),
        ("<html>", None, False),
    ],
)
def test_the_engine_behind_docker_host_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, document: str, version: str, serves: bool
) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/d.sock")
    with engine(socketserver.UnixStreamServer(f"{tmp_path}/d.sock", saying(document))):
        finding = find_docker(DOCKER_VERSIONS)
    assert (finding.version, finding.serves) == (version, serves)


def test_an_engine_at_a_network_address_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    server = socketserver.TCPServer(("127.0.0.1", 0), saying('{"Version": "27.0.1"}'))
    host, port = server.server_address[:2]
    monkeypatch.setenv("DOCKER_HOST", f"tcp://{host!s}:{port}")
    monkeypatch.delenv("DOCKER_TLS_VERIFY", raising=False)
    with engine(server):
        assert find_docker(DOCKER_VERSIONS).version == "27.0.1"


def test_other_addresses_are_left_to_the_docker_command(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", "ssh://builder")
    machine.program("docker", "26.1.0")
    assert find_docker(DOCKER_VERSIONS).version == "26.1.0"


def test_a_docker_command_that_fails_says_why(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", "ssh://builder")
    machine.program("docker", "").write_text("#!/bin/sh\necho no route to builder >&2\nexit 1\n")
    assert "no route to builder" in find_docker(DOCKER_VERSIONS).problem


def test_an_engine_that_is_not_there_is_to_be_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    finding = find_docker(DOCKER_VERSIONS)
    assert finding.version is None
    assert f"no answer at unix://{tmp_path}/none.sock" in finding.problem
    assert "start" in finding.mend
