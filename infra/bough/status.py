"""What runs now: engines, environments, instances."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from bough_components import names

if TYPE_CHECKING:
    from bough_components.local.home import Home


def platform_status(home: Home) -> list[dict[str, Any]]:
    """A row for each engine: role, address, whether it answers."""
    from bough_components.local import probes

    roles, ports = home.settings.engines, home.settings.ports
    with ThreadPoolExecutor(len(roles)) as pool:
        answers = pool.map(lambda role: probes.answers(home, role), roles)
        return [
            {
                "engine": role,
                "address": f"127.0.0.1:{ports[role]}",
                "answers": answer,
            }
            for role, answer in zip(roles, answers, strict=True)
        ]


def environments_status(home: Home) -> list[dict[str, Any]]:
    """A row for each environment: slug, application, branch, commit served, instances up, url."""
    from bough import pulumi_command, registry

    up = _instances_up(home)
    return [
        {
            "environment": record.slug,
            "application": record.application,
            "branch": record.ref,
            "commit": record.deployed,
            "instances": "/".join(map(str, up.get(record.slug, (0, 0)))),
            "url": pulumi_command.outputs(home, record.slug).get("url"),
        }
        for record in registry.every(home)
    ]


def instances_status(home: Home, slug: str) -> list[dict[str, Any]]:
    """A row for each instance of an environment: name, service, state, for how many seconds Vault
    may be away (None: it does not say), image."""
    from bough_components.local import telling

    return [
        {
            "instance": found["Labels"][names.LABEL_INSTANCE],
            "service": found["Labels"][names.LABEL_SERVICE],
            "state": found["Status"],
            "survivable": telling.survivable(home, slug, found["Labels"][names.LABEL_INSTANCE]),
            "image": found["Image"].rpartition("@")[2],
        }
        for found in sorted(instances_of(home, slug), key=lambda found: str(found["Names"]))
    ]


def given_up(home: Home, slug: str) -> list[str]:
    """Leases of an environment that Vault has given up to end; none while it does not answer."""
    from bough_components.errors import BoughError
    from bough_components.local import given_up as leases
    from bough_components.local.clients import engine_errors, vault_client

    try:
        with engine_errors():
            return [found.id for found in leases.leases(vault_client(home)) if found.slug == slug]
    except BoughError:
        return []


def instances_of(home: Home, slug: str | None = None) -> list[dict[str, Any]]:
    """Docker's short descriptions of the instances of one environment, or of all."""
    from bough_components.local import looking

    labels = {names.LABEL_PLATFORM: home.settings.name, names.LABEL_ROLE: "instance"}
    return looking.labelled(labels | ({names.LABEL_ENVIRONMENT: slug} if slug else {}))


def _instances_up(home: Home) -> dict[str, tuple[int, int]]:
    counts: dict[str, tuple[int, int]] = {}
    for found in instances_of(home):
        slug = found["Labels"][names.LABEL_ENVIRONMENT]
        up, total = counts.get(slug, (0, 0))
        counts[slug] = (up + (found["State"] == "running"), total + 1)
    return counts
