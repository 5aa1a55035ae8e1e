import dataclasses
import os
import signal
import threading
import time
from pathlib import Path

import pytest

from bough.requirements import RequirementError
from bough.requirements.cache import engine_home
from bough.requirements.engines import VAULT_PLUGINS, Engine, ModuleFile
from bough_setup.engine_build import Counter, install_command, provide_engine
from bough_setup.progress import Progress
from bough_setup.seal import digest


@pytest.fixture
def thing(root: Path) -> Engine:
    """An engine that the little Go of conftest.py builds."""
    folder = root / "scripts" / "engines" / "thing"
    checksum = digest(folder / "go.mod", folder / "go.sum")
    return Engine(
        name="thing", version="1.0.0", module="thing", checksum=checksum, binaries=("thing",)
    )


def broken(engine: Engine, package: str) -> Engine:
    return dataclasses.replace(engine, packages=(package,))


def left(engine: Engine) -> list[str]:
    """Folders in the cache; a lock file is none."""
    return [path.name for path in engine_home(engine).parent.iterdir() if path.is_dir()]


def test_what_is_missing_is_built(root: Path, go: Path, thing: Engine, progress: Progress) -> None:
    assert go.exists()
    assert provide_engine(root, thing, progress) == "1.0.0, built"
    built = engine_home(thing) / "bin" / "thing"
    assert built.read_text() == "built with cgo 0\n"
    assert left(thing) == [f"thing-1.0.0-{thing.checksum}"]


def test_what_was_built_is_not_built_again(
    root: Path, go: Path, thing: Engine, progress: Progress
) -> None:
    provide_engine(root, thing, progress)
    calls = go.with_name("go.calls").read_text()
    assert provide_engine(root, thing, progress) == "1.0.0, built before"
    assert go.with_name("go.calls").read_text() == calls


@pytest.mark.parametrize(
    ("package", "message"), [("broken", "syntax error"), ("empty", "made no thing")]
)
@pytest.mark.usefixtures("go")
def test_a_build_that_fails_leaves_nothing(
    root: Path, thing: Engine, progress: Progress, package: str, message: str
) -> None:
    with pytest.raises(RequirementError, match=message):
        provide_engine(root, broken(thing, package), progress)
    assert left(thing) == []


@pytest.mark.usefixtures("go")
def test_a_build_that_is_interrupted_leaves_nothing_and_can_be_repeated(
    root: Path, thing: Engine, progress: Progress
) -> None:
    killer = threading.Thread(target=_interrupt_once_building, args=(thing,))
    killer.start()
    with pytest.raises(KeyboardInterrupt):
        provide_engine(root, broken(thing, "slow"), progress)
    killer.join()
    assert left(thing) == []
    assert provide_engine(root, thing, progress) == "1.0.0, built"


def _interrupt_once_building(engine: Engine) -> None:
    home = engine_home(engine)
    while not home.with_name(home.name + ".part").exists():
        time.sleep(0.01)
    time.sleep(0.1)
    os.kill(os.getpid(), signal.SIGINT)


@pytest.mark.usefixtures("go")
def test_other_pins_than_the_table_names_are_refused(
    root: Path, thing: Engine, progress: Progress
) -> None:
    (root / "scripts" / "engines" / "thing" / "go.sum").write_text("changed\n")
    with pytest.raises(RequirementError, match=thing.checksum):
        provide_engine(root, thing, progress)


def test_scripts_of_a_module_come_from_gos_own_cache(
    root: Path, go: Path, thing: Engine, progress: Progress
) -> None:
    source = go.parents[1] / "module" / "dist" / "script"
    source.parent.mkdir(parents=True)
    source.write_text("content")
    own = dataclasses.replace(thing, files=(ModuleFile("thing", "example.org/m", "dist/script"),))
    provide_engine(root, own, progress)
    copied = engine_home(own) / "bin" / "script"
    assert copied.read_text() == "content"
    assert os.access(copied, os.X_OK)
    assert "mod download -json example.org/m" in go.with_name("go.calls").read_text()


def test_the_command_names_flags_tags_and_packages() -> None:
    command = install_command(Path("go"), VAULT_PLUGINS)
    assert command[:7] == ["go", "install", "-v", "-tags", "minimal", "-ldflags", "-s -w"]
    assert len(command) == 7 + len(VAULT_PLUGINS.packages)


def test_progress_counts_modules_and_packages(progress: Progress) -> None:
    counter = Counter(progress)
    for line in ("go: downloading a v1.0.0", "go: finding module", "internal/cpu", "runtime"):
        counter(line)
    assert (counter.modules, counter.packages) == (1, 2)
