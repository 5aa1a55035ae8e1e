"""What `pulumi up` runs: the platform's stack, or the stack of one environment."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pulumi

from bough import registry
from bough.descriptions import described
from bough.source import Source
from bough_components import names
from bough_components.errors import BoughError, UsageError
from bough_components.local.home import Home

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bough_components.local.environment import LocalEnvironment
    from bough_components.spec import Environment


def main() -> None:
    """Declare the stack that Pulumi runs; an error is one sentence, without a traceback."""
    try:
        declare(pulumi.get_stack())
    except BoughError as error:
        raise pulumi.RunError(str(error)) from None


def declare(stack: str) -> None:
    home = Home.current()
    if stack == names.PLATFORM_STACK:
        declare_platform(home)
    elif home.exists and (record := registry.find(home, stack)) and record.stage:
        declare_stage(home, record)
    else:
        declare_branch(home, stack)


def declare_platform(home: Home) -> None:
    from bough_components.local.images_of import platform_images, vault_plugins
    from bough_components.local.platform import LocalPlatform

    images = platform_images(home, pulumi.log.info)
    LocalPlatform(home.settings.name, images, home.settings.ports, vault_plugins(images))


def declare_branch(home: Home, stack: str) -> None:
    """What a branch's commit asks for: `bough up` says which, or it is the checkout's."""
    told = Source.told()
    source = told or Source.in_checkout(_application_folder())
    if source.slug != stack:
        raise UsageError(
            f"stack {stack} is not the environment of branch {source.ref}, which is {source.slug}",
            f"run `pulumi up -s {source.slug}`, or check out the branch of {stack}",
        )
    spec = described(home, source)
    if pulumi.runtime.is_dry_run():
        registry.require(home, source.slug, spec.application, source.ref)
    else:
        registry.claim(home, source.slug, spec.application, source)
    environment = _declare_environment(home, spec)
    pulumi.export("branch", source.ref)
    if not pulumi.runtime.is_dry_run():
        # looked up while instances start; written down when they serve
        look_up: Callable[[dict[str, str]], pulumi.Input[dict[str, Any]]]
        look_up = partial(_look_up, home, source, spec)
        found: pulumi.Output[dict[str, Any]] = environment.images.apply(look_up)
        done = pulumi.Output.all(found, environment.ready)
        done.apply(lambda known: _write_down(home, source, known[0]))


def declare_stage(home: Home, record: registry.Record) -> None:
    """The release that is being promoted, or the one that the stage has."""
    from bough.release.deployment import Deployment

    deployment = Deployment.told() or Deployment.of(record)
    environment = _declare_environment(home, deployment.spec(home))
    pulumi.export("release", deployment.release)
    if not pulumi.runtime.is_dry_run():
        environment.migrated.apply(lambda _: deployment.remember_schema(home))
        environment.ready.apply(lambda _: deployment.remember(home))


def _declare_environment(home: Home, spec: Environment) -> LocalEnvironment:
    from bough_components.local.environment import LocalEnvironment, optional_engines
    from bough_components.local.registry import host

    if not pulumi.runtime.is_dry_run():
        _provide(home, optional_engines(spec))
    edge = home.settings.ports["edge"]
    environment = LocalEnvironment(home.settings.name, spec, edge, host(home))
    pulumi.export("url", environment.url)
    pulumi.export("commit", spec.commit)
    return environment


def _look_up(
    home: Home, source: Source, spec: Environment, images: dict[str, str]
) -> Awaitable[dict[str, Any]]:
    import asyncio

    from bough.release import noting

    # plain data: Pulumi looks into whatever it hands on
    return asyncio.to_thread(lambda: asdict(noting.look_up(home, source, spec, images)))


def _write_down(home: Home, source: Source, found: dict[str, Any]) -> None:
    from bough.release import noting

    noting.write_down(home, source, noting.Note(**found), pulumi.log.info)
    registry.mark_deployed(home, source.slug, source.commit)


def _provide(home: Home, engines: list[str]) -> None:
    if engines:
        from bough import platform

        platform.provide(home, engines, pulumi.log.info)


def _application_folder() -> Path:
    """The folder with bough.yaml: Pulumi.yaml's own, or what `bough:application` says."""
    here = Path.cwd()
    root = next(
        (folder for folder in (here, *here.parents) if (folder / "Pulumi.yaml").exists()), here
    )
    return root / (pulumi.Config("bough").get("application") or ".")
