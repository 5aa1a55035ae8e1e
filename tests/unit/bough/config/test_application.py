"""What is read from a bough.yaml that is right."""

import pytest
from pydantic import ValidationError

from bough.config import Application, Postgres, parse

MINIMAL = "application: notes\nservices: {web: {port: 8000}}"


def read(services: str, rest: str = "") -> Application:
    return parse(f"application: notes\nservices: {{{services}}}\n{rest}", "bough.yaml")


def test_defaults() -> None:
    application = parse(MINIMAL, "bough.yaml")
    web = application.services["web"]
    assert application.needs == {}
    assert (web.build.context, web.build.dockerfile, web.build.target) == (".", "Dockerfile", None)
    assert (web.command, web.health, web.replicas, web.needs) == (None, "/", 1, ())
    assert (web.memory, web.start_timeout, web.stop_timeout) == (256 * 1024**2, 60, 10)
    assert (application.environments.names, application.environments.protected) == (".*", ())


def test_a_worker_has_neither_port_nor_health() -> None:
    worker = read("worker: {}").services["worker"]
    assert (worker.port, worker.health) == (None, None)


def test_the_whole_tree_decides_about_migrations_unless_told() -> None:
    need = "needs: {db: {kind: postgres, migrations: {service: web, command: [x]}}}"
    database = read("web: {needs: [db]}", need).needs["db"]
    assert isinstance(database, Postgres)
    assert database.migrations is not None
    assert database.migrations.paths == (".",)


@pytest.mark.parametrize(
    ("services", "rest", "route"),
    [
        ("worker: {}", "", None),
        ("api: {port: 1}", "", "api"),
        ("api: {port: 1}, worker: {}", "", "api"),
        ("api: {port: 1}, web: {port: 2}", "", "web"),
        ("api: {port: 1}, web: {}", "", "api"),
        ("api: {port: 1}, web: {port: 2}", "route: api", "api"),
        ("api: {port: 1}", "route:", "api"),
    ],
)
def test_route(services: str, rest: str, route: str | None) -> None:
    assert read(services, rest).route == route


@pytest.mark.parametrize(("text", "size"), [("16M", 16), ("64M", 64), ("1G", 1024), ("3G", 3072)])
def test_memory_is_in_bytes(text: str, size: int) -> None:
    assert read(f"web: {{memory: {text}}}").services["web"].memory == size * 1024**2


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("no", "no"),
        ("on", "on"),
        ("Yes", "Yes"),
        ("true", "true"),
        ("True", "True"),
        ("3", "3"),
        ("-3", "-3"),
        ("1.10", "1.10"),
        ("010", "010"),
        ("0x1F", "0x1F"),
        ("22:30", "22:30"),
        ("1_000", "1_000"),
        ("2025-01-01", "2025-01-01"),
        ("'null'", "null"),
        ("12345678901234567890", "12345678901234567890"),
    ],
)
def test_text_stays_what_was_written(written: str, text: str) -> None:
    web = read(f"web: {{build: {{args: {{A: {written}}}}}, command: [x, {written}]}}").services[
        "web"
    ]
    assert web.build.args["A"] == text
    assert web.command == ("x", text)


@pytest.mark.parametrize(
    ("written", "path"),
    [("./", "."), ("a/", "a"), ("a//b", "a/b"), ("a/../b", "b"), ("..a", "..a")],
)
def test_paths_are_normal(written: str, path: str) -> None:
    assert read(f"web: {{build: {{context: {written}}}}}").services["web"].build.context == path


@pytest.mark.parametrize(
    "reference",
    [
        "python",
        "python:3.13-slim",
        "ghcr.io/a/b_c:v1",
        "localhost:5000/a/b@sha256:" + "0a" * 32,
        "debian:12@sha256:" + "0a" * 32,
    ],
)
def test_image_references(reference: str) -> None:
    build = read(f"web: {{build: {{bases: {{BASE: '{reference}'}}}}}}").services["web"].build
    assert build.bases == {"BASE": reference}


def test_sections_whose_content_is_commented_out_are_absent() -> None:
    text = f"{MINIMAL}\nneeds:\n#  db: {{kind: postgres}}\nenvironments:\nroute:\n"
    assert parse(text, "bough.yaml") == parse(MINIMAL, "bough.yaml")


def test_aliases_and_merge_keys() -> None:
    services = read(
        "web: &web {port: 1, memory: 64M}, api: {<<: *web, port: 2}", "route: api"
    ).services
    assert (services["api"].port, services["api"].memory) == (2, 64 * 1024**2)


def test_models_are_frozen() -> None:
    application = parse(MINIMAL, "bough.yaml")
    with pytest.raises(ValidationError, match="frozen"):
        application.route = "other"
