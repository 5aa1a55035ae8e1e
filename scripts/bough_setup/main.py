"""`scripts/bootstrap [STEP…]`: all steps in order, or those whose names are given.

Some are made only when they are named: what nothing but the bench needs.
"""

import signal
import sys
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from types import FrameType

from bough.requirements.engines import BENCH_ENGINES, ENGINES, Engine
from bough.requirements.errors import RequirementError
from bough_setup.docker_engine import provide_docker
from bough_setup.engine_build import provide_engine
from bough_setup.progress import Progress
from bough_setup.python_packages import provide_python_packages
from bough_setup.system_packages import provide_system_packages

Step = Callable[[Progress], str]
INTERRUPTED = 130


def steps(root: Path) -> dict[str, Step]:
    """What can fail quickly comes first, what takes minutes last."""
    return {
        "system-packages": provide_system_packages,
        "python-packages": partial(provide_python_packages, root),
        "docker": provide_docker,
        **_builds(root, ENGINES),
    }


def _builds(root: Path, engines: Iterable[Engine]) -> dict[str, Step]:
    return {engine.name: partial(provide_engine, root, engine) for engine in engines}


def main(root: Path, wanted: list[str]) -> int:
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    usual = steps(root)
    available = usual | _builds(root, BENCH_ENGINES)
    unknown = [name for name in wanted if name not in available]
    if unknown:
        return _complain(f"no step {unknown[0]}", f"the steps are {', '.join(available)}")
    try:
        for name in wanted or usual:
            perform(name, available[name])
    except RequirementError as error:
        return _complain(error.message, error.hint)
    except KeyboardInterrupt:
        print("\nbootstrap: interrupted; run it again to go on", file=sys.stderr)
        return INTERRUPTED
    return 0


def perform(name: str, step: Step) -> None:
    progress = Progress(name)
    with progress.beating():
        result = step(progress)
    progress.finish(result)


def _complain(message: str, hint: str) -> int:
    print(f"\nbootstrap: {message}\n  to mend: {hint}", file=sys.stderr)
    return 1


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
