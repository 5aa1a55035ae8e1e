import json
from typing import Any

from bough_components.local.engine_settings import settings, settings_mark

CORE = "10.213.0.0/26"


def consul_s(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(settings("consul", CORE)[name])
    return read


def test_consul_takes_writes_from_the_platform_s_network_alone() -> None:
    # Consul joins the lists of all its files
    assert consul_s("consul.json")["http_config"]["allow_write_http_from"] == ["127.0.0.0/8"]
    assert consul_s("writers.json") == {"http_config": {"allow_write_http_from": [CORE]}}


def test_the_edge_s_are_rendered_elsewhere() -> None:
    assert settings("edge", CORE) == {}


def test_a_mark_for_each_engine() -> None:
    roles = ("registry", "postgres", "vault", "consul", "edge")
    assert len({settings_mark(role) for role in roles}) == len(roles)
