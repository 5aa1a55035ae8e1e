"""An application's image, built once from a clean git tree and known by what went into it."""

from __future__ import annotations

import hashlib
import json
import subprocess
import tarfile
import tempfile
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock

from bough_components.errors import BuildError
from bough_components.local import images, library, registry, workshop

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bough_components.local.home import Home
    from bough_components.spec import Build

_TAIL = 20


def image_key(build: Build, bases: Mapping[str, str], wheel: str) -> str:
    """What an image is made of, hashed: equal keys, no second build. 32 hex digits."""
    facts: dict[str, Any] = {**asdict(build), "bases": dict(bases), "wheel": wheel}
    del facts["repository"]
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:32]


def ensure_image(home: Home, build: Build, report: Callable[[str], None]) -> str:
    """`host/application@sha256:…`: from the registry when this was built before, else built now.

    Raises `BuildError` with the end of the build's log.
    """
    bases = _resolve_bases(home, build, report)
    wheel = library.wheel(home)
    key = image_key(build, bases, wheel.name + wheel.parent.name)
    with FileLock(home.folder("locks") / f"image-{key}.lock"):
        found = registry.find(home, build.application, key)
        if found:
            return found
        report(f"building {build.application} from tree {build.tree[:12]}")
        image = _build(build, bases, wheel, key, report)
        report(f"pushing {build.application}")
        return registry.push(home, image, build.application, key)


def _resolve_bases(home: Home, build: Build, report: Callable[[str], None]) -> dict[str, str]:
    shop = workshop.workshop(home, report)
    with ThreadPoolExecutor() as pool:
        resolved = pool.map(lambda base: images.resolve(base, shop).reference, build.bases.values())
        return dict(zip(build.bases, resolved, strict=True))


def _build(
    build: Build, bases: Mapping[str, str], wheel: Path, key: str, report: Callable[[str], None]
) -> str:
    with tempfile.TemporaryDirectory(prefix="bough-build-") as scratch:
        context, identity = Path(scratch) / "context.tar", Path(scratch) / "image"
        _write_context(build, wheel, context)
        _docker_build(_arguments(build, bases, key, identity), context, report)
        return identity.read_text().strip()


def _write_context(build: Build, wheel: Path, context: Path) -> None:
    """The tree as git has it, without what lies about in the checkout, plus the library's wheel."""
    command = ["git", "-C", build.repository, "archive", "--format=tar", "-o", str(context)]
    done = subprocess.run([*command, build.tree], capture_output=True, text=True, check=False)
    if done.returncode:
        raise BuildError(f"git could not read tree {build.tree[:12]}", done.stderr.splitlines())
    try:
        _complete_context(build, wheel, context)
    except OSError as error:
        raise BuildError(
            f"the build context could not be written below {context.parent}: {error.strerror}",
            hint="make room there, or name another folder in TMPDIR",
        ) from None


def _complete_context(build: Build, wheel: Path, context: Path) -> None:
    with tarfile.open(context, "a") as tar:
        if build.dockerfile not in tar.getnames():
            raise BuildError(
                f"there is no {build.dockerfile} in the build context of {build.application}",
                hint="add and commit one, or name another under `build.dockerfile` in bough.yaml",
            )
        tar.add(wheel, arcname=f".bough/wheels/{wheel.name}")


def _arguments(build: Build, bases: Mapping[str, str], key: str, identity: Path) -> list[str]:
    values = {**build.args, **bases}
    pairs = [f"--build-arg={name}={value}" for name, value in sorted(values.items())]
    target = [f"--target={build.target}"] if build.target else []
    return [
        "docker",
        "build",
        "--force-rm",
        f"--file={build.dockerfile}",
        f"--iidfile={identity}",
        f"--label=bough.key={key}",
        f"--label=bough.tree={build.tree}",
        *pairs,
        *target,
        "-",
    ]


def _docker_build(arguments: list[str], context: Path, report: Callable[[str], None]) -> None:
    tail: deque[str] = deque(maxlen=_TAIL)
    with (
        context.open("rb") as source,
        subprocess.Popen(
            arguments, stdin=source, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as process,
    ):
        for line in process.stdout or ():
            if line.strip():
                tail.append(line.rstrip())
                report(line.rstrip())
    if process.returncode:
        raise BuildError(
            "the image was not built; its last lines", tail, "mend the Dockerfile and push again"
        )
