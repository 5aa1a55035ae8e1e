"""Pulumi 3.230 wrote the events in `recorded/`, with most of its debugging left out: a program with
one resource, `thing`, that prints, warns and exports `url`.

A small program called `pulumi` plays them back, so that all but Pulumi itself is real.
"""

import json
import os
import stat
from pathlib import Path

import pytest

from bough import pulumi_command
from bough.pulumi_command import Outcome
from bough.requirements import RequirementError
from bough_components.errors import BoughError
from bough_components.local.home import Home

RECORDED = Path(__file__).with_name("recorded")
PLAYER = """\
#!/bin/sh
if [ "$1" = version ]; then echo v3.230.0; exit; fi
echo "$*" >>"{folder}/calls"
[ "$1" = stack ] && exit
env >"{folder}/environment"
cat "{folder}/says" 2>/dev/null
exit "$(cat "{folder}/status")"
"""


class Pulumi:
    """A program that says what a real one said, and notes how it was called."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        for name, text in (
            ("pulumi", PLAYER.format(folder=folder)),
            ("pulumi-language-python", ""),
            ("pulumi-language-python-exec", ""),
            ("pulumi-resource-pulumi-python", ""),
        ):
            (folder / name).write_text(text)
            (folder / name).chmod(0o755)
        self.says("", status=0)

    def says(self, text: str, status: int) -> None:
        (self.folder / "says").write_text(text)
        (self.folder / "status").write_text(str(status))

    def plays(self, name: str, status: int = 0) -> None:
        self.says((RECORDED / f"{name}.jsonl").read_text(), status)

    @property
    def calls(self) -> list[str]:
        return (self.folder / "calls").read_text().splitlines()

    @property
    def environment(self) -> list[str]:
        return (self.folder / "environment").read_text().splitlines()


@pytest.fixture
def pulumi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pulumi:
    made = Pulumi(tmp_path / "bin")
    monkeypatch.setenv("PATH", f"{made.folder}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return made


def state(home: Home, stack: str, checkpoint: object) -> None:
    path = pulumi_command.state_file(home, stack)
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"version": 3, "checkpoint": {"latest": checkpoint}}))


PLAYED = [
    ("created", {"create": 2}, True, ["thing: created"]),
    ("replaced", {"replace": 1, "same": 1}, True, ["thing: created anew", "thing: replaced"]),
    ("same", {"same": 2}, False, []),
]


@pytest.mark.parametrize(("name", "changes", "changed", "reported"), PLAYED)
def test_what_an_up_did(
    home: Home,
    pulumi: Pulumi,
    lines: list[str],
    name: str,
    changes: dict[str, int],
    changed: bool,
    reported: list[str],
) -> None:
    pulumi.plays(name)
    outcome = pulumi_command.up(home, "main", {}, lines.append)
    assert outcome == Outcome(changes=changes, outputs={"url": "http://x"})
    assert outcome.changed == changed
    # what the program printed and warned of, and nothing of Pulumi's own chatter
    assert sorted(lines[:2]) == ["a warning", "hello from stdout"]
    assert [line for line in lines if line.startswith("thing: ")][:2] == reported
    assert not any("using pulumi-" in line for line in lines)


def test_a_destroy(home: Home, pulumi: Pulumi, lines: list[str]) -> None:
    pulumi.plays("destroyed")
    outcome = pulumi_command.destroy(home, "main", lines.append)
    assert outcome == Outcome(changes={"delete": 2}, outputs={})
    assert lines == ["thing: deleted"]
    assert pulumi.calls == [
        "destroy --yes --skip-preview --json --stack main --non-interactive"
    ]


def test_a_resource_that_cannot_be_made(home: Home, pulumi: Pulumi, lines: list[str]) -> None:
    pulumi.plays("failed", status=1)
    with pytest.raises(BoughError) as caught:
        pulumi_command.up(home, "main", {}, lines.append)
    assert str(caught.value) == (
        "thing: web of main died:\n  line one\n  line two\nmend it."
    )


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


def test_a_stack_is_made_when_there_is_none(
    home: Home, pulumi: Pulumi, lines: list[str]
) -> None:
    up = "up --yes --skip-preview --json --stack main --non-interactive"
    pulumi_command.up(home, "main", {}, lines.append)
    assert pulumi.calls == ["stack init main --non-interactive", up]
    state(home, "main", {})
    pulumi_command.up(home, "main", {}, lines.append)
    assert pulumi.calls[2:] == [up]


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


def test_the_passphrase_is_made_once(home: Home, pulumi: Pulumi) -> None:
    assert pulumi.folder.exists()
    pulumi_command.environment(home)
    first = home.key("operator/pulumi").read_text()
    pulumi_command.environment(home)
    assert home.key("operator/pulumi").read_text() == first


def test_without_pulumi(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with pytest.raises(RequirementError, match="pulumi .* is not installed"):
        pulumi_command.environment(home)


def test_forgetting_leaves_nothing(home: Home, pulumi: Pulumi, lines: list[str]) -> None:
    pulumi_command.up(home, "main", {}, lines.append)
    state(home, "main", {})
    (home.folder("pulumi/projects/main/__pycache__") / "x.pyc").write_text("")
    for kind in ("backups/bough", "history/bough", "locks/organization/bough"):
        (home.folder(f"pulumi/state/.pulumi/{kind}/main") / "x.json").write_text("")
    assert len(pulumi_command.traces(home, "main")) == 4
    pulumi_command.forget(home, "main")
    assert "stack rm main --yes --force --non-interactive" in pulumi.calls
    assert pulumi_command.traces(home, "main") == []
    assert not (home.root / "pulumi/projects/main").exists()
    pulumi_command.forget(home, "main")


def test_forgetting_one_stack_keeps_those_with_a_name_alike(home: Home, pulumi: Pulumi) -> None:
    state(home, "main", {})
    for kind in ("stacks/bough/main-2.json", "stacks/bough/mainly.json"):
        path = home.root / "pulumi/state/.pulumi" / kind
        path.write_text("{}")
    pulumi_command.forget(home, "main")
    assert pulumi.calls == ["stack rm main --yes --force --non-interactive"]
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
def test_outputs_are_the_state_s(
    home: Home, checkpoint: object, outputs: dict[str, str]
) -> None:
    assert pulumi_command.outputs(home, "main") == {}
    state(home, "main", checkpoint)
    assert pulumi_command.outputs(home, "main") == outputs
