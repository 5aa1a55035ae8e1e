"""All but Pulumi itself is real: see `playing.py`."""

import json
import stat
from pathlib import Path

import pytest
from tests.unit.bough import stack_locks
from tests.unit.bough.playing import Pulumi

from bough import pulumi_command
from bough.pulumi_command import Outcome
from bough_components.errors import BoughError
from bough_components.local.home import Home


def state(home: Home, stack: str, checkpoint: object) -> None:
    path = pulumi_command.state_file(home, stack)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"version": 3, "checkpoint": {"latest": checkpoint}}))


URL = {"url": "http://x"}
PLAYED = [
    ("created", Outcome({"create": 2}, URL), ["created"]),
    ("replaced", Outcome({"replace": 1, "same": 1}, URL), ["created anew", "old one deleted"]),
    ("same", Outcome({"same": 2}, URL), []),
]


@pytest.mark.parametrize(("name", "outcome", "reported"), PLAYED)
def test_what_an_up_did(
    home: Home, pulumi: Pulumi, name: str, outcome: Outcome, reported: list[str]
) -> None:
    lines: list[str] = []
    pulumi.plays(name)
    made = pulumi_command.up(home, "main", {}, lines.append)
    assert made == outcome
    assert made.changed == (name != "same")
    # what the program printed and warned of, and nothing of Pulumi's own chatter
    assert sorted(lines[:2]) == ["a warning", "hello from stdout"]
    assert [line.removeprefix("thing: ") for line in lines[2:]] == reported


def test_a_destroy(home: Home, pulumi: Pulumi, lines: list[str]) -> None:
    pulumi.plays("destroyed")
    state(home, "main", {})
    outcome = pulumi_command.destroy(home, "main", lines.append)
    assert outcome == Outcome(changes={"delete": 2}, outputs={})
    assert lines == ["thing: deleted"]
    (call,) = pulumi.calls
    assert call.startswith("destroy ")
    assert "--yes" in call
    assert "--stack main --non-interactive" in call


def test_a_resource_that_cannot_be_made(home: Home, pulumi: Pulumi, lines: list[str]) -> None:
    pulumi.plays("failed", status=1)
    with pytest.raises(BoughError) as caught:
        pulumi_command.up(home, "main", {}, lines.append)
    assert str(caught.value) == ("thing: web of main died:\n  line one\n  line two\nmend it.")


def test_a_program_with_a_bug(home: Home, pulumi: Pulumi, lines: list[str]) -> None:
    pulumi.plays("broken", status=1)
    with pytest.raises(BoughError) as caught:
        pulumi_command.up(home, "main", {}, lines.append)
    said = str(caught.value).splitlines()
    assert said[0] == "Program failed with an unhandled exception:"
    assert said[-1] == "NameError: name 'oss' is not defined."


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "pulumi failed for main."),
        ("error: no space left on device\n", "error: no space left on device."),
        ("warning: using pulumi-language-python from $PATH\nerror: x\n", "error: x."),
        ("error: x\nerror: y\nerror: x\n", "error: x\nerror: y."),
        ("7\nnull\n", "7\nnull."),
    ],
)
def test_what_pulumi_could_not_say_in_json(
    home: Home, pulumi: Pulumi, lines: list[str], text: str, message: str
) -> None:
    pulumi.says(text, status=255)
    with pytest.raises(BoughError) as caught:
        pulumi_command.destroy(home, "main", lines.append)
    assert str(caught.value) == message


def test_a_stack_is_made_when_there_is_none(home: Home, pulumi: Pulumi, lines: list[str]) -> None:
    up = "up --yes --skip-preview --json --stack main --non-interactive"
    pulumi_command.up(home, "main", {}, lines.append)
    assert pulumi.calls == ["stack init main --non-interactive", up]
    pulumi_command.up(home, "main", {}, lines.append)
    assert pulumi.calls[2:] == [up]


@pytest.mark.parametrize("text", ["", '{"version": 3, "checkp'])
@pytest.mark.parametrize("work", ["up", "destroy"])
def test_a_torn_state_is_an_empty_one(
    home: Home, pulumi: Pulumi, lines: list[str], text: str, work: str
) -> None:
    state(home, "main", {})
    path = pulumi_command.state_file(home, "main")
    path.write_text(text)
    assert pulumi_command.outputs(home, "main") == {}
    if work == "up":
        pulumi_command.up(home, "main", {}, lines.append)
    else:
        pulumi_command.destroy(home, "main", lines.append)
    assert [call.split()[0] for call in pulumi.calls] == ["stack", work]
    assert pulumi.calls[0] == "stack init main --non-interactive"
    assert json.loads(path.read_text())["version"] == 3


def test_pulumi_s_own_lock_is_heeded_first(
    home: Home, pulumi: Pulumi, lines: list[str], tmp_path: Path
) -> None:
    abandoned = stack_locks.locked(home, stack_locks.dead())
    pulumi_command.up(home, "main", {}, lines.append)
    assert not abandoned.exists()
    calls = pulumi.calls
    with stack_locks.living(tmp_path) as process:
        stack_locks.locked(home, process.pid)

        def report(line: str) -> None:
            lines.append(line)
            assert pulumi.calls == calls
            process.kill()
            process.wait()

        pulumi_command.destroy(home, "main", report)
    assert [line.partition(":")[0] for line in lines] == [
        f"waiting for {stack_locks.owner(process.pid)}"
    ]
    assert pulumi.calls[len(calls) :][-1].startswith("destroy ")


def test_what_pulumi_is_told(home: Home, pulumi: Pulumi, lines: list[str]) -> None:
    pulumi_command.up(home, "main", {"BOUGH_SOURCE": "here"}, lines.append)
    told = set(pulumi.environment)
    passphrase = home.key("operator/pulumi")
    assert told >= {
        "BOUGH_SOURCE=here",
        f"BOUGH_HOME={home.root}",
        f"PULUMI_BACKEND_URL=file://{home.root}/pulumi/state",
        f"PULUMI_HOME={home.root}/pulumi/home",
        f"PULUMI_CONFIG_PASSPHRASE_FILE={passphrase}",
    }
    assert stat.S_IMODE(passphrase.stat().st_mode) == 0o600
    assert not any(passphrase.read_text() in line for line in told)


@pytest.mark.usefixtures("pulumi")
def test_forgetting_leaves_nothing(home: Home, lines: list[str]) -> None:
    pulumi_command.up(home, "main", {}, lines.append)
    state(home, "main", {})
    (home.folder("pulumi/projects/main/__pycache__") / "x.pyc").write_text("")
    for kind in ("backups/bough", "history/bough", "locks/organization/bough"):
        (home.folder(f"pulumi/state/.pulumi/{kind}/main") / "x.json").write_text("")
    assert len(pulumi_command.traces(home, "main")) == 4
    pulumi_command.forget(home, "main")
    assert pulumi_command.traces(home, "main") == []
    assert not (home.root / "pulumi/projects/main").exists()
    pulumi_command.forget(home, "main")


def test_forgetting_one_stack_keeps_those_with_a_name_alike(home: Home) -> None:
    state(home, "main", {})
    for kind in ("stacks/bough/main-2.json", "stacks/bough/mainly.json"):
        path = home.root / "pulumi/state/.pulumi" / kind
        path.write_text("{}")
    pulumi_command.forget(home, "main")
    kept = sorted(path.name for path in path.parent.iterdir())
    assert kept == ["main-2.json", "mainly.json"]


STACK = {"type": "pulumi:pulumi:Stack", "outputs": {"url": "http://x"}}
OTHER = {"type": "pulumi-python:dynamic/bough:Route", "outputs": {"url": "http://y"}}


@pytest.mark.parametrize(
    ("checkpoint", "outputs"),
    [
        ({}, {}),
        ({"resources": None}, {}),
        ({"resources": []}, {}),
        ({"resources": [{"type": "pulumi:pulumi:Stack"}]}, {}),
        ({"resources": [OTHER, STACK]}, {"url": "http://x"}),
    ],
)
def test_outputs_are_the_state_s(home: Home, checkpoint: object, outputs: dict[str, str]) -> None:
    assert pulumi_command.outputs(home, "main") == {}
    state(home, "main", checkpoint)
    assert pulumi_command.outputs(home, "main") == outputs
