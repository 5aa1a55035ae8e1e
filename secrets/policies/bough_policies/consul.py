"""Consul's rules for the instances of one service, in the JSON form of its policy language."""

from collections.abc import Iterable

Rules = dict[str, dict[str, dict[str, str]]]


def service_rules(
    slug: str, service: str, services: Iterable[str], *, application: str, stage: str
) -> Rules:
    """Find itself and its neighbours, read its environment's keys and the settings that its
    application and its stage share; write nothing. Every prefix ends in "/".

    Whoever may register a service may have Consul ask any URL, and Consul stands on every
    environment's network.
    """
    names = sorted({service, *services})
    prefixes = (
        f"app/{application}/config/",
        f"app/{application}/stage/{stage}/config/",
        f"env/{slug}/",
    )
    return {
        "service": {f"{slug}--{name}": {"policy": "read"} for name in names},
        "node_prefix": {"": {"policy": "read"}},
        "key_prefix": {prefix: {"policy": "read"} for prefix in prefixes},
    }
