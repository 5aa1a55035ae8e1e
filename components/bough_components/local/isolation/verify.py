"""Every door of an environment's neighbours and of the platform, tried."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from bough_components import names
from bough_components.errors import LeftoverError
from bough_components.local import containers, databases, network
from bough_components.local.clients import postgres, vault_client
from bough_components.local.isolation import (
    consul_doors,
    mariadb_doors,
    network_doors,
    postgres_doors,
    rabbitmq_doors,
    registry_doors,
    surroundings,
    vault_doors,
)
from bough_components.local.isolation.thief import stolen
from bough_components.local.need_accounts import existing_needs, existing_roles
from bough_components.local.vault_space import existing_services

if TYPE_CHECKING:
    from collections.abc import Iterable
    from concurrent.futures import Future

    from bough_components.local.home import Home
    from bough_components.local.isolation.surroundings import Neighbour
    from bough_components.local.isolation.thief import Thief
    from bough_components.local.isolation.verdicts import Door, Verdict


def verify(home: Home, slug: str, neighbours: Iterable[str]) -> list[Verdict]:
    """Try everything there is; a verdict for each attempt."""
    others = list(neighbours)
    with ThreadPoolExecutor(2) as pool:
        halves = [pool.submit(half, home, slug, others) for half in (credentials, addresses)]
        return [verdict for half in halves for verdict in half.result()]


def credentials(home: Home, slug: str, neighbours: Iterable[str]) -> list[Verdict]:
    """Try everything with the credentials of each service of `slug`."""
    thieves = _thieves(home, slug)
    with ThreadPoolExecutor(len(thieves) + 1) as pool:
        others = pool.submit(surroundings.neighbours, home, neighbours)
        groups = pool.map(lambda one: _as(home, slug, one, thieves[one], others), thieves)
        return [verdict for group in groups for verdict in group]


def addresses(home: Home, slug: str, neighbours: Iterable[str]) -> list[Verdict]:
    """Try every address from the network of `slug`: from a container of PostgreSQL's image, which
    has a shell that opens connections."""
    postgres_ = containers.find(names.platform_container(home.settings.name, "postgres"))
    image = postgres_.attrs["Image"] if postgres_ else ""
    others = surroundings.subnets_of(home, neighbours)
    targets = surroundings.targets(home, network.environment_subnet(home, slug), others)
    return _all([*network_doors.doors(home, slug, image, targets), *registry_doors.doors(home)])


def require(slug: str, verdicts: Iterable[Verdict]) -> None:
    """`LeftoverError` with each attempt that did not end as it must."""
    failed = [each for each in verdicts if not each.passed]
    if failed:
        raise LeftoverError(
            f"environment {slug} is not isolated",
            [f"{each.engine}, {each.of}: {each.what} ({each.answer})" for each in failed],
            f"find out why before anybody uses it; `bough verify-isolation {slug}` tries again",
        )


def _thieves(home: Home, slug: str) -> dict[str, dict[str, str]]:
    """Each service with the needs that it is tried on, and their kinds: an account of a need is the
    same for every service, so the first one's stands for all."""
    client = vault_client(home)
    thieves: dict[str, dict[str, str]] = {
        each: {} for each in sorted(existing_services(client, slug))
    }
    for need, kind in existing_needs(client, slug).items():
        users = sorted(existing_roles(client, slug, need) & thieves.keys())
        if users:
            thieves[users[0]][need] = kind
    return thieves


def _as(
    home: Home,
    slug: str,
    service: str,
    needs: dict[str, str],
    others: Future[dict[str, Neighbour]],
) -> list[Verdict]:
    with stolen(home, slug, service, needs) as thief:
        return _all(_doors(home, thief, others.result()))


def _doors(home: Home, thief: Thief, others: dict[str, Neighbour]) -> list[Door]:
    with postgres(home) as connection:
        known = databases.named(connection, "")
    return [
        *vault_doors.doors(thief, others),
        *consul_doors.doors(thief, others),
        *postgres_doors.doors(thief, known, others),
        *rabbitmq_doors.doors(home, thief, others),
        *mariadb_doors.doors(home, thief, others),
    ]


def _all(doors: list[Door]) -> list[Verdict]:
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(lambda door: door.tried(), doors))
