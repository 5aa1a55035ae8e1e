"""The command line as a shell sees it: what it prints, on which stream, and its exit status."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.unit.bough.repositories import Repository

from bough import cli, pulumi_command, registry
from bough.source import Source
from bough_components.local.home import Home

HEAVY = ("pulumi", "pydantic", "yaml", "docker", "hvac", "psycopg", "consul", "rich", "requests")


def bough(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bough", *arguments],
        cwd=cwd,
        env=os.environ,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def environment(home: Home, repository: Repository) -> Source:
    """An environment as far as bough's own files know."""
    source = repository.source()
    registry.claim(home, "main", "notes", source)
    registry.mark_deployed(home, "main", source.commit)
    stack = {"type": "pulumi:pulumi:Stack", "outputs": {"url": "http://main.localhost:1"}}
    path = pulumi_command.state_file(home, "main")
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"checkpoint": {"latest": {"resources": [stack]}}}))
    return source


def test_every_command_is_there_and_explains_itself() -> None:
    files = Path(cli.__file__).parent.glob("[a-z]*.py")
    commands = sorted(path.stem.replace("_", "-") for path in files)
    for shared in ("attestations", "output"):
        commands.remove(shared)
    context = cli.bough.make_context("bough", ["x"], resilient_parsing=True)
    assert cli.bough.list_commands(context) == commands
    for name in commands:
        command = cli.bough.get_command(context, name)
        assert command is not None
        assert command.name == name
        assert command.help
        assert CliRunner().invoke(command, ["--help"]).exit_code == 0


REFUSED = [
    (["show", "nope"], 1, "bough: there is no environment of 'nope'; there are: none. make one"),
    (["name", "a..b"], 2, "bough: 'a..b' is not a branch name: it has \"..\"."),
    (["up", "nope"], 1, "bough: there is no branch 'nope' with a commit in"),
    (["open", "nope"], 1, "bough: there is no environment of 'nope'"),
    (["logs", "nope"], 1, "bough: there is no environment of 'nope'"),
    (["exec", "nope", "web", "ls"], 1, "bough: there is no environment of 'nope'"),
]


@pytest.mark.parametrize(("arguments", "status", "line"), REFUSED)
@pytest.mark.usefixtures("home")
def test_an_error_is_one_line(
    repository: Repository, arguments: list[str], status: int, line: str
) -> None:
    done = bough(*arguments, cwd=repository.folder)
    assert done.returncode == status
    assert done.stdout == ""
    assert done.stderr.startswith(line)
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("command", [["ls"], ["platform", "status"]])
def test_before_the_platform_is_set_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.setenv("BOUGH_HOME", str(tmp_path / "nothing"))
    done = bough(*command)
    assert (done.returncode, done.stdout) == (1, "")
    last = done.stderr.splitlines()[-1]
    assert last == (
        f"bough: there is no platform in {tmp_path}/nothing. run `bough platform up` first."
    )


def test_destroying_before_the_platform_is_set_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOUGH_HOME", str(tmp_path / "nothing"))
    done = bough("destroy", "main", "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout) == {"environment": "main", "existed": False, "left": []}
    assert not (tmp_path / "nothing").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nope"], "No such command 'nope'"),
        (["name"], "Missing argument 'REF...'"),
        (["show", "--nope", "main"], "No such option"),
        (["platform", "up", "--port", "http"], "'http' is not a valid"),
        (["platform", "up", "--port", "70000"], "70000 is not in the range 1<=x<=65535"),
        (["up", "--directory", "/nowhere"], "Directory '/nowhere' does not exist"),
        ([], "Usage: "),
        (["platform"], "Usage: "),
    ],
)
@pytest.mark.usefixtures("home")
def test_a_wrong_call_is_status_2(arguments: list[str], words: str) -> None:
    done = bough(*arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["--version"], ["platform", "--help"]])
def test_asking_for_help_is_no_error(arguments: list[str]) -> None:
    done = bough(*arguments)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


@pytest.mark.usefixtures("home")
def test_a_traceback_only_with_debug() -> None:
    done = bough("--debug", "show", "nope")
    assert done.returncode == 1
    assert "Traceback" in done.stderr
    assert "NotFoundError" in done.stderr


def test_a_bug_says_so_in_a_sentence(home: Home) -> None:
    (home.folder("environments") / "main.json").write_text("[]")
    done = bough("show", "main")
    assert done.returncode == 1
    assert done.stderr.startswith("bough: something went wrong that bough did not foresee: ")
    assert "bough --debug" in done.stderr
    assert done.stderr.count("\n") == 1


def test_an_uncommitted_change_is_told(home: Home, repository: Repository) -> None:
    registry.claim(home, "main", "shop", repository.source())
    (repository.folder / "seed.sql").write_text("other")
    done = bough("up", cwd=repository.folder)
    assert done.returncode == 1
    assert "uncommitted changes are no part of it" in done.stderr
    assert "bough: the name main is taken by branch main of shop" in done.stderr


def test_open_prints_json(environment: Source) -> None:
    assert environment.slug == "main"
    done = bough("open", "main", "--json")
    assert json.loads(done.stdout) == {"environment": "main", "url": "http://main.localhost:1"}


def test_open_where_there_is_no_url(home: Home, environment: Source) -> None:
    pulumi_command.state_file(home, environment.slug).unlink()
    done = bough("open", "main")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "bough: environment main has no URL. see `bough show main`.\n"


@pytest.mark.usefixtures("home")
def test_status_of_a_platform_that_is_down() -> None:
    done = bough("platform", "status", "--json")
    assert (done.returncode, done.stderr) == (1, "")
    rows = json.loads(done.stdout)
    assert [row["engine"] for row in rows] == ["registry", "postgres", "vault", "consul", "edge"]
    assert not any(row["answers"] for row in rows)
    table = bough("platform", "status")
    assert table.returncode == 1
    assert re.search(r"^edge +127\.0\.0\.1:1 +no *$", table.stdout, re.MULTILINE)


def test_a_command_loads_only_what_it_uses(tmp_path: Path) -> None:
    program = (
        "import sys\nfrom bough.cli import bough\nbough(['name', 'x'], standalone_mode=False)\n"
        f"print(sorted({HEAVY!r} & sys.modules.keys()))"
    ).replace(repr(HEAVY), repr(set(HEAVY)))
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.stdout == "x\n[]\n"


@pytest.mark.parametrize(
    ("command", "heavy"),
    [
        ("show", {"pulumi", "docker", "hvac", "psycopg", "consul"}),
        ("ls", {"pulumi", "hvac", "psycopg", "consul"}),
        ("remote", {"pulumi", "docker", "hvac", "psycopg", "consul"}),
        ("hook", {"pulumi", "docker", "hvac", "psycopg", "consul"}),
    ],
)
def test_importing_a_command_loads_no_client(tmp_path: Path, command: str, heavy: set[str]) -> None:
    program = f"import sys, bough.cli.{command}\nprint(sorted({heavy!r} & sys.modules.keys()))"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.stdout == "[]\n"


def test_an_interrupt_is_heeded_where_a_shell_had_it_ignored() -> None:
    code = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "sys.argv = ['bough', 'name', 'x']\n"
        "from bough.cli import main; main()\n"
        "print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["x", "True"]
