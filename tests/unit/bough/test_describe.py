from dataclasses import replace
from pathlib import Path

import pytest
from tests.unit.bough.repositories import FILES, Repository

from bough.describe import describe
from bough_components import spec
from bough_components.errors import ConfigurationError

MIB = 1024**2


def test_the_whole_of_an_application(repository: Repository) -> None:
    tree = repository.git("rev-parse", "HEAD^{tree}")
    build = spec.Build(
        repository=str(repository.folder), tree=tree, application="notes", args={}, bases={}
    )
    web = spec.Service(
        name="web",
        build=build,
        command=None,
        port=8000,
        health="/health/ready",
        replicas=1,
        memory=256 * MIB,
        needs=("db",),
        start_timeout=60,
        stop_timeout=10,
    )
    worker = replace(
        web, name="worker", command=("python", "-m", "notes.worker"), port=None, health=None
    )
    shaping = ("migrations/0001.sql", "migrations/0002.sql", "seed.sql")
    (found,) = describe(repository.source()).databases
    database = spec.Database(
        name="db",
        revision=found.revision,
        migrations=spec.Step(service="web", command=("migrate",)),
        seed=spec.Step(service="web", command=("seed",)),
        files={path: repository.git("rev-parse", f"HEAD:{path}") for path in shaping},
        users=("web", "worker"),
    )
    assert describe(repository.source()) == spec.Environment(
        slug="main",
        ref="main",
        application="notes",
        commit=repository.head,
        services=(web, worker),
        databases=(database,),
        route="web",
    )


def build_of(service: spec.Service) -> spec.Build:
    assert service.build is not None
    return service.build


def test_from_a_folder_of_a_bare_repository(tmp_path: Path) -> None:
    checkout = Repository.create(
        tmp_path / "all", {f"app/{path}": text for path, text in FILES.items()}
    )
    bare = checkout.bare(tmp_path / "bare.git")
    described = describe(bare.source(folder="app"))
    assert build_of(described.service("web")).tree == checkout.git("rev-parse", "HEAD:app")
    assert sorted(described.databases[0].files) == [
        "app/migrations/0001.sql",
        "app/migrations/0002.sql",
        "app/seed.sql",
    ]


def test_what_lies_about_in_the_checkout_changes_nothing(repository: Repository) -> None:
    before = describe(repository.source())
    (repository.folder / "bough.yaml").unlink()
    (repository.folder / "migrations/0003.sql").write_text("")
    assert describe(repository.source()) == before


def test_tasks_depend_on_the_whole_tree_unless_they_say_on_what(repository: Repository) -> None:
    text = FILES["bough.yaml"].replace(", paths: [migrations]", "")
    repository.commit({"bough.yaml": text})
    assert sorted(describe(repository.source()).databases[0].files) == sorted(FILES)


def test_a_database_without_tasks_has_no_files(repository: Repository) -> None:
    text = "application: a\nservices: {web: {needs: [db]}}\nneeds: {db: {kind: postgres}}"
    repository.commit({"bough.yaml": text})
    (database,) = describe(repository.source()).databases
    assert (database.migrations, database.seed, database.files) == (None, None, {})


def test_a_schema_s_revision_is_that_of_its_migrations_alone(repository: Repository) -> None:
    def revision() -> str:
        (database,) = describe(repository.source()).databases
        return database.revision

    first = revision()
    repository.commit({"seed.sql": "other"})
    assert revision() == first
    repository.commit({"migrations/0003.sql": ""})
    assert revision() != first


def test_a_database_in_mariadb(repository: Repository) -> None:
    text = FILES["bough.yaml"].replace("kind: postgres", "kind: mariadb")
    before = describe(repository.source()).databases
    repository.commit({"bough.yaml": text})
    assert describe(repository.source()).databases == (replace(before[0], kind="mariadb"),)


def test_a_queue(repository: Repository) -> None:
    text = "application: a\nservices: {web: {needs: [jobs]}}\nneeds: {jobs: {kind: rabbitmq}}"
    repository.commit({"bough.yaml": text})
    described = describe(repository.source())
    assert described.databases == ()
    assert described.queues == (spec.Queue(name="jobs", users=("web",)),)


def test_a_context_of_its_own(repository: Repository) -> None:
    text = "application: a\nservices: {web: {build: {context: api, dockerfile: sub/D}}}"
    repository.commit({"bough.yaml": text, "api/sub/D": ""})
    (service,) = describe(repository.source()).services
    assert build_of(service).tree == repository.git("rev-parse", "HEAD:api")
    assert build_of(service).dockerfile == "sub/D"


MISSING = [
    ({"context": "api"}, "services.web.build.context: there is no folder api"),
    ({"dockerfile": "D"}, "services.web.build.dockerfile: there is no D"),
    ({"context": "api/."}, "services.web.build.context: there is no folder api"),
    ({"context": "migrations"}, "services.web.build.dockerfile: there is no Dockerfile"),
    ({"context": "seed.sql"}, "services.web.build.dockerfile: there is no Dockerfile"),
]


@pytest.mark.parametrize(("build", "problem"), MISSING)
def test_a_build_that_the_commit_does_not_have(
    repository: Repository, build: dict[str, str], problem: str
) -> None:
    repository.commit({"bough.yaml": f"application: a\nservices: {{web: {{build: {build}}}}}"})
    with pytest.raises(ConfigurationError) as caught:
        describe(repository.source())
    assert caught.value.problems == (problem,)


def test_every_path_that_is_missing_is_told_at_once(tmp_path: Path) -> None:
    repository = Repository.create(tmp_path / "x", {"bough.yaml": FILES["bough.yaml"]})
    source = repository.source()
    with pytest.raises(ConfigurationError) as caught:
        describe(source)
    assert str(caught.value).splitlines() == [
        f"bough.yaml names what commit {source.commit[:10]} of main does not have:",
        "  services.web.build.dockerfile: there is no Dockerfile",
        "  services.worker.build.dockerfile: there is no Dockerfile",
        "  needs.db.migrations.paths: there is no migrations",
        "  needs.db.seed.paths: there is no seed.sql",
        "add it and commit, or mend bough.yaml.",
    ]
