"""RabbitMQ, tried with an account of a service."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from bough_components import names
from bough_components.local import broker, queue_accounts, subnets
from bough_components.local.isolation.thief import TIMEOUT, engine
from bough_components.local.isolation.verdicts import OWN, PLATFORM, Door

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bough_components.local.home import Home
    from bough_components.local.isolation.thief import Account, Thief

_PAGES = ("whoami", "users", "vhosts", "connections", "definitions")
_REFUSED = (403, 530)


def doors(home: Home, thief: Thief, neighbours: Iterable[str]) -> list[Door]:
    """The virtual hosts of `neighbours` are tried one by one, and the management interface."""
    accounts = [each for each in thief.accounts if each.kind == queue_accounts.KIND]
    if not accounts:
        return []
    foreign = {
        vhost: slug for slug in neighbours for vhost in broker.vhosts(home, names.need_prefix(slug))
    }
    return [door for each in accounts for door in _with(thief, each, foreign)]


def _with(thief: Thief, account: Account, foreign: dict[str, str]) -> list[Door]:
    own = names.vhost(thief.slug, account.need)
    vhosts = {own: OWN, "/": PLATFORM, **foreign}
    return [
        *(
            Door(
                engine="rabbitmq",
                of=of,
                what=f"virtual host {vhost}",
                knock=partial(_open, thief.subnet, account, vhost),
            )
            for vhost, of in vhosts.items()
        ),
        *(
            Door(
                engine="rabbitmq",
                of=PLATFORM,
                what=f"page {page} of its management",
                knock=partial(_read, thief, account, page),
            )
            for page in _PAGES
        ),
    ]


def _open(subnet: str, account: Account, vhost: str) -> tuple[bool, str]:
    from amqpstorm.connection import Connection
    from amqpstorm.exception import AMQPConnectionError

    try:
        Connection(
            subnets.platform_address(subnet, broker.ROLE),
            account.user,
            account.password,
            port=broker.AMQP_PORT,
            virtual_host=vhost,
            timeout=TIMEOUT,
        ).close()
    except AMQPConnectionError as error:
        if error.error_code not in _REFUSED:
            raise
        return False, f"refused with {error.error_code}"
    return True, "opened"


def _read(thief: Thief, account: Account, page: str) -> tuple[bool, str]:
    answer = thief.http.get(
        f"{engine(thief.subnet, broker.ROLE, 15672)}/api/{page}",
        auth=(account.user, account.password),
        timeout=TIMEOUT,
    )
    return answer.ok, f"HTTP {answer.status_code}"
