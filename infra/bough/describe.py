"""From bough.yaml and a commit to the target-neutral description of an environment."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from bough import git
from bough.config.needs import Database, RabbitMQ
from bough_components import spec
from bough_components.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bough.config import Application, Build, Service, StaticSecret, Task
    from bough.source import Source


def describe(source: Source) -> spec.Environment:
    """The environment that `source` asks for; `ConfigurationError` before anything is made."""
    application = source.application()
    problems = list(_missing(source, application))
    if problems:
        raise ConfigurationError(
            f"bough.yaml names what commit {source.commit[:10]} of {source.ref} does not have",
            problems,
            "add it and commit, or mend bough.yaml",
        )
    return spec.Environment(
        slug=source.slug,
        ref=source.ref,
        application=application.application,
        commit=source.commit,
        services=tuple(
            _service(source, application, name, service)
            for name, service in application.services.items()
        ),
        databases=tuple(
            _database(source, application, name, need)
            for name, need in application.needs.items()
            if isinstance(need, Database)
        ),
        rollout=spec.Rollout(
            strategy=application.rollout.strategy,
            drain_timeout=application.rollout.drain_timeout,
        ),
        queues=tuple(
            spec.Queue(name=name, users=_users(application, name))
            for name, need in application.needs.items()
            if isinstance(need, RabbitMQ)
        ),
        route=application.route,
        config=dict(application.config),
        secrets=tuple(_secret(name, secret) for name, secret in application.secrets.items()),
    )


def _missing(source: Source, application: Application) -> Iterator[str]:
    for name, service in application.services.items():
        build = service.build
        if git.object_of(source.repository, source.commit, source.path(build.context)) is None:
            yield f"services.{name}.build.context: there is no folder {build.context}"
        elif not _has(source, f"{build.context}/{build.dockerfile}"):
            yield f"services.{name}.build.dockerfile: there is no {build.dockerfile}"
    for name, need in application.needs.items():
        if not isinstance(need, Database):
            continue
        for kind, task in (("migrations", need.migrations), ("seed", need.seed)):
            for path in task.paths if task else ():
                if not _has(source, path):
                    yield f"needs.{name}.{kind}.paths: there is no {path}"


def _has(source: Source, path: str) -> bool:
    clean = "/".join(part for part in path.split("/") if part != ".")
    return git.object_of(source.repository, source.commit, source.path(clean)) is not None


def _service(source: Source, application: Application, name: str, service: Service) -> spec.Service:
    return spec.Service(
        name=name,
        build=_build(source, application, service.build),
        command=tuple(service.command) if service.command else None,
        port=service.port,
        health=service.health,
        liveness=service.liveness,
        replicas=service.replicas,
        memory=service.memory,
        needs=tuple(service.needs),
        secrets=tuple(service.secrets),
        start_timeout=service.start_timeout,
        stop_timeout=service.stop_timeout,
    )


def _build(source: Source, application: Application, build: Build) -> spec.Build:
    tree = git.object_of(source.repository, source.commit, source.path(build.context))
    return spec.Build(
        repository=source.repository,
        tree=tree or "",
        application=application.application,
        dockerfile=build.dockerfile,
        target=build.target,
        args=dict(build.args),
        bases=dict(build.bases),
    )


def _database(source: Source, application: Application, name: str, need: Database) -> spec.Database:
    tasks = [task for task in (need.migrations, need.seed) if task]
    paths = [source.path(path) for task in tasks for path in task.paths]
    inside = [path or "." for path in paths]
    return spec.Database(
        name=name,
        kind=need.kind,
        revision=_revision(source, need),
        migrations=_step(need.migrations),
        seed=_step(need.seed),
        files=git.files_of(source.repository, source.commit, inside) if inside else {},
        users=_users(application, name),
    )


def _revision(source: Source, need: Database) -> str:
    """Changes whenever the schema that the migrations lead to may; 16 hex digits."""
    if need.migrations is None:
        return hashlib.sha256(b"").hexdigest()[:16]
    paths = [source.path(path) or "." for path in need.migrations.paths]
    files = git.files_of(source.repository, source.commit, paths)
    command = list(need.migrations.command)
    content = json.dumps([need.migrations.service, command, sorted(files.items())])
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def _secret(name: str, secret: StaticSecret) -> spec.Secret:
    how = secret.generate
    generate = spec.Generator(length=how.length, characters=how.characters) if how else None
    return spec.Secret(name=name, generate=generate, shared=secret.shared)


def _users(application: Application, need: str) -> tuple[str, ...]:
    return tuple(key for key, service in application.services.items() if need in service.needs)


def _step(task: Task | None) -> spec.Step | None:
    return spec.Step(service=task.service, command=tuple(task.command)) if task else None
