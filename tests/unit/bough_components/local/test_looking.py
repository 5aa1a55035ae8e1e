"""Looking at what stands, over a socket on which something else than Docker answers."""

import json
import os
import socketserver
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from bough_components.errors import UnavailableError
from bough_components.local import looking

STANDING = {"State": {"Status": "running"}}


class Engine(BaseHTTPRequestHandler):
    """Knows a container `web`, answers 500 to `ill`, and lists the labels that it was asked for."""

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        answer: object
        known = {"/containers/web/json": (200, STANDING), "/networks/ill": (500, {"message": "no"})}
        if url.path == "/containers/json":
            (filters,) = parse_qs(url.query)["filters"]
            status, answer = 200, [{"Labels": label} for label in json.loads(filters)["label"]]
        else:
            status, answer = known.get(url.path, (404, {"message": "No such thing"}))
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def address_string(self) -> str:
        return "unix"

    def log_message(self, *_: object) -> None:
        """Stay silent."""


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    address = tmp_path / "docker.sock"
    monkeypatch.setenv("DOCKER_HOST", f"unix://{address}")
    with socketserver.ThreadingUnixStreamServer(str(address), Engine) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield
        server.shutdown()


@pytest.mark.usefixtures("engine")
def test_what_is_there_and_what_is_not() -> None:
    assert looking.container("web") == STANDING
    assert looking.container("nope") is None
    assert looking.network("nope") is None


@pytest.mark.usefixtures("engine")
def test_labels_are_asked_for_together() -> None:
    assert looking.labelled({"a": "1", "b": "x y"}) == [{"Labels": "a=1"}, {"Labels": "b=x y"}]


@pytest.mark.usefixtures("engine")
def test_an_engine_that_fails_is_not_taken_for_an_absence() -> None:
    with pytest.raises(UnavailableError, match="answered 500"):
        looking.network("ill")


@pytest.mark.parametrize("host", ["unix:///nowhere/docker.sock", "tcp://127.0.0.1:1"])
def test_a_silent_engine(host: str) -> None:
    code = (
        "from bough_components.local import looking\n"
        "from bough_components.errors import UnavailableError\n"
        "try:\n    looking.container('web')\n"
        "except UnavailableError as error:\n    print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "DOCKER_HOST": host},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("the Docker engine does not answer")


@pytest.mark.usefixtures("engine")
def test_looking_loads_no_client() -> None:
    code = (
        "import sys\nfrom bough_components.local import looking, network, instances\n"
        "looking.container('web')\nprint({'docker', 'requests'} & sys.modules.keys())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
