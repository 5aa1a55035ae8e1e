"""Makes `.venv` from the lock file; skipped while its stamp is current."""

import hashlib
import importlib.util
import subprocess
import sys
from pathlib import Path

from bough.requirements.cache import cache_root
from bough.requirements.checkout import LOCK
from bough.requirements.errors import RequirementError
from bough.requirements.finding import as_this_user
from bough.requirements.stamp import PROJECTS, STAMP, fingerprint, is_current
from bough.requirements.table import PYTHON_VERSIONS
from bough.requirements.versions import parts
from bough_setup import apt
from bough_setup.locks import locked
from bough_setup.progress import Progress
from bough_setup.run import run

UNFINISHED = "bough-unfinished"
OLDEST = parts(PYTHON_VERSIONS.minimum)
PIP = ("-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--progress-bar=off")


def provide_python_packages(root: Path, progress: Progress) -> str:
    """Everything in the lock file, and this checkout's own projects, editable."""
    if is_current(root):
        return "as locked"
    with locked(_lock_file(root), progress):
        if not is_current(root):
            _make(root, progress)
    return "installed"


def _make(root: Path, progress: Progress) -> None:
    folder = root / ".venv"
    python = folder / "bin" / "python"
    if not is_usable(folder):
        _create(folder, progress)
    unfinished = folder / UNFINISHED
    unfinished.touch()
    (folder / STAMP).unlink(missing_ok=True)
    _install(python, root, progress)
    (folder / STAMP).write_text(fingerprint(root))
    unfinished.unlink()


def _create(folder: Path, progress: Progress) -> None:
    if importlib.util.find_spec("ensurepip") is None:
        _install_venv_module(progress)
    progress.say("making .venv")
    run([sys.executable, "-m", "venv", "--clear", folder])


def _install_venv_module(progress: Progress) -> None:
    package = f"python3.{sys.version_info.minor}-venv"
    if not apt.may_install():
        command = as_this_user(f"{{sudo}}apt-get install -y {package}")
        raise RequirementError("this Python cannot make a virtual environment", command)
    apt.install([package], progress)


def _install(python: Path, root: Path, progress: Progress) -> None:
    seen = 0

    def watch(line: str) -> None:
        nonlocal seen
        seen += line.startswith("Collecting ")
        # pip names them all in one line of hundreds of letters when it unpacks them.
        progress.say(f"{seen} packages fetched" + (", unpacking" if "Installing" in line else ""))

    locked_only = ("--require-hashes", "--no-deps", "--only-binary=:all:")
    run([python, *PIP, *locked_only, "-r", root / LOCK], watch=watch)
    own = [part for project in PROJECTS for part in ("--editable", str(root / project))]
    run([python, *PIP, "--no-deps", "--no-index", "--no-build-isolation", *own])


def is_usable(folder: Path) -> bool:
    """A finished environment that was made in this place, with pip and a Python that serves."""
    python, activate = folder / "bin" / "python", folder / "bin" / "activate"
    if (folder / UNFINISHED).exists() or not (python.exists() and activate.exists()):
        return False
    question = f"import pip, sys; sys.exit(sys.version_info < {OLDEST})"
    answer = subprocess.run([python, "-c", question], capture_output=True, check=False)
    return answer.returncode == 0 and str(folder) in activate.read_text()


def _lock_file(root: Path) -> Path:
    name = hashlib.sha256(str(root).encode()).hexdigest()[:12]
    return cache_root() / "locks" / f"venv-{name}"
