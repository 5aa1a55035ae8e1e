"""What `pulumi up` runs: the platform's stack, or the stack of one branch's environment."""

from __future__ import annotations

from pathlib import Path

import pulumi

from bough import platform, registry
from bough.descriptions import described
from bough.source import Source
from bough_components import names
from bough_components.errors import BoughError, UsageError
from bough_components.local.home import Home


def main() -> None:
    """Declare the stack that Pulumi runs; an error is one sentence, without a traceback."""
    try:
        declare(pulumi.get_stack())
    except BoughError as error:
        raise pulumi.RunError(str(error)) from None


def declare(stack: str) -> None:
    if stack == names.PLATFORM_STACK:
        declare_platform()
    else:
        declare_environment(stack)


def declare_platform() -> None:
    from bough_components.local.images_of import platform_images, vault_plugins
    from bough_components.local.platform import LocalPlatform

    home = Home.current()
    images = platform_images(home, pulumi.log.info)
    LocalPlatform(home.settings.name, images, home.settings.ports, vault_plugins(images))


def declare_environment(stack: str) -> None:
    from bough_components.local.environment import LocalEnvironment, optional_engines

    source = Source.told() or Source.in_checkout(_application_folder())
    if source.slug != stack:
        raise UsageError(
            f"stack {stack} is not the environment of branch {source.ref}, which is {source.slug}",
            f"run `pulumi up -s {source.slug}`, or check out the branch of {stack}",
        )
    home = Home.current()
    spec = described(home, source)
    if pulumi.runtime.is_dry_run():
        registry.require(home, source.slug, spec.application, source.ref)
    else:
        registry.claim(home, source.slug, spec.application, source)
        platform.provide(home, optional_engines(spec), pulumi.log.info)
    environment = LocalEnvironment(home.settings.name, spec, home.settings.ports["edge"])
    if not pulumi.runtime.is_dry_run():
        environment.ready.apply(lambda _: registry.mark_deployed(home, stack, source.commit))
    pulumi.export("url", environment.url)
    pulumi.export("branch", source.ref)
    pulumi.export("commit", source.commit)


def _application_folder() -> Path:
    """The folder with bough.yaml: Pulumi.yaml's own, or what `bough:application` says."""
    here = Path.cwd()
    root = next(
        (folder for folder in (here, *here.parents) if (folder / "Pulumi.yaml").exists()), here
    )
    return root / (pulumi.Config("bough").get("application") or ".")
