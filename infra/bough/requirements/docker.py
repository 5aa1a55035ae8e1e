"""Asks the Docker engine for its version the way its clients do, and says why it is silent."""

import http.client
import json
import os
import shutil
import socket
import subprocess

from bough.requirements.finding import Finding
from bough.requirements.versions import Range

DEFAULT_HOST = "unix:///var/run/docker.sock"
SECONDS_TO_ANSWER = 10
INSTALL = "{sudo}apt-get install -y docker.io"
START = "{sudo}service docker start"
JOIN = "{sudo}usermod -aG docker $USER, then log in again"


class UnixConnection(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=SECONDS_TO_ANSWER)
        self.path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(SECONDS_TO_ANSWER)
        self.sock.connect(self.path)


def docker_host() -> str:
    return os.environ.get("DOCKER_HOST") or DEFAULT_HOST


def find_docker(wanted: Range) -> Finding:
    """The engine behind `DOCKER_HOST`, or behind the default socket."""
    host = docker_host()
    try:
        version = engine_version(host)
    except PermissionError:
        return Finding(None, f"{host} answers only to the group docker", JOIN, host)
    except (OSError, ValueError, http.client.HTTPException, subprocess.SubprocessError) as error:
        installed = host != DEFAULT_HOST or shutil.which("dockerd") or shutil.which("docker")
        return Finding(None, f"no answer at {host} ({error})", START if installed else INSTALL)
    problem = "" if version in wanted else "another version is needed"
    return Finding(version, problem, where=host)


def engine_version(host: str) -> str:
    """Raises OSError when nothing answers, PermissionError when this user may not ask."""
    kind, _, address = host.partition("://")
    if kind == "unix":
        return _ask(UnixConnection(address))
    if kind == "tcp" and not os.environ.get("DOCKER_TLS_VERIFY"):
        return _ask(http.client.HTTPConnection(address, timeout=SECONDS_TO_ANSWER))
    return _ask_client()


def _ask(connection: http.client.HTTPConnection) -> str:
    try:
        connection.request("GET", "/version")
        return str(json.loads(connection.getresponse().read())["Version"])
    except KeyError as error:
        raise ConnectionError("it is not a Docker engine") from error
    finally:
        connection.close()


def _ask_client() -> str:
    client = shutil.which("docker")
    if client is None:
        raise ConnectionError("this kind of address needs the docker command")
    form = "{{.Server.Version}}"
    answer = subprocess.run(
        [client, "version", "--format", form],
        capture_output=True,
        check=False,
        text=True,
        timeout=SECONDS_TO_ANSWER,
    )
    if answer.returncode:
        raise ConnectionError(answer.stderr.strip().splitlines()[-1:] or "no answer")
    return answer.stdout.strip()
