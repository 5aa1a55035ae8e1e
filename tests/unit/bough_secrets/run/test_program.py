"""The whole of bough-run, as a process with a program under it."""

import signal
import socket
import stat
import time
from pathlib import Path

import psycopg
import pytest
from amqpstorm.uri_connection import UriConnection
from tests.unit.bough_secrets.run.running import eventually, running, started

from bough_secrets.testing import Platform

SHOWS_ITS_USER = """
    import signal, sys, time
    from pathlib import Path
    user = lambda: Path({user!r}).read_text()
    def show(number, _frame):
        print(signal.Signals(number).name, user())
        if number == signal.SIGTERM:
            sys.exit(3)
    for number in (signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2, signal.SIGTERM):
        signal.signal(number, show)
    print("started", user())
    while True:
        time.sleep(60)
"""


@pytest.fixture
def files(memory: Path) -> Path:
    return memory / "files"


@pytest.fixture
def shows_its_user(files: Path) -> str:
    return SHOWS_ITS_USER.format(user=str(files / "databases/db/user"))


@pytest.fixture(autouse=True)
def _delivered(platform: Platform) -> None:
    own = "env/main/kv/data/instances/web/"
    platform.vault.kv[own + socket.gethostname()] = platform.vault.kv[own + "web-1-abcdef"]
    platform.deliver()


def users(platform: Platform) -> list[str]:
    return [*platform.vault.accounts]


def test_the_program_finds_a_working_account_in_files_that_only_it_can_read(
    platform: Platform, memory: Path, files: Path, shows_its_user: str
) -> None:
    with running(platform, memory, shows_its_user) as run:
        eventually(lambda: bool(run.lines), "started")
        own = files / "databases/db"
        with psycopg.connect((own / "url").read_text()) as connection:
            found = connection.execute("SELECT session_user").fetchone()
        assert found == ((own / "user").read_text(),)
        assert run.lines == [f"started {users(platform)[0]}"]
        modes = {stat.S_IMODE(path.stat().st_mode) for path in own.iterdir()}
        assert modes == {0o400}
        assert {stat.S_IMODE(path.stat().st_mode) for path in (files, own)} == {0o700}


def test_asked_to_end_it_passes_that_on_and_gives_everything_back(
    platform: Platform, memory: Path, files: Path, shows_its_user: str
) -> None:
    with running(platform, memory, shows_its_user) as run:
        eventually(lambda: bool(run.lines), "started")
        [user] = users(platform)
        run.send(signal.SIGTERM)
        assert run.status() == 3
        assert run.lines[-1] == f"SIGTERM {user}"
    assert platform.vault.tokens == {}
    assert not files.exists()
    assert not (platform.directory / "token").exists()
    assert not (platform.directory / "bough-run.pid").exists()


@pytest.mark.parametrize("name", ["SIGHUP", "SIGUSR1", "SIGUSR2"])
def test_signals_are_passed_on(
    platform: Platform, memory: Path, shows_its_user: str, name: str
) -> None:
    with running(platform, memory, shows_its_user) as run:
        eventually(lambda: bool(run.lines), "started")
        run.send(signal.Signals[name])
        run.wait_for(f"{name} {users(platform)[0]}")


@pytest.mark.parametrize(
    ("end", "status"),
    [("sys.exit(5)", 5), ("os.kill(os.getpid(), 9)", 137), ("os.abort()", 134)],
)
def test_after_a_crash_its_status_is_passed_on_and_the_token_kept(
    platform: Platform, memory: Path, files: Path, end: str, status: int
) -> None:
    with running(platform, memory, f"import os, sys; {end}") as run:
        assert run.status() == status
    assert not files.exists()
    with running(platform, memory, "print('again')") as run:
        assert run.status() == 0
        assert run.lines == ["again"]
    assert platform.vault.tokens == {}


def test_a_rotation_is_signalled_once_the_files_have_the_new_account(
    platform: Platform, memory: Path, shows_its_user: str
) -> None:
    with running(platform, memory, shows_its_user, on_change={"signal": "HUP"}) as run:
        eventually(lambda: bool(run.lines), "started")
        with started(platform, "--rotate") as asking:
            assert asking.status() == 0
        eventually(lambda: len(users(platform)) == 2, "another account")
        old, new = users(platform)
        run.wait_for(f"SIGHUP {new}")
        [left] = [until for user, until in platform.vault.leases.values() if user == old]
        assert left - time.monotonic() > 3000


def test_a_rotation_restarts_the_program_once_the_files_have_the_new_account(
    platform: Platform, memory: Path, shows_its_user: str
) -> None:
    with running(platform, memory, shows_its_user) as run:
        eventually(lambda: bool(run.lines), "started")
        run.send(signal.SIGRTMIN)
        eventually(lambda: len(users(platform)) == 2, "another account")
        old, new = users(platform)
        run.wait_for(f"started {new}")
        assert run.lines[0] == f"started {old}"
        assert run.lines[1].startswith("SIGTERM")
        assert len(run.lines) == 3


def test_a_queue_s_account_is_handed_over_and_replaced_too(
    platform: Platform, memory: Path, files: Path
) -> None:
    program = SHOWS_ITS_USER.format(user=str(files / "queues/jobs/user"))
    template = {
        "destination": str(files / "ini"),
        "contents": "{{ queue('jobs').url }}",
    }
    settings = {"databases": [], "queues": ["jobs"], "templates": [template]}
    with running(platform, memory, program, on_change={"signal": "HUP"}, **settings) as run:
        eventually(lambda: bool(run.lines), "started")
        [old] = users(platform)
        own = files / "queues/jobs"
        assert {path.name: path.read_text() for path in own.iterdir()} == {
            "user": old,
            "password": platform.vault.accounts[old],
            "host": "127.0.0.1",
            "port": str(platform.rabbitmq.port),
            "vhost": "app",
            "url": (files / "ini").read_text(),
        }
        with UriConnection((own / "url").read_text()) as connection:
            assert connection.is_open
        run.send(signal.SIGRTMIN)
        eventually(lambda: len(users(platform)) == 2, "another account")
        new = users(platform)[1]
        run.wait_for(f"SIGHUP {new}")
        assert new in (files / "ini").read_text()
        assert platform.vault.accounts[new] not in run.said


def test_a_changed_secret_is_noticed(platform: Platform, memory: Path, files: Path) -> None:
    path = "env/main/kv/data/secrets/smtp"
    platform.vault.kv[path] = {"password": "one"}
    program = f"""
        import signal, time
        from pathlib import Path
        signal.signal(signal.SIGUSR1, lambda *_: print(Path({str(files)!r}, "smtp").read_text()))
        print("started")
        while True:
            time.sleep(60)
    """
    template = {
        "destination": str(files / "smtp"),
        "contents": "{{ secret('smtp').password }}",
        "on_change": {"signal": "USR1"},
    }
    with running(platform, memory, program, templates=[template], refresh=1) as run:
        run.wait_for("started")
        platform.vault.kv[path] = {"password": "two"}
        run.wait_for("two")
        assert "two" not in run.said


def test_a_secret_that_is_gone_holds_nothing_else_up(
    platform: Platform, memory: Path, files: Path, shows_its_user: str
) -> None:
    path = "env/main/kv/data/secrets/smtp"
    platform.vault.kv[path] = {"password": "one"}
    settings = {"secrets": ["smtp"], "refresh": 1, "on_change": {"signal": "HUP"}}
    with running(platform, memory, shows_its_user, **settings) as run:
        eventually(lambda: bool(run.lines), "started")
        del platform.vault.kv[path]
        eventually(lambda: "secrets/smtp" in run.said, "it is said")
        run.send(signal.SIGRTMIN)
        eventually(lambda: len(users(platform)) == 2, "another account")
        run.wait_for(f"SIGHUP {users(platform)[1]}")
        assert (files / "secrets/smtp/password").read_text() == "one"


def test_an_account_revoked_from_outside_is_replaced(
    platform: Platform, memory: Path, shows_its_user: str
) -> None:
    with running(platform, memory, shows_its_user, on_change={"signal": "HUP"}) as run:
        eventually(lambda: bool(run.lines), "started")
        [old] = users(platform)
        platform.vault.revoke(old)
        platform.postgres.terminate(old)
        eventually(lambda: [*users(platform)] not in ([], [old]), "another account")
        run.wait_for(f"SIGHUP {users(platform)[0]}")


def test_a_command_runs_after_a_change(platform: Platform, memory: Path, files: Path) -> None:
    noted = memory / "noted"
    copy = ["cp", str(files / "databases/db/user"), str(noted)]
    program = "import time; print('started'); time.sleep(60)"
    with running(platform, memory, program, on_change={"command": copy}) as run:
        run.wait_for("started")
        assert not noted.exists()
        run.send(signal.SIGRTMIN)
        eventually(lambda: noted.exists() and bool(noted.read_text()), "the command ran")
        assert noted.read_text() == users(platform)[1]
        assert run.lines == ["started"]


def test_while_vault_is_away_the_program_works_on(
    platform: Platform, memory: Path, shows_its_user: str
) -> None:
    with running(platform, memory, shows_its_user) as run:
        eventually(lambda: bool(run.lines), "started")
        platform.vault.sealed = True
        run.send(signal.SIGRTMIN)
        eventually(lambda: "sealed" in run.said, "it is noticed")
        assert len(run.lines) == 1
        platform.vault.sealed = False
        eventually(lambda: len(users(platform)) == 2, "another account")
        run.wait_for(f"started {users(platform)[1]}")


def test_no_secret_is_said_or_in_the_environment(platform: Platform, memory: Path) -> None:
    program = "import os; print(dict(os.environ)); raise SystemExit(1)"
    with running(platform, memory, program) as run:
        assert run.status() == 1
        [password] = platform.vault.accounts.values()
        assert password not in run.said + "".join(run.lines)
        assert "hvs." not in run.said + "".join(run.lines)


def test_a_suspicion_ends_it_with_78(platform: Platform, memory: Path) -> None:
    platform.deliver("hvs.stolen")
    with running(platform, memory, "print('started')") as run:
        assert run.status() == 78
        assert "possible interception" in run.said
        assert run.lines == []


def test_a_need_that_does_not_exist_is_named_and_the_token_kept(
    platform: Platform, memory: Path
) -> None:
    with running(platform, memory, "print('started')", databases=["nope"]) as run:
        assert run.status() == 77
        assert "env/main/needs/nope" in run.said
        assert run.lines == []
    assert (platform.directory / "token").exists()


def test_a_program_that_is_not_there_ends_it_with_127(platform: Platform, memory: Path) -> None:
    where = str(memory / "files")
    with started(platform, "--database", "db", "--folder", where, "--", "/no/such") as run:
        assert run.status() == 127
        assert "cannot run /no/such (No such file or directory)" in run.said


def test_nobody_to_rotate(platform: Platform) -> None:
    with started(platform, "--rotate") as run:
        assert run.status() == 1
        assert "No bough-run is at work here" in run.said


def test_a_neighbour_that_starts_just_now_is_waited_for(
    platform: Platform, memory: Path, files: Path
) -> None:
    template = {"destination": str(files / "search"), "contents": "{{ service('search') }}"}
    program = f"print(open({str(files / 'search')!r}).read())"
    with running(platform, memory, program, templates=[template]) as run:
        path = "/v1/health/service/main--search"
        eventually(lambda: any(r.path == path for r in platform.consul.requests), "asked")
        entry = {"name": "main--search", "address": "10.0.0.7", "port": 9200}
        platform.consul.services["main--search-1"] = entry
        assert run.status() == 0
        assert run.lines == ["10.0.0.7:9200"]
