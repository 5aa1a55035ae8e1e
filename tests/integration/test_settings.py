"""Settings and neighbours that change while instances run, with the real Consul."""

from __future__ import annotations

import json
import time
import uuid
from typing import TYPE_CHECKING, Any

import pytest
import requests
from tests.support import doors, witness
from tests.support.waiting import until

from bough_secrets import Sensitive
from bough_secrets.agent import Agent
from bough_secrets.config import Config

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.support.applications import Application
    from tests.support.platforms import Platform

KV = "http://consul.bough:8500/v1/kv"

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

    verdicts = doors.tried(
        platform,
        slug,
        {
            place: {"http": f"{KV}/app/{place}/size", "as": "consul"}
            for place in (
                "sample/config",
                "sample/stage/preview/config",
                "sample/stage/production/config",
                "sample2/config",
                "sam/config",
            )
        },
    )
    assert verdicts == {
        "sample/config": doors.OPEN,
        "sample/stage/preview/config": doors.OPEN,
        "sample/stage/production/config": "HTTP 403",
        "sample2/config": "HTTP 403",
        "sam/config": "HTTP 403",
    }

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


@pytest.fixture
def agent(platform: Platform) -> Iterator[Agent]:
    """The library's, on this machine, with all rights."""
    tokens = json.loads(platform.key("consul/consul.json"))["acl"]["tokens"]
    address = f"http://127.0.0.1:{platform.settings['ports']['consul']}"
    agent = Agent(address, lambda: Sensitive(tokens["initial_management"]))
    yield agent
    agent.close()


def write(platform: Platform, key: str, value: str | None) -> None:
    """Write a key as the operator; None removes it."""
    tokens = json.loads(platform.key("consul/consul.json"))["acl"]["tokens"]
    requests.request(
        "DELETE" if value is None else "PUT",
        f"http://127.0.0.1:{platform.settings['ports']['consul']}/v1/kv/{key}",
        headers={"X-Consul-Token": tokens["initial_management"]},
        data=value,
        timeout=5,
    ).raise_for_status()


@pytest.mark.parametrize("trouble", [["restart"], ["pause", "unpause"]])
def test_settings_survive_a_consul_that_is_away(
    platform: Platform, agent: Agent, trouble: list[str]
) -> None:
    prefix = f"app/t-{uuid.uuid4().hex[:6]}/config/"
    write(platform, f"{prefix}a", "1")
    config = Config(agent, [prefix])
    config.wait(10)
    assert dict(config) == {"a": "1"}
    for command in trouble:
        platform.run("docker", command, platform.container("consul")).ended()
        assert dict(config) == {"a": "1"}
    until(lambda: written(platform, f"{prefix}a", "2"), 30, "Consul takes a change")
    assert took(lambda: dict(config) == {"a": "2"}) < 6
    write(platform, f"{prefix}a", None)
    assert took(lambda: dict(config) == {}) < SOON


def written(platform: Platform, key: str, value: str) -> bool:
    try:
        write(platform, key, value)
    except requests.RequestException:
        return False
    return True


def alone(found: Callable[[], list[str]]) -> bool:
    try:
        return len(found()) == 1
    except (ValueError, KeyError):  # the edge has not noticed yet, and asked the dead one
        return False
