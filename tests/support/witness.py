"""What is there, asked of the engines themselves, with none of bough's code between."""

from __future__ import annotations

import json
import re
import subprocess
from typing import TYPE_CHECKING, Any

import psycopg
import pymysql
import requests

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.support.platforms import Platform

_PORT = {"vault": 8200, "consul": 8500}


def docker(*arguments: str) -> str:
    done = subprocess.run(["docker", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"docker {' '.join(arguments)}: {done.stderr}"
    return done.stdout.strip()


def inspect(*things: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(docker("inspect", *things)) if things else []
    return found


def described(container: str) -> str:
    """All that Docker tells of a container; empty when it is gone."""
    return _heard("inspect", container)


def logs(container: str) -> str:
    return _heard("logs", container)


def manifest(platform: Platform, image: str) -> requests.Response:
    """What the registry answers when it is asked for an image, `host/name@digest`."""
    host, _, rest = image.partition("/")
    name, _, digest = rest.partition("@")
    login = json.loads(platform.key("operator/registry"))
    return requests.head(
        f"http://{host}/v2/{name}/manifests/{digest}",
        auth=(login["username"], login["password"]),
        headers={"Accept": "application/vnd.docker.distribution.manifest.v2+json"},
        timeout=10,
    )


def containers(platform: Platform, slug: str | None = None) -> list[str]:
    """Names of the containers of a platform, or of one environment, whatever their state."""
    return docker("ps", "-a", "--format", "{{.Names}}", *_labels(platform, slug)).split()


def services(platform: Platform, slug: str) -> list[str]:
    """The service of each container of an environment, in order."""
    label = '{{.Label "bough.service"}}'
    return sorted(docker("ps", "-a", "--format", label, *_labels(platform, slug)).split())


def instance(platform: Platform, slug: str, service: str = "web") -> dict[str, Any]:
    """Docker's full description of the one instance of a service."""
    service_label = ("--filter", f"label=bough.service={service}")
    names = docker("ps", "--format", "{{.Names}}", *_labels(platform, slug), *service_label)
    (found,) = inspect(*names.split())
    return found


def address(container: dict[str, Any], network: str) -> str:
    found: str = container["NetworkSettings"]["Networks"][network]["IPAddress"]
    return found


def left_of(platform: Platform, slug: str) -> list[str]:
    """Everything, in any engine or folder, that still bears the name of an environment."""
    return [
        *_docker_objects(platform, slug),
        *(f"memory {path}" for path in platform.memory.glob(slug)),
        *(f"postgres {name}" for name in _mentioning(slug, _postgres_names(platform))),
        *(f"mariadb {name}" for name in _mentioning(slug, _mariadb_names(platform))),
        *(f"rabbitmq {name}" for name in _mentioning(slug, _rabbitmq_names(platform))),
        *(f"vault {name}" for name in _mentioning(slug, _vault_names(platform, slug))),
        *(f"consul {name}" for name in _mentioning(slug, _consul_names(platform))),
        *(f"file {path}" for path in _files(platform, slug)),
        *(["edge serves it"] if platform.ask(slug).status_code != 404 else []),
    ]


def left_of_platform(name: str, registry: str) -> list[str]:
    """What bears the label of a platform, or came from its registry (`host:port`)."""
    label = ("--filter", f"label=bough.platform={name}")
    images = docker("images", "--digests", "--format", "{{.Repository}} {{.ID}}").splitlines()
    return [
        *docker("ps", "-a", "--format", "container {{.Names}}", *label).splitlines(),
        *docker("network", "ls", "--format", "network {{.Name}}", *label).splitlines(),
        *docker("volume", "ls", "--format", "volume {{.Name}}", *label).splitlines(),
        *(f"image {line}" for line in images if line.startswith(f"{registry}/")),
    ]


def sweep(name: str) -> None:
    """Remove by force what a platform that could not be taken down would leave on the machine."""
    label = ("-q", "--filter", f"label=bough.platform={name}")
    for listed, removed in (
        (["ps", "-a"], ["rm", "-f"]),
        (["network", "ls"], ["network", "rm"]),
        (["volume", "ls"], ["volume", "rm"]),
    ):
        if found := docker(*listed, *label).split():
            docker(*removed, *found)


def query(platform: Platform, statement: str, database: str = "postgres") -> list[Any]:
    """Rows of a statement run as PostgreSQL's superuser."""
    with _superuser(platform, database) as connection:
        return connection.execute(statement.encode()).fetchall()


def execute(platform: Platform, statement: str) -> None:
    """Run a statement as PostgreSQL's superuser."""
    with _superuser(platform, "postgres") as connection:
        connection.execute(statement.encode())


def _superuser(platform: Platform, database: str) -> psycopg.Connection[Any]:
    return psycopg.connect(
        host="127.0.0.1",
        port=platform.settings["ports"]["postgres"],
        user="bough",
        password=platform.key("postgres/postgres"),
        dbname=database,
        connect_timeout=10,
    )


def mariadb(
    platform: Platform, statement: str, database: str | None = None
) -> list[tuple[Any, ...]]:
    """Rows of a statement run as the account that may do anything in MariaDB."""
    with pymysql.connect(
        host="127.0.0.1",
        port=platform.settings["ports"]["mariadb"],
        user="bough",
        password=platform.key("mariadb/mariadb"),
        database=database,
        autocommit=True,
        ssl_disabled=True,
    ) as connection:
        cursor = connection.cursor()
        cursor.execute(statement)
        return list(cursor.fetchall())


def vault(
    platform: Platform, method: str, path: str, body: dict[str, Any] | None = None
) -> dict[str, Any]:
    """A question to Vault, as the platform's operator."""
    answer = asked(platform, _operator_token(platform), method, path, json=body)
    if answer.status_code in (204, 404):
        return {}
    answer.raise_for_status()
    facts: dict[str, Any] = answer.json() if answer.content else {}
    return facts


def minted(platform: Platform, path: str, lives: str, method: str = "POST") -> str:
    """A wrapping token as bough mints them, with the operator's login."""
    token = _operator_token(platform)
    wrapping = {"X-Vault-Wrap-TTL": lives}
    answer = asked(platform, token, method, path, headers=wrapping)
    answer.raise_for_status()
    wrapped: str = answer.json()["wrap_info"]["token"]
    return wrapped


def asked(platform: Platform, token: str, method: str, path: str, **more: Any) -> requests.Response:
    headers = {**more.pop("headers", {}), **({"X-Vault-Token": token} if token else {})}
    url = f"http://127.0.0.1:{platform.settings['ports']['vault']}/v1/{path}"
    return requests.request(method, url, headers=headers, timeout=10, **more)


def _operator_token(platform: Platform) -> str:
    login = json.loads(platform.key("operator/vault"))
    secret = {key: login[key] for key in ("role_id", "secret_id")}
    answer = asked(platform, "", "POST", "auth/operator/login", json=secret)
    answer.raise_for_status()
    token: str = answer.json()["auth"]["client_token"]
    return token


def consul(platform: Platform, path: str) -> Any:
    """A question to Consul, with the operator's token."""
    keys = json.loads(platform.key("consul/consul.json"))
    answer = requests.get(
        f"http://127.0.0.1:{platform.settings['ports']['consul']}/v1/{path}",
        headers={"X-Consul-Token": keys["acl"]["tokens"]["initial_management"]},
        timeout=10,
    )
    if answer.status_code == 404:
        return []
    answer.raise_for_status()
    return answer.json()


def rabbitmq(platform: Platform, path: str) -> Any:
    """A question to RabbitMQ's management interface, as its first account."""
    name, password = (
        line.partition(" = ")[2] for line in platform.key("rabbitmq/rabbitmq.conf").splitlines()
    )
    address = f"http://127.0.0.1:{platform.settings['ports']['rabbitmq']}/api/{path}"
    answer = requests.get(address, auth=(name, password), timeout=10)
    answer.raise_for_status()
    return answer.json()


def _heard(*arguments: str) -> str:
    done = subprocess.run(["docker", *arguments], capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def _labels(platform: Platform, slug: str | None) -> list[str]:
    labels = [f"label=bough.platform={platform.name}"]
    labels += [f"label=bough.environment={slug}"] if slug else []
    return [word for label in labels for word in ("--filter", label)]


def _docker_objects(platform: Platform, slug: str) -> list[str]:
    labels = _labels(platform, slug)
    return [
        *docker("ps", "-a", "--format", "container {{.Names}}", *labels).splitlines(),
        *docker("network", "ls", "--format", "network {{.Name}}", *labels).splitlines(),
        *docker("volume", "ls", "--format", "volume {{.Name}}", *labels).splitlines(),
    ]


def _mentioning(slug: str, names: Iterable[str]) -> list[str]:
    whole = re.compile(rf"(?<![a-z0-9]){re.escape(slug)}(?![a-z0-9]|-(?!-))")
    return sorted(name for name in names if whole.search(name))


def _postgres_names(platform: Platform) -> list[str]:
    rows = query(platform, "SELECT datname FROM pg_database UNION SELECT rolname FROM pg_roles")
    return [name for (name,) in rows]


def _mariadb_names(platform: Platform) -> list[str]:
    if "mariadb" not in platform.settings["ports"]:
        return []
    statement = "SELECT schema_name FROM information_schema.schemata UNION SELECT user FROM"
    return [name for (name,) in mariadb(platform, f"{statement} mysql.global_priv")]


def _rabbitmq_names(platform: Platform) -> list[str]:
    if "rabbitmq" not in platform.settings["ports"]:
        return []
    return [
        f"{kind} {found['name']}"
        for kind in ("vhosts", "users")
        for found in rabbitmq(platform, kind)
    ]


def _vault_names(platform: Platform, slug: str) -> list[str]:
    mounts = vault(platform, "GET", "sys/mounts")["data"]
    auths = vault(platform, "GET", "sys/auth")["data"]
    policies = vault(platform, "LIST", "sys/policies/acl")["data"]["keys"]
    leases = [
        f"lease {path}{key}"
        for path in (f"env/{slug}/", f"auth/env/{slug}/")
        for key in vault(platform, "LIST", f"sys/leases/lookup/{path}").get("data", {}).get("keys")
        or []
    ]
    return [*mounts, *auths, *policies, *leases]


def _consul_names(platform: Platform) -> list[str]:
    return [
        *consul(platform, "kv/?keys"),
        *consul(platform, "agent/services"),
        *consul(platform, "catalog/services"),
        *(policy["Name"] for policy in consul(platform, "acl/policies")),
        *(token["Description"] for token in consul(platform, "acl/tokens")),
    ]


def _files(platform: Platform, slug: str) -> list[str]:
    kept = ("environments", "edge", "pulumi/projects", "pulumi/state/.pulumi/stacks")
    paths = [path for folder in kept for path in (platform.root / folder).rglob(f"{slug}*")]
    configuration = platform.root / "edge/configuration/haproxy.cfg"
    mentioned = [configuration] if _mentioning(slug, [configuration.read_text()]) else []
    return [str(path) for path in [*paths, *mentioned]]
