"""Which store of secrets a command means, and what the application's bough.yaml says of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bough import environments, git
from bough.descriptions import described
from bough.source import Source
from bough_components import names
from bough_components.errors import NotFoundError, RefusedError
from bough_components.spec import Generator, Secret

if TYPE_CHECKING:
    from bough.registry import Record
    from bough_components.local.home import Home
    from bough_components.spec import Environment


@dataclass(frozen=True, kw_only=True)
class Store:
    """An environment's secrets, or an application's templates, or what its notices are sent with;
    `mount` is Vault's.

    `declared` are the secrets that bough.yaml speaks of, by name, under the key `place`.
    """

    title: str
    mount: str
    application: str
    declared: dict[str, Secret]
    slug: str | None = None
    place: str = "secrets"


def of_environment(home: Home, branch: str | None) -> Store:
    """The store of a branch's environment, by default of the branch that is checked out here."""
    record = environments.find(home, branch or git.current_branch(Path()))
    return Store(
        title=record.slug,
        mount=names.vault_kv(record.slug),
        application=record.application,
        declared=_of_releases(home, record) if record.stage else _declared(served(home, record)),
        slug=record.slug,
    )


def of_templates(home: Home, directory: Path) -> Store:
    """The template set of the application in a checkout."""
    spec = described(home, Source.in_checkout(directory))
    return Store(
        title=f"templates of {spec.application}",
        mount=names.vault_templates(spec.application),
        application=spec.application,
        declared=_declared(spec),
    )


def of_notices(directory: Path) -> Store:
    """What notices of the application in a checkout are sent with."""
    application = Source.in_checkout(directory).application()
    used = [notice.secret for notice in application.notices]
    return Store(
        title=f"notices of {application.application}",
        mount=names.vault_notices(application.application),
        application=application.application,
        declared={name: Secret(name=name, generate=None, shared=False) for name in used},
        place="notices",
    )


def require_declared(store: Store, name: str) -> None:
    """`NotFoundError` for a secret that nobody could read."""
    if name not in store.declared:
        known = ", ".join(store.declared) or "none"
        raise NotFoundError(
            f"bough.yaml of {store.application} declares no secret {name!r}; it declares: {known}",
            f"mind the spelling, or name it under `{store.place}`, commit and deploy",
        )


def require_shared(source: Store, target: Store, name: str) -> None:
    """`RefusedError` unless policy lets the secret go from one environment into the other."""
    for store in (source, target):
        require_declared(store, name)
    if source.application != target.application:
        raise RefusedError(
            f"{source.title} is of {source.application}, {target.title} is of {target.application}",
            "secrets stay within an application",
        )
    for store in (source, target):
        if not store.declared[name].shared:
            raise RefusedError(
                f"bough.yaml of {store.title} does not let {name} be copied",
                f"say `secrets: {{{name}: {{shared: true}}}}` there, or set it with"
                f" `bough secrets set {name} {target.title}`",
            )


def served(home: Home, record: Record) -> Environment:
    """What the commit that an environment is of, or the release in a stage, asks for."""
    if record.stage:
        from bough.release.deployment import Deployment

        return Deployment.of(record).spec(home)
    source = Source(
        repository=record.repository, folder=record.folder, ref=record.ref, commit=record.commit
    )
    return described(home, source)


def _of_releases(home: Home, record: Record) -> dict[str, Secret]:
    """What any release of the application declares: the next one may need a new secret before it
    can come. Of a secret that several declare, the newest has the say."""
    from bough.release import releases

    return {
        each["name"]: Secret(
            **{**each, "generate": each["generate"] and Generator(**each["generate"])}
        )
        for known in releases.every(home, record.application)
        for each in known.description["secrets"]
    }


def _declared(spec: Environment) -> dict[str, Secret]:
    return {secret.name: secret for secret in spec.secrets}
