"""From what bough.yaml declares to gates that can be asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bough import config
from bough.config import gates as declared
from bough.gates.checks import Checks
from bough.gates.command import Command
from bough.gates.integration import Integration
from bough.gates.isolation import Isolation
from bough.gates.migration import Migration

if TYPE_CHECKING:
    from bough.gates.interface import Gate


def gate(name: str, words: config.Gate) -> Gate:
    """The gate of that name. Another kind is a model in `bough.config.gates` and a case here."""
    options = words.model_dump(exclude={"kind"})
    match words:
        case declared.Checks():
            return Checks(name=name, **options)
        case declared.Integration():
            return Integration(name=name, **options)
        case declared.Isolation():
            return Isolation(name=name, **options)
        case declared.Migration():
            return Migration(name=name, **options)
        case declared.Program():
            return Command(name=name, **options)
