"""Putting a release into a stage: the same `pulumi up` as a branch's, without a build."""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from bough import ledger, pulumi_command, registry
from bough.release import beside, releases, staging, stored_secrets
from bough.release.canary import Canary
from bough_components.errors import BoughError, NotFoundError, RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bough.release.record import Release
    from bough_components import spec
    from bough_components.local.home import Home

VARIABLE = "BOUGH_DEPLOYMENT"
"""Environment variable by which a promotion tells the Pulumi program what to deploy."""


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """A release for a stage of an application, with what is tried beside it; `schema` is the
    release whose databases both run on. All names are whole."""

    application: str
    stage: str
    release: str
    schema: str
    canary: Canary | None = None

    @classmethod
    def of(cls, record: registry.Record) -> Deployment:
        """What a stage has; `BoughError` while nothing was promoted there."""
        if record.stage is None or record.release is None:
            raise RefusedError(
                f"nothing was ever promoted to {record.slug}",
                f"run `bough promote {record.stage}` for a release of {record.application}",
            )
        return cls(
            application=record.application,
            stage=record.stage,
            release=record.release,
            schema=record.schema or record.release,
            canary=record.canary,
        )

    @classmethod
    def told(cls) -> Deployment | None:
        """What a promotion told this process to deploy, if it did."""
        text = os.environ.get(VARIABLE)
        if not text:
            return None
        data = json.loads(text)
        canary = data["canary"]
        return cls(**{**data, "canary": Canary.of(canary) if canary else None})

    def tell(self) -> dict[str, str]:
        """The environment variable with which another process is `told` this."""
        return {VARIABLE: json.dumps(asdict(self))}

    @property
    def slug(self) -> str:
        return staging.slug_of(self.application, self.stage)

    @property
    def releases(self) -> list[str]:
        """Those that run."""
        return [self.release, *([self.canary.release] if self.canary else [])]

    def spec(self, home: Home) -> spec.Environment:
        """What the Pulumi program declares. Raises `RefusedError` for a canary that cannot be."""
        from bough.pipeline import stages

        settings = stages.of(home, self.application, self.stage)
        schema = releases.find(home, self.schema)
        served = [
            staging.environment(
                releases.find(home, name),
                schema,
                self.stage,
                replicas=settings.replicas,
                config=settings.config,
            )
            for name in self.releases
        ]
        return beside.environment(*served, canary=self.canary) if self.canary else served[0]

    def remember_schema(self, home: Home) -> None:
        """Have the stage be brought back on these databases from now on: they were migrated."""
        registry.mark_migrated(home, self.slug, self.schema)

    def remember(self, home: Home) -> None:
        """Have the stage be brought back to this from now on."""
        about = {"schema": self.schema, "canary": self.canary}
        registry.mark_released(home, self.slug, self.release, **about)


def deploy(
    home: Home, deployment: Deployment, report: Callable[[str], None], *, rollback: bool
) -> None:
    """Serve a release in a stage, for who holds the environment's lock.

    What served before serves again when this raises; either way the ledger has it.
    """
    release = releases.find(home, deployment.release).release
    registry.claim_stage(
        home,
        deployment.slug,
        deployment.application,
        deployment.stage,
        staging.ref_of(deployment.stage),
    )
    began = time.monotonic()
    about: dict[str, Any] = {
        "application": deployment.application,
        "environment": deployment.slug,
        "stage": deployment.stage,
        "release": release.id,
        "schema": deployment.schema,
        "rollback": rollback,
    }
    try:
        bring_about(home, deployment, report)
    except (BoughError, KeyboardInterrupt) as error:
        why = str(error) or "interrupted"
        seconds = round(time.monotonic() - began, 1)
        record = registry.find(home, deployment.slug)
        facts = {"migrated": record and record.schema, "why": why[:2000], "seconds": seconds}
        ledger.record(home, "deployment failed", **about, **facts)
        if record and record.release:
            _bring_back(home, Deployment.of(record), report)
        raise
    registry.mark_deployed(home, deployment.slug, release.commit)
    ledger.record(
        home,
        "deployed",
        **about,
        commit=release.commit,
        changed=True,
        secrets=stored_secrets.versions(home, deployment.slug),
        seconds=round(time.monotonic() - began, 1),
    )


def _bring_back(home: Home, before: Deployment, report: Callable[[str], None]) -> None:
    """Some services may have been replaced already. What went wrong first is what must be heard
    of, so this raises nothing of its own."""
    report(f"{before.slug} goes back to release {before.release[:12]}")
    try:
        bring_about(home, before, report)
    except BoughError as error:
        again = f"`bough promote {before.stage} {before.release[:12]}` tries again"
        report(f"{before.slug} could not go back, {again}: {error}")


def bring_about(home: Home, deployment: Deployment, report: Callable[[str], None]) -> None:
    """Have a stage run what is said, and look that it does."""
    served = [releases.find(home, name).release for name in deployment.releases]
    for release in served:
        require_images(home, release)
    pulumi_command.up(home, deployment.slug, deployment.tell(), report)
    require_running(home, deployment.slug, served)


def require_images(home: Home, release: Release) -> None:
    """`NotFoundError` when the registry has lost an image: it is never built again."""
    from bough_components.local import registry as images

    for service, image in release.images.items():
        repository, _, digest = image.partition("@")
        if images.find(home, repository, digest) is None:
            raise NotFoundError(
                f"the image of {service} in release {release.short} is gone from the registry"
                f" ({image})",
                "promote another release; this one cannot be deployed any more",
            )


def require_running(home: Home, slug: str, served: Sequence[Release]) -> None:
    """`RefusedError` unless every running container is of the very images of these releases."""
    from bough_components.local import running

    wrong = [
        f"{instance.name} runs {', '.join(instance.images) or 'an image without a digest'}"
        for instance in running.instances(home, slug)
        if not any(each.images.get(instance.service) in instance.images for each in served)
    ]
    if wrong:
        names = " and ".join(each.short for each in served)
        raise RefusedError(
            f"{slug} does not run release {names} alone: {'; '.join(wrong)}",
            "find out who started them, then promote again",
        )
