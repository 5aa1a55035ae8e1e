"""What the engines need to run: where each program is, and the variables they are given."""

import os
import sys
from pathlib import Path

from bough.requirements.engines import BY_BINARY, ENGINES, LANGUAGE_HOST, PULUMI, Engine
from bough.requirements.errors import RequirementError
from bough.requirements.locate import Located, locate

HINT = "run `make up` in bough's checkout, or `bough doctor` to see everything that is missing"


def engine_path(name: str) -> Path:
    """The program called `name`, e.g. `vault` or `postgresql-database-plugin`.

    Raises RequirementError when it is neither on PATH in a version that serves nor built.
    """
    engine = BY_BINARY[name]
    return _required(engine).folder / name


def engine_environment() -> dict[str, str]:
    """Variables to lay over `os.environ` for Pulumi: the virtual environment and engines on PATH.

    Raises RequirementError when Pulumi or its Python language host is missing.
    """
    for engine in (PULUMI, LANGUAGE_HOST):
        _required(engine)
    python = Path(sys.executable)
    return {
        "PATH": os.pathsep.join([str(python.parent), *_folders(), os.environ.get("PATH", "")]),
        "PULUMI_PYTHON_CMD": str(python),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        # Pulumi otherwise looks for a download for every provider package it finds.
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
    }


def _folders() -> list[str]:
    located = [locate(engine) for engine in ENGINES]
    return [str(found.folder) for found in located if found and found.built]


def _required(engine: Engine) -> Located:
    found = locate(engine)
    if found is None:
        raise RequirementError(f"{engine.name} {engine.needed} is not installed", HINT)
    return found
