"""What bough tells Consul of an instance."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from bough_components.local import keys, registration
from bough_components.local.home import Home
from bough_components.local.instances import Wanted
from bough_secrets.testing.http import Reply, Request, Server

WEB = Wanted(
    platform="bough-test",
    slug="feat-a",
    service="web",
    instance="web-1-abcdef",
    image="web@sha256:0",
    command=None,
    port=8000,
    health="/health/ready",
    memory=1 << 27,
    start_timeout=20,
    stop_timeout=10,
)


@dataclass
class Agent:
    """A Consul agent that accepts everything."""

    home: Home
    asked: list[Request]

    @property
    def registered(self) -> dict[str, Any]:
        (request,) = self.asked
        assert (request.method, request.path) == ("PUT", "/v1/agent/service/register")
        return request.body


@pytest.fixture
def agent(home: Home) -> Iterator[Agent]:
    asked: list[Request] = []

    def answer(request: Request) -> Reply:
        asked.append(request)
        return Reply()

    server = Server(answer)
    port = int(server.address.rpartition(":")[2])
    home.save(replace(home.settings, ports={"consul": port}))
    keys.ensure(home, "consul")
    yield Agent(home, asked)
    server.close()


def test_an_instance_with_a_port(agent: Agent) -> None:
    registration.register(agent.home, WEB, "10.213.0.70")
    assert agent.registered == {
        "name": "feat-a--web",
        "id": "feat-a--web-1-abcdef",
        "address": "10.213.0.70",
        "port": 8000,
        "checks": [
            {
                "HTTP": "http://10.213.0.70:8000/health/ready",
                "Interval": "2s",
                "Timeout": "2s",
                "Status": "passing",
                "DisableRedirects": True,
            }
        ],
    }


def test_with_the_operator_s_token(agent: Agent) -> None:
    registration.register(agent.home, WEB, "10.213.0.70")
    tokens = json.loads(agent.home.key("consul/consul.json").read_text())["acl"]["tokens"]
    assert agent.asked[0].token == tokens["initial_management"]


def test_an_instance_without_a_port_is_not_registered(agent: Agent) -> None:
    registration.register(agent.home, replace(WEB, port=None, health=None), "10.213.0.71")
    assert agent.asked == []
