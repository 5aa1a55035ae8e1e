"""Which files the settings ask for, and what follows from a change."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from bough_secrets.run.answers import Answers
from bough_secrets.run.files import File
from bough_secrets.run.settings import Change, Settings, SignalName, Template, Words
from bough_secrets.run.simple import values

MODE = 0o400
Plan = Callable[[Answers], list[File]]


@dataclass(frozen=True)
class Consequences:
    """What to do once files have changed: commands first, then signals, or a restart."""

    restart: bool = False
    signals: tuple[SignalName, ...] = ()
    commands: tuple[Words, ...] = ()


def planned(settings: Settings) -> Plan:
    """Return what makes all files. Raises ConfigurationError for a wrong template."""
    templates = _parsed(settings)

    def plan(answers: Answers) -> list[File]:
        folder = Path(settings.folder)
        return [
            *(File(folder / path, text, MODE, settings.on_change)
              for path, text in values(settings, answers)),
            *(template(answers) for template in templates),
        ]  # fmt: skip

    return plan


def consequences(changed: Iterable[File]) -> Consequences:
    """Put together what the changed files ask for, each thing once; a restart needs no signal."""
    wanted = {file.on_change: None for file in changed}
    reactions = [change for change in wanted if not isinstance(change, str)]
    restart = "restart" in wanted
    signals = tuple(reaction.signal for reaction in reactions if reaction.signal)
    commands = tuple(reaction.command for reaction in reactions if reaction.command)
    return Consequences(restart, () if restart else signals, commands)


def _parsed(settings: Settings) -> list[Callable[[Answers], File]]:
    return [_filling(template, settings.on_change) for template in settings.templates]


def _filling(template: Template, on_change: Change) -> Callable[[Answers], File]:
    # Here, because importing Jinja2 takes memory that only templates need.
    from bough_secrets.run.templates import Source

    source = Source(template)
    reaction = template.on_change or on_change

    def fill(answers: Answers) -> File:
        text = source.render(answers)
        return File(Path(template.destination), text, int(template.mode, 8), reaction)

    return fill
