"""Settings and neighbours that change while instances run, with the real Consul."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest
from tests.support import witness
from tests.support.waiting import until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.support.applications import Application
    from tests.support.platforms import Platform

SOON = 2.0
"""Seconds in which a change must have reached an instance."""
GONE = 5.0
"""Seconds in which a killed instance must not be found any more."""


@pytest.fixture
def slug(platform: Platform, application: Application) -> Iterator[str]:
    slug = application.branch("feature/7-settings")
    application.edit("bough.yaml", "services:", "config: {greeting: release}\nservices:")
    application.edit("bough.yaml", "port: 8000", "port: 8000\n    replicas: 2")
    application.up()
    yield slug
    if platform.bough("show", slug).status == 0:
        platform.bough("destroy", slug).ended()


def took(condition: Callable[[], bool]) -> float:
    began = time.monotonic()
    until(condition, 20, "the change is seen")
    return time.monotonic() - began


def listed(application: Application, *words: str) -> dict[str, tuple[str, str]]:
    rows: list[dict[str, str]] = json.loads(
        application.bough("config", "ls", "--json", *words).stdout
    )
    return {row["setting"]: (row["value"], row["from"]) for row in rows}


def keys(platform: Platform, prefix: str) -> Any:
    return witness.consul(platform, f"kv/{prefix}?keys")


def test_settings_change_while_instances_run(
    platform: Platform, application: Application, slug: str
) -> None:
    def config() -> dict[str, str]:
        found: dict[str, str] = platform.state(slug)["config"]
        return found

    def change(*words: str) -> None:
        application.bough("config", *words).ended()

    assert config() == {"greeting": "release"}
    instances = platform.json("show", slug)["instances"]

    change("set", "greeting", "override")
    assert took(lambda: config() == {"greeting": "override"}) < SOON
    change("set", "size", "1", "--application")
    assert took(lambda: config().get("size") == "1") < SOON
    change("set", "size", "2", "--stage", "preview")
    assert took(lambda: config()["size"] == "2") < SOON
    change("set", "size", "3", "--stage", "production")
    assert listed(application) == {
        "greeting": ("override", f"environment {slug}"), "size": ("2", "stage preview"),
    }  # fmt: skip
    assert listed(application, "--application") == {"size": ("1", "application sample")}
    assert listed(application, "--stage", "production") == {"size": ("3", "stage production")}
    assert application.bough("config", "get", "size", slug).ended().stdout == "2\n"

    application.edit("bough.yaml", "greeting: release", "greeting: newer")
    application.up()
    assert config()["greeting"] == "override"
    assert {each["instance"] for each in platform.json("show", slug)["instances"]} != {
        each["instance"] for each in instances
    }
    change("unset", "greeting")
    assert took(lambda: config()["greeting"] == "newer") < SOON
    refused = application.bough("config", "unset", "greeting")
    assert (refused.status, "its value comes from bough.yaml" in refused.stderr) == (1, True)

    change("set", "greeting", "left behind")
    platform.bough("destroy", slug).ended()
    assert not keys(platform, f"env/{slug}/")
    gone = application.bough("config", "set", "greeting", "late")
    assert gone.status == 1
    assert not keys(platform, f"env/{slug}/")
    assert keys(platform, "app/") == [
        "app/sample/config/size",
        "app/sample/stage/preview/config/size",
        "app/sample/stage/production/config/size",
    ]
    for words in (["--application"], ["--stage", "preview"], ["--stage", "production"]):
        change("unset", "size", *words)
    assert not keys(platform, "app/")


def test_an_instance_that_was_killed_is_not_found(platform: Platform, slug: str) -> None:
    def found() -> list[str]:
        answer: list[str] = platform.ask(slug, "/neighbours").json()["found"]
        return answer

    until(lambda: len(found()) == 2, 20, "both instances are found")
    serving = platform.state(slug)["instance"]
    [victim] = [
        each["instance"]
        for each in platform.json("show", slug)["instances"]
        if each["service"] == "web" and each["instance"] != serving
    ]
    platform.run("docker", "kill", f"{platform.name}.{slug}.{victim}").ended()
    assert took(lambda: alone(found)) < GONE


def alone(found: Callable[[], list[str]]) -> bool:
    try:
        return len(found()) == 1
    except (ValueError, KeyError):  # the edge has not noticed yet, and asked the dead one
        return False
