"""Against a small master, which answers as HAProxy's does and can cut off whoever asks."""

from __future__ import annotations

import socket
import threading
from contextlib import chdir, contextmanager
from typing import TYPE_CHECKING

from bough_components.local.edge import control

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pytest

    from bough_components.local.home import Home

SHOWN = """\
#<PID>          <type>          <reloads>       <uptime>        <version>
7               master          2  [failed: 0]  0d00h00m03s     2.6.12-1
# workers
21              worker          0               0d00h00m01s     2.6.12-1
# old workers
13              worker          1               0d00h00m02s     2.6.12-1
9               worker          2               0d00h00m03s     2.6.12-1
# programs

"""
STATISTICS = """\
# pxname,svname,qcur,qmax,scur,status,
env-main,10.213.0.70:8000,1,0,2,UP,
env-main,10.213.0.71:8000,,0,0,DRAIN,
env-main,BACKEND,0,0,2,UP,
nowhere,BACKEND,0,0,0,UP,

"""


@contextmanager
def master(home: Home, token: str, answers: dict[str, str], cut: int = 0) -> Iterator[list[str]]:
    """What it was asked; the first `cut` who ask are cut off."""
    asked: list[str] = []
    path = control.folder(home) / control.socket_name(token)
    with socket.socket(socket.AF_UNIX) as listener:
        with chdir(path.parent):
            listener.bind(path.name)
        listener.listen()

        def serve() -> None:
            left = cut
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    if left:
                        left -= 1
                        continue
                    asked.append(connection.makefile().readline().strip())
                    connection.sendall(answers.get(asked[-1], "\n").encode())

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield asked
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(5)


def test_the_worker_that_takes_new_clients_is_the_first(home: Home) -> None:
    with master(home, "old", {"show proc": SHOWN}), master(home, "new", {"show proc": SHOWN}):
        found = control.workers(home)
    assert [(each.pid, each.leaving) for each in found] == [
        *((21, False), (13, True), (9, True)),
        *((21, True), (13, True), (9, True)),
    ]
    assert [each.master.name for each in found[::3]] == ["master-new.sock", "master-old.sock"]


def test_a_master_that_reads_its_configuration_anew_is_asked_again(home: Home) -> None:
    with master(home, "a", {"show proc": SHOWN}, cut=3):
        assert len(control.workers(home)) == 3


def test_where_nobody_listens_nobody_works(home: Home) -> None:
    assert control.workers(home) == []
    with master(home, "a", {"show proc": SHOWN}):
        pass
    assert control.masters(home)
    assert control.workers(home) == []


def test_a_path_that_is_too_long_for_a_socket(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOUGH_HOME", str(tmp_path / ("long" * 30)))
    there = type(home).current()
    with master(there, "a", {"show proc": SHOWN}):
        assert len(control.workers(there)) == 3


def test_servers(home: Home) -> None:
    with master(home, "a", {"@!9 show stat -1 6 -1": STATISTICS}) as asked:
        worker = control.Worker(control.masters(home)[0], 9, leaving=False)
        found = control.servers(worker)
        assert asked == ["@!9 show stat -1 6 -1"]
    assert found == {
        "env-main": [
            control.Server("10.213.0.70:8000", "UP", 3),
            control.Server("10.213.0.71:8000", "DRAIN", 0),
        ],
        "nowhere": [],
    }


def test_a_worker_that_has_ended_has_nothing(home: Home) -> None:
    gone = "Can't find the target PID matching the prefix '@!9'\n"
    with master(home, "a", {"@!9 show stat -1 6 -1": gone, "@!9 show info": gone}):
        worker = control.Worker(control.masters(home)[0], 9, leaving=True)
        assert control.servers(worker) == {}
        assert control.generation(worker) == ""
