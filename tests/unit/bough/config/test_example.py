from typing import Any

import yaml

from bough.config import Postgres, RabbitMQ, parse
from bough.config.example import every_option, example, filled_in
from bough.config.schema import json_schema


def keys(schema: dict[str, Any]) -> set[str]:
    parts = [schema, *schema["$defs"].values()]
    return {key for part in parts for key in part["properties"]}


def keys_of(data: Any) -> set[str]:
    if isinstance(data, dict):
        return set(data).union(*map(keys_of, data.values()))
    return set().union(*map(keys_of, data)) if isinstance(data, list) else set()


def test_it_can_be_used_as_it_is() -> None:
    application = parse(example(), "example.yaml")
    assert (application.application, application.route) == ("notes", "web")
    assert application.services["web"].port == 8000


def test_it_can_be_used_with_every_option_and_shows_every_key() -> None:
    text = every_option(example())
    application = parse(text, "example.yaml")
    database, jobs = application.needs["database"], application.needs["jobs"]
    assert isinstance(database, Postgres)
    assert isinstance(jobs, RabbitMQ)
    assert database.seed is not None
    assert application.services["worker"].port is None
    assert keys(json_schema()) <= keys_of(yaml.safe_load(text))


def test_the_options_that_it_shows_are_the_defaults_where_it_says_so() -> None:
    plain = parse(example(), "example.yaml").services["web"]
    full = parse(every_option(example()), "example.yaml").services["web"]
    assert (plain.memory, plain.replicas) == (full.memory, full.replicas)
    assert (plain.start_timeout, plain.stop_timeout) == (full.start_timeout, full.stop_timeout)


def test_its_first_line_tells_editors_the_schema() -> None:
    first = example().splitlines()[0]
    assert first == "# yaml-language-server: $schema=.bough/schema.json"


def test_filled_in() -> None:
    application = parse(filled_in("my-shop", 5000), "bough.yaml")
    assert application.application == "my-shop"
    assert application.services["web"].port == 5000
