"""Running Pulumi: the one place where bough starts it, and what it says back."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bough import pulumi_lock
from bough.pulumi_environment import environment
from bough_components import names
from bough_components.errors import BoughError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from bough_components.local.home import Home

_PROJECT = f"name: {names.PROJECT}\nruntime: python\ndescription: an environment of bough's\n"
_PROGRAM = '"""What `pulumi up` runs."""\n\nfrom bough.program import main\n\nmain()\n'
_NOISE = ("Exception calling application: ",)
_CHATTER = ("using pulumi-",)
_WARNING = "warning: "
_ECHOES = ("update failed", "resource registration failed")


@dataclass
class Outcome:
    """What one run of Pulumi did: `changes` counts operations, `outputs` are the stack's."""

    changes: dict[str, int] = field(default_factory=dict)
    outputs: dict[str, Any] = field(default_factory=dict)

    @property
    def changed(self) -> bool:
        return any(count for operation, count in self.changes.items() if operation != "same")


def state_file(home: Home, stack: str) -> Path:
    """Where Pulumi keeps a stack's state."""
    return home.root / "pulumi/state/.pulumi/stacks" / names.PROJECT / f"{stack}.json"


def prepare(home: Home, stack: str) -> None:
    """Make an empty stack, unless it is there."""
    if not state_file(home, stack).exists():
        _simple(home, stack, ["stack", "init", stack])


def up(home: Home, stack: str, told: Mapping[str, str], report: Callable[[str], None]) -> Outcome:
    """Make a stack what its program declares. Raises `BoughError` with what Pulumi said."""
    prepare(home, stack)
    arguments = ["up", "--yes", "--skip-preview", "--json", "--stack", stack]
    return _run(home, stack, arguments, told, report)


def destroy(home: Home, stack: str, report: Callable[[str], None]) -> Outcome:
    """Take away what a stack's state says is there, then the stack; no program is needed."""
    arguments = ["destroy", "--remove", "--yes", "--skip-preview", "--json", "--stack", stack]
    return _run(home, stack, arguments, {}, report)


def forget(home: Home, stack: str) -> None:
    """Remove a stack with its state, history and backups; nothing there is success."""
    for path in _traces(home, stack):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.rmtree(home.root / "pulumi/projects" / stack, ignore_errors=True)


def traces(home: Home, stack: str) -> list[str]:
    """What Pulumi's state folder still holds of a stack."""
    return [str(path) for path in _traces(home, stack)]


def _traces(home: Home, stack: str) -> list[Path]:
    state, project = home.root / "pulumi/state/.pulumi", names.PROJECT
    folders = [state / kind / project / stack for kind in ("backups", "history")]
    locks = state / "locks/organization" / project / stack
    files = sorted((state / "stacks" / project).glob(f"{stack}.json*"))
    return [path for path in (*folders, locks, *files) if path.exists()]


def outputs(home: Home, stack: str) -> dict[str, Any]:
    """A stack's outputs as its state has them; empty when there is no such stack."""
    state = _state(home, stack)
    resources = (state and state["checkpoint"]["latest"].get("resources")) or []
    stacks = [entry for entry in resources if entry["type"] == "pulumi:pulumi:Stack"]
    return stacks[0].get("outputs", {}) if stacks else {}


def _state(home: Home, stack: str) -> dict[str, Any] | None:
    """A stack's state; None where there is none, or one whose writer was killed half way."""
    try:
        state: dict[str, Any] = json.loads(state_file(home, stack).read_text())
    except (FileNotFoundError, ValueError):
        return None
    return state


def _mend(home: Home, stack: str) -> None:
    """Put an empty state in the place of a torn one: what is there is found by looking."""
    if _state(home, stack) is None:
        state_file(home, stack).unlink(missing_ok=True)
        prepare(home, stack)


def _simple(home: Home, stack: str, arguments: list[str]) -> None:
    done = subprocess.run(
        ["pulumi", *arguments, "--non-interactive"],
        cwd=_folder(home, stack),
        env={**os.environ, **environment(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BoughError(f"pulumi {arguments[0]} failed for {stack}: {done.stderr.strip()}")


def _run(
    home: Home,
    stack: str,
    arguments: list[str],
    told: Mapping[str, str],
    report: Callable[[str], None],
) -> Outcome:
    outcome, errors = Outcome(), []
    pulumi_lock.wait(home, stack, report)
    _mend(home, stack)
    with subprocess.Popen(
        ["pulumi", *arguments, "--non-interactive"],
        cwd=_folder(home, stack),
        env={**os.environ, **environment(home), **told},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            for event in _events(process.stdout or ()):
                errors += _take(event, outcome, report)
        except KeyboardInterrupt:
            # Pulumi has the same Ctrl-C: it finishes the step in hand and writes its state
            process.communicate()
            raise
    if process.returncode:
        raise BoughError("\n".join(dict.fromkeys(errors)) or f"pulumi failed for {stack}")
    return outcome


def _events(lines: Any) -> Iterator[dict[str, Any]]:
    """Pulumi's events; a line that is none is something it could not say otherwise."""
    for line in lines:
        try:
            event = json.loads(line)
        except ValueError:
            event = None
        if isinstance(event, dict):
            yield event
        elif line.strip():
            yield {"diagnosticEvent": _said(line)}


def _said(line: str) -> dict[str, str]:
    severity = "warning" if line.startswith(_WARNING) else "error"
    return {"severity": severity, "message": line.removeprefix(_WARNING)}


def _take(event: dict[str, Any], outcome: Outcome, report: Callable[[str], None]) -> list[str]:
    if "diagnosticEvent" in event:
        return _diagnostic(event["diagnosticEvent"], report)
    if "summaryEvent" in event:
        outcome.changes = event["summaryEvent"]["resourceChanges"] or {}
    for kind, ended in (("resourcePreEvent", False), ("resOutputsEvent", True)):
        if kind in event:
            _resource(event[kind]["metadata"], outcome, report, ended=ended)
    return []


def _diagnostic(event: dict[str, Any], report: Callable[[str], None]) -> list[str]:
    message = event["message"].strip()
    for noise in _NOISE:
        message = message.removeprefix(noise)
    if event["severity"] == "error" and message:
        return [] if message in _ECHOES else [_attributed(event, message)]
    if event["severity"] in ("info", "warning") and not message.startswith(_CHATTER):
        report(message)
    return []


def _attributed(event: dict[str, Any], message: str) -> str:
    """The message, after the name of the resource that it is about."""
    name = event.get("urn", "").rpartition("::")[2]
    return f"{name}: {message}" if name and "pulumi:Stack" not in event["urn"] else message


def _resource(
    facts: dict[str, Any], outcome: Outcome, report: Callable[[str], None], *, ended: bool
) -> None:
    kind, name = facts["type"], facts["urn"].rpartition("::")[2]
    if kind == "pulumi:pulumi:Stack":
        if ended and facts.get("new"):
            outcome.outputs = facts["new"].get("outputs") or {}
    elif ended and facts["op"] in _PAST and kind.startswith("pulumi-python:"):
        report(f"{name}: {_PAST[facts['op']]}")


_PAST = {
    "create": "created",
    "update": "updated",
    "delete": "deleted",
    "create-replacement": "created anew",
    "delete-replaced": "old one deleted",
    "discard-replaced": "old one discarded",
}


def _folder(home: Home, stack: str) -> Path:
    """Where Pulumi runs a stack's program when there is no checkout."""
    folder = home.folder(f"pulumi/projects/{stack}")
    for name, text in (("Pulumi.yaml", _PROJECT), ("__main__.py", _PROGRAM)):
        if not (folder / name).exists():
            (folder / name).write_text(text)
    return folder
