"""Finds ordinary programs on PATH, and engines, and says what is wrong with them."""

import os
import platform
from pathlib import Path

from bough.requirements.engines import Engine
from bough.requirements.finding import Finding
from bough.requirements.locate import first_on_path, locate
from bough.requirements.memo import ask_version, version_of
from bough.requirements.versions import Range


def find_python(wanted: Range) -> Finding:
    return _judged(platform.python_version(), wanted)


def find_program(name: str, wanted: Range, argument: str = "version") -> Finding:
    """A program on PATH whose version is asked with `argument`."""
    program = first_on_path(name)
    if program is None:
        return Finding(None, "not found on PATH")
    version = version_of(program) if argument == "version" else ask_version(program, argument)
    if version is None:
        return Finding(None, f"{program} does not say its version", where=str(program))
    return _judged(version, wanted, program)


def find_mmdebstrap(wanted: Range, user: int | None = None) -> Finding:
    """mmdebstrap, with newuidmap for whoever is not root; `user` is a numeric id."""
    finding = find_program("mmdebstrap", wanted, "--version")
    is_root = (os.geteuid() if user is None else user) == 0
    if finding.serves and not is_root and first_on_path("newuidmap") is None:
        return Finding(finding.version, "without newuidmap only root can use it", "", finding.where)
    return finding


def find_engine(engine: Engine) -> Finding:
    """The engine that will be used; when there is none, why the one on PATH does not serve."""
    found = locate(engine)
    if found:
        return Finding(found.version, where=str(found.folder))
    program = first_on_path(engine.binaries[0]) if engine.serves else None
    if program is None:
        return Finding(None, "neither built nor on PATH")
    version = version_of(program)
    if engine.serves and version in engine.serves:
        return Finding(version, "cannot run in a container: not a static program")
    return Finding(version, f"{program} is another version", where=str(program))


def _judged(version: str, wanted: Range, program: Path | None = None) -> Finding:
    problem = "" if version in wanted else "another version is needed"
    return Finding(version, problem, where=str(program or ""))
