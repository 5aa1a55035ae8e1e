"""Consul's rules for the instances of one service, in the JSON form of its policy language."""

from collections.abc import Iterable

Rules = dict[str, dict[str, dict[str, str]]]


def service_rules(slug: str, service: str, services: Iterable[str]) -> Rules:
    """Register as itself, find its neighbours, read its environment's keys; nothing else."""
    writes = {f"{slug}--{service}": {"policy": "write"}}
    reads = {f"{slug}--{other}": {"policy": "read"} for other in services if other != service}
    return {
        "service": {**reads, **writes},
        "node_prefix": {"": {"policy": "read"}},
        "key_prefix": {f"env/{slug}/": {"policy": "read"}},
    }
