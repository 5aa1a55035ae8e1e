"""Images that are built here: a recipe on top of the Debian base, named by a hash of all it is."""

import hashlib
import io
import json
import tarfile
import tempfile
from pathlib import Path
from typing import IO

from docker.errors import APIError
from filelock import FileLock
from requests.exceptions import RequestException

from bough_components.errors import BuildError
from bough_components.local.images import rootfs
from bough_components.local.images.memory import Memory
from bough_components.local.images.progress import Building
from bough_components.local.images.recipes import BASE, Recipe
from bough_components.local.images.workshop import ResolvedImage, Workshop

BUILD_SECONDS = 1800


def tag_of(recipe: Recipe, workshop: Workshop, memory: Memory) -> str:
    """``bough/<name>:<hash12>`` of recipe, programs, base and authorities."""
    base = tag_of(BASE, workshop, memory) if recipe.dockerfile else rootfs_key(workshop, memory)
    programs = {name: memory.sha256(workshop.binary(name)) for name in recipe.binaries}
    described = json.dumps([base, recipe.dockerfile, programs], sort_keys=True)
    return f"bough/{recipe.name}:{hashlib.sha256(described.encode()).hexdigest()[:12]}"


def rootfs_key(workshop: Workshop, memory: Memory) -> str:
    trust = memory.sha256(workshop.ca_bundle) if workshop.ca_bundle else ""
    return json.dumps([rootfs.command(Path(), None), rootfs.CHANGES, trust])


def built(recipe: Recipe, workshop: Workshop, memory: Memory) -> ResolvedImage | None:
    """The image of this very recipe, when the engine has it."""
    tag = tag_of(recipe, workshop, memory)
    image = workshop.inspect(tag)
    if not image:
        return None
    labels = image["Config"].get("Labels") or {}
    return ResolvedImage(reference=tag, digest=image["Id"], origin="built", labels=labels)


def build(recipe: Recipe, workshop: Workshop, memory: Memory) -> ResolvedImage:
    """Build it, and first what it stands on. The second of two builders waits for the first."""
    workshop.cache.mkdir(parents=True, exist_ok=True)
    if recipe.dockerfile:
        _ensured(BASE, workshop, memory)
    lock = FileLock(workshop.cache / f"build-{recipe.name}.lock")
    with lock:
        ready = built(recipe, workshop, memory)
        if not ready:
            _make(recipe, workshop, memory)
    return ready or _ensured(recipe, workshop, memory)


def _ensured(recipe: Recipe, workshop: Workshop, memory: Memory) -> ResolvedImage:
    return built(recipe, workshop, memory) or build(recipe, workshop, memory)


def _make(recipe: Recipe, workshop: Workshop, memory: Memory) -> None:
    tag = tag_of(recipe, workshop, memory)
    workshop.report(f"{recipe.name}: building {tag}")
    try:
        if recipe.dockerfile:
            _make_on_base(recipe, tag, workshop, memory)
        else:
            rootfs.bootstrap(tag, labels_of(recipe, workshop, memory), workshop)
    except (APIError, RequestException) as error:
        raise BuildError(f"The image {recipe.name} was not built", [str(error)]) from error


def _make_on_base(recipe: Recipe, tag: str, workshop: Workshop, memory: Memory) -> None:
    progress = Building(recipe.name, workshop.report)
    with tempfile.TemporaryFile(dir=workshop.cache) as file:
        write_context(recipe, tag_of(BASE, workshop, memory), workshop, file)
        file.seek(0)
        labels = labels_of(recipe, workshop, memory)
        events = workshop.engine.build(
            fileobj=file, custom_context=True, tag=tag, labels=labels,
            rm=True, forcerm=True, decode=True, timeout=BUILD_SECONDS,
        )  # fmt: skip
        for event in events:
            progress.take(event)
            if "error" in event:
                raise BuildError(f"The image {recipe.name} was not built", progress.tail)


def labels_of(recipe: Recipe, workshop: Workshop, memory: Memory) -> dict[str, str]:
    """Which image it is, and the SHA-256 of each program in it (Vault wants a plugin's)."""
    programs = {
        f"bough.sha256.{name}": memory.sha256(workshop.binary(name)) for name in recipe.binaries
    }
    return {"bough.image": recipe.name, **programs}


def write_context(recipe: Recipe, base: str, workshop: Workshop, file: IO[bytes]) -> None:
    """Dockerfile and programs as a tar; owner, mode and time fixed: layers are found again."""
    dockerfile = f"FROM {base}\n{recipe.dockerfile}".encode()
    with tarfile.open(fileobj=file, mode="w") as tar:
        tar.addfile(_entry("Dockerfile", len(dockerfile), 0o644), io.BytesIO(dockerfile))
        for name in recipe.binaries:
            path = workshop.binary(name)
            with path.open("rb") as program:
                tar.addfile(_entry(name, path.stat().st_size, 0o755), program)


def _entry(name: str, size: int, mode: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, mode
    return entry
