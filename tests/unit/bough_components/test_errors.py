from datetime import UTC, datetime

import pytest

from bough_components.errors import (
    BoughError,
    BuildError,
    BusyError,
    ConfigurationError,
    LeftoverError,
    NotFoundError,
    RefusedError,
    UnavailableError,
    UnhealthyError,
    UsageError,
)

SINCE = datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC)

PRINTED = [
    (BoughError("It broke"), "It broke."),
    (BoughError("It broke."), "It broke."),
    (BoughError("It broke", "Mend it with `mend`"), "It broke. Mend it with `mend`."),
    (UsageError("There is no feat", "Did you mean fear?"), "There is no feat. Did you mean fear?"),
    (ConfigurationError("There is no bough.yaml"), "There is no bough.yaml."),
    (ConfigurationError("It is wrong", ["a: b", "c: d"]), "It is wrong:\n  a: b\n  c: d"),
    (BuildError("It was not built", ["x"], "Look"), "It was not built:\n  x\nLook."),
    (UnhealthyError("It died", ["bye"]), "It died:\n  bye"),
    (LeftoverError("Left of main", ["network main"]), "Left of main:\n  network main"),
    (
        BusyError("ann (pid 7)", "up of main", SINCE),
        "ann (pid 7) has been busy with up of main since 2025-01-02 03:04:05 UTC.",
    ),
]

STATUS = [
    (UsageError("x"), 2),
    (ConfigurationError("x"), 1),
    (RefusedError("x"), 1),
    (NotFoundError("x"), 1),
    (UnavailableError("x"), 1),
    (BuildError("x"), 1),
    (UnhealthyError("x"), 1),
    (LeftoverError("x", []), 1),
    (BusyError("x", "y", SINCE), 1),
]


@pytest.mark.parametrize(("error", "printed"), PRINTED)
def test_what_is_printed(error: BoughError, printed: str) -> None:
    assert str(error) == printed


@pytest.mark.parametrize(("error", "status"), STATUS)
def test_exit_status(error: BoughError, status: int) -> None:
    assert error.exit_status == status
