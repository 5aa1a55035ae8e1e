"""Which files the settings ask for, and what follows from a change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bough_secrets.extras import require_queues
from bough_secrets.run.answers import Answers
from bough_secrets.run.files import File
from bough_secrets.run.settings import Change, Settings, SignalName, Template, Words
from bough_secrets.run.simple import Values, values

MODE = 0o400
Part = Callable[[Answers], list[File]]
Plan = Sequence[Part]


@dataclass(frozen=True)
class Consequences:
    """What to do once files have changed: commands first, then signals, or a restart."""

    restart: bool = False
    signals: tuple[SignalName, ...] = ()
    commands: tuple[Words, ...] = ()


def planned(settings: Settings) -> Plan:
    """Return what makes all files, in parts: one may fail while the others do not.

    Raises ConfigurationError for a wrong template, and for queues without a library for them.
    """
    if settings.queues:
        require_queues()
    return [
        *(_simple(read, settings) for read in values(settings)),
        *(_filling(template, settings.on_change) for template in settings.templates),
    ]


def consequences(changed: Iterable[File]) -> Consequences:
    """Put together what the changed files ask for, each thing once; a restart needs no signal."""
    wanted = {file.on_change: None for file in changed}
    reactions = [change for change in wanted if not isinstance(change, str)]
    restart = "restart" in wanted
    signals = tuple(reaction.signal for reaction in reactions if reaction.signal)
    commands = tuple(reaction.command for reaction in reactions if reaction.command)
    return Consequences(restart, () if restart else signals, commands)


def _simple(read: Callable[[Answers], Values], settings: Settings) -> Part:
    def files(answers: Answers) -> list[File]:
        return [
            File(Path(settings.folder, path), text, MODE, settings.on_change)
            for path, text in read(answers)
        ]

    return files


def _filling(template: Template, on_change: Change) -> Part:
    # Here, because importing Jinja2 takes memory that only templates need.
    from bough_secrets.run.templates import Source

    source = Source(template)
    reaction = template.on_change or on_change

    def files(answers: Answers) -> list[File]:
        text = source.render(answers)
        return [File(Path(template.destination), text, int(template.mode, 8), reaction)]

    return files
