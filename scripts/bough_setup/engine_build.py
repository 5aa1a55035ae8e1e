"""Builds an engine from its pinned Go module into the cache."""

import json
import os
import shutil
import subprocess
from pathlib import Path

from bough.requirements.cache import engine_home
from bough.requirements.engines import Engine, ModuleFile
from bough.requirements.errors import RequirementError
from bough.requirements.locate import in_cache, locate
from bough_setup.go import provide_go
from bough_setup.locks import locked
from bough_setup.progress import Progress
from bough_setup.run import run
from bough_setup.seal import digest, finished

# Static programs, which run in any container; only the modules and the Go that are pinned.
SETTINGS = {
    "CGO_ENABLED": "0",
    "GO111MODULE": "on",
    "GOARCH": "",
    "GOFLAGS": "-buildvcs=false -mod=readonly",
    "GOOS": "",
    "GOTOOLCHAIN": "local",
    "GOWORK": "off",
}


def provide_engine(root: Path, engine: Engine, progress: Progress) -> str:
    """The one on PATH when it serves, else the one in the cache, else it is built."""
    found = locate(engine)
    if found:
        return f"{found.version}, {'built before' if found.built else f'in {found.folder}'}"
    home = engine_home(engine)
    with locked(home.with_name(home.name + ".lock"), progress):
        if not in_cache(engine):
            build(root, engine, home, progress)
    return f"{engine.version}, built"


def build(root: Path, engine: Engine, home: Path, progress: Progress) -> None:
    module = module_folder(root, engine)
    go = provide_go(root, progress)
    with finished(home) as draft:
        target = draft / "bin"
        environment = settings() | {"GOBIN": str(target)}
        command = install_command(go, engine)
        run(command, watch=Counter(progress), folder=module, environment=environment)
        for file in engine.files:
            _copy(go, root, file, target)
        _check(engine, target)


def settings() -> dict[str, str]:
    return SETTINGS | {"HOME": str(Path.home())}


def install_command(go: Path, engine: Engine) -> list[str]:
    tags = ["-tags", engine.tags] if engine.tags else []
    return [str(go), "install", "-v", *tags, "-ldflags", engine.ldflags, *engine.packages]


class Counter:
    """Reads `go install -v` and says how far it is."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.modules = 0
        self.packages = 0

    def __call__(self, line: str) -> None:
        if line.startswith("go: downloading"):
            self.modules += 1
        elif not line.startswith("go:"):
            self.packages += 1
        self.progress.say(f"{self.modules} modules fetched, {self.packages} packages compiled")


def modules(root: Path) -> Path:
    return root / "scripts" / "engines"


def module_folder(root: Path, engine: Engine) -> Path:
    """Raises RequirementError when the pins are not those that the engine's table names."""
    folder = modules(root) / engine.module
    actual = digest(folder / "go.mod", folder / "go.sum")
    if actual != engine.checksum:
        raise RequirementError(
            f"{folder}: go.mod and go.sum have the checksum {actual}, not {engine.checksum}",
            "restore them, or name the new checksum in infra/bough/requirements/engines.py",
        )
    return folder


def _copy(go: Path, root: Path, file: ModuleFile, target: Path) -> None:
    # The folder comes from Go itself, which has compared the module with go.sum.
    module = modules(root) / file.pinned_in
    answer = subprocess.run(
        [go, "mod", "download", "-json", file.module],
        capture_output=True,
        check=True,
        cwd=module,
        env=os.environ | settings(),
        text=True,
    )
    source = Path(json.loads(answer.stdout)["Dir"]) / file.path
    shutil.copyfile(source, target / file.name)
    (target / file.name).chmod(0o755)


def _check(engine: Engine, target: Path) -> None:
    missing = [name for name in engine.programs if not (target / name).exists()]
    if missing:
        raise RequirementError(
            f"the build of {engine.name} made no {', '.join(missing)}",
            f"compare {engine.packages} with scripts/engines/{engine.module}/go.mod",
        )
