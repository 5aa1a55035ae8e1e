"""The doors that lead into an environment, to be tried from inside an instance."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.support import witness

if TYPE_CHECKING:
    from tests.support.platforms import Platform

Doors = dict[str, dict[str, Any]]
OPEN = "open"


def of_environment(platform: Platform, slug: str) -> Doors:
    """Every way in that an environment's own instances use."""
    network = f"{platform.name}.env.{slug}"
    web = witness.instance(platform, slug)
    name, engines = web["Config"]["Hostname"], ("vault", "consul", "postgres")
    ports = {"vault": 8200, "consul": 8500, "postgres": 5432}
    found = dict(zip(engines, witness.inspect(*map(platform.container, engines)), strict=True))
    return {
        "an instance": {"tcp": [witness.address(web, network), 8000]},
        **{
            f"{engine} on its network": {"tcp": [witness.address(found[engine], network), port]}
            for engine, port in ports.items()
        },
        "its database": {"database": f"env-{slug}.db"},
        "its instance's secret": _vault(f"env/{slug}/kv/data/instances/web/{name}"),
        "its database accounts": _vault(f"env/{slug}/need/db/creds/web"),
        "a key": _consul(f"kv/env/{slug}/services/web"),
        "all keys": _consul(f"kv/env/{slug}/?keys"),
        "its registration": _consul(f"health/service/{slug}--web"),
    }


def of_platform(platform: Platform, slug: str, neighbour: str) -> Doors:
    """Ways from an instance of `slug` into what is nobody's own, and to its neighbour's route: the
    edge listens on this machine's loopback alone."""
    network, core = f"{platform.name}.env.{slug}", f"{platform.name}.core"
    web = witness.instance(platform, slug)
    gateway = web["NetworkSettings"]["Networks"][network]["Gateway"]
    engines = {role: witness.inspect(platform.container(role))[0] for role in _PORTS}
    route = {"Host": f"{neighbour}.localhost"}
    edge = f"{gateway}:{platform.port}"
    return {
        "neighbour through the edge": {"http": f"http://{edge}/state", "headers": route},
        "itself through the edge": {"http": f"http://{edge}/state"},
        "vault without a token": {"http": "http://vault.bough:8200/v1/sys/mounts"},
        "vault's mounts": _vault("sys/mounts"),
        "consul without a token": {"http": f"http://consul.bough:8500/v1/kv/env/{slug}/?keys"},
        "consul's tokens": _consul("acl/tokens"),
        **{f"database {name}": {"database": name} for name in ("postgres", "template1")},
        **{
            f"{role} on the platform's network": {
                "tcp": [witness.address(engines[role], core), port]
            }
            for role, port in _PORTS.items()
        },
        **{
            f"{role} through the gateway": {"tcp": [gateway, port]}
            for role, port in platform.settings["ports"].items()
        },
    }


def tried(platform: Platform, slug: str, doors: Doors) -> dict[str, str]:
    """What happened at each door, tried by an instance of `slug`."""
    done = platform.bough("exec", slug, "web", "python", "probe.py", stdin=json.dumps(doors))
    verdicts: dict[str, str] = json.loads(done.ended().stdout)
    assert verdicts.keys() == doors.keys()
    return verdicts


_PORTS = {"registry": 5000, "postgres": 5432, "vault": 8200, "consul": 8500}


def _vault(path: str) -> dict[str, str]:
    return {"http": f"http://vault.bough:8200/v1/{path}", "as": "vault"}


def _consul(path: str) -> dict[str, str]:
    return {"http": f"http://consul.bough:8500/v1/{path}", "as": "consul"}
