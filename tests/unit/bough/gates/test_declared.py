"""Every kind that bough.yaml knows becomes a gate, with all of its options."""

from typing import get_args

import pytest

from bough import config
from bough.gates.checks import Checks
from bough.gates.command import Command
from bough.gates.declared import gate
from bough.gates.integration import Integration
from bough.gates.interface import Gate
from bough.gates.isolation import Isolation
from bough.gates.migration import Migration

WORDS = ("python", "-m", "check")
KINDS: list[tuple[config.Gate, Gate]] = [
    (
        config.Checks(kind="checks", service="web", command=WORDS, coverage=80),
        Checks(name="it", service="web", command=WORDS, coverage=80, timeout=600),
    ),
    (
        config.Integration(kind="integration", service="web", command=WORDS, timeout=5),
        Integration(name="it", service="web", command=WORDS, timeout=5),
    ),
    (config.Isolation(kind="isolation"), Isolation(name="it", timeout=300)),
    (
        config.Migration(kind="migration", need="db", command=WORDS, histories=("applied",)),
        Migration(name="it", need="db", command=WORDS, histories=("applied",), timeout=600),
    ),
    (
        config.Program(kind="command", command=WORDS, verdict="exit-status"),
        Command(name="it", command=WORDS, verdict="exit-status", timeout=300),
    ),
]


@pytest.mark.parametrize(("words", "expected"), KINDS, ids=lambda value: type(value).__name__)
def test_a_kind_becomes_a_gate(words: config.Gate, expected: Gate) -> None:
    assert gate("it", words) == expected
    assert gate("it", words).kind == words.kind


def test_no_kind_is_left_out() -> None:
    (known, *_) = get_args(config.Gate)
    kinds = {get_args(each)[0] for each in get_args(known)}
    assert kinds == {type(words) for words, _ in KINDS}
