"""Layers of settings in Consul, read and written for the people of a platform."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bough_components import names
from bough_components.errors import NotFoundError

if TYPE_CHECKING:
    import consul


def about(client: consul.Consul, slug: str) -> dict[str, str]:
    """Application and stage of an environment; `NotFoundError` when it does not say."""
    _, entry = client.kv.get(names.consul_about(slug))
    if entry is None:
        raise NotFoundError(
            f"the environment {slug} has no settings: it is not there, or an older bough made it",
            f"run `bough up {slug}`",
        )
    facts: dict[str, str] = json.loads(entry["Value"])
    return facts


def read(client: consul.Consul, prefix: str) -> dict[str, str]:
    """The settings of one layer."""
    _, entries = client.kv.get(prefix, recurse=True)
    return {
        entry["Key"].removeprefix(prefix): (entry["Value"] or b"").decode(errors="replace")
        for entry in entries or []
    }


def write(client: consul.Consul, key: str, value: str) -> None:
    client.kv.put(key, value.encode())


def write_override(client: consul.Consul, slug: str, name: str, value: str) -> None:
    """Set it for one environment; `NotFoundError`, and nothing left, when it is destroyed."""
    key = f"{names.consul_overrides(slug)}{name}"
    about(client, slug)
    write(client, key, value)
    try:
        about(client, slug)
    except NotFoundError:
        erase(client, key)
        raise


def erase(client: consul.Consul, key: str) -> None:
    client.kv.delete(key)
