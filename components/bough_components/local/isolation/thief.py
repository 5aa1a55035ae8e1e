"""All that an instance of one service could have stolen from it: the credentials it works with."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bough_components import names
from bough_components.local import consul_space, logins, network, subnets
from bough_components.local.clients import consul_client, http, vault_address, vault_client

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import requests

    from bough_components.local.home import Home

TIMEOUT = 10
FORBIDDEN = 403


@dataclass(frozen=True, kw_only=True)
class Account:
    """An account of a need of that kind; its password is for nobody to see."""

    need: str
    kind: str
    user: str
    password: str
    lease: str

    def __repr__(self) -> str:
        return f"Account({self.user})"


@dataclass(frozen=True, kw_only=True)
class Thief:
    """Logged in as a service, from its environment's own network."""

    slug: str
    service: str
    subnet: str
    vault: str
    consul: str
    accounts: tuple[Account, ...]
    at_end: Callable[[Callable[[], object]], object]
    """Does something before the credentials are taken back."""
    http: requests.Session = field(default_factory=http)

    def __repr__(self) -> str:
        return f"Thief({self.slug}, {self.service})"


@contextmanager
def stolen(home: Home, slug: str, service: str, needs: Mapping[str, str]) -> Iterator[Thief]:
    """Credentials made as an instance's are, and taken back at the end; `needs` with kinds."""
    subnet = network.environment_subnet(home, slug)
    with ExitStack() as stack, ThreadPoolExecutor(1) as beside:
        name = f"{service}-verify-isolation"
        stack.callback(consul_space.drop_tokens, consul_client(home), slug, name)
        minted = beside.submit(_consul_token, home, slug, service, name)
        token = _log_in(home, subnet, slug, service)
        stack.callback(_revoke, subnet, token)
        accounts = [
            _account(
                subnet,
                token,
                f"{names.vault_need(slug, need)}/creds/{service}",
                need=need,
                kind=kind,
            )
            for need, kind in needs.items()
        ]
        yield Thief(
            slug=slug,
            service=service,
            subnet=subnet,
            vault=token,
            consul=minted.result(),
            accounts=tuple(filter(None, accounts)),
            at_end=stack.callback,
        )


def engine(subnet: str, role: str, port: int) -> str:
    """An engine as the environment's instances see it: this machine is on their network too."""
    return f"http://{subnets.platform_address(subnet, role)}:{port}"


def _consul_token(home: Home, slug: str, service: str, name: str) -> str:
    return consul_space.mint_token(consul_client(home), slug, service, name)[1]


def _log_in(home: Home, subnet: str, slug: str, service: str) -> str:
    wrapped = logins.wrapped_secret_id(vault_client(home), slug, service)
    secret_id = _call(f"{vault_address(home)}/v1/sys/wrapping/unwrap", wrapped)["data"]["secret_id"]
    login = {"role_id": names.vault_role_id(slug, service), "secret_id": secret_id}
    url = f"{engine(subnet, 'vault', 8200)}/v1/auth/{names.vault_auth(slug)}/login"
    token: str = _call(url, None, login)["auth"]["client_token"]
    return token


def _account(subnet: str, token: str, path: str, *, need: str, kind: str) -> Account | None:
    """None where the service may not ask: an update takes a need away before the role goes."""
    answer = _patient().get(
        f"{engine(subnet, 'vault', 8200)}/v1/{path}",
        headers={"X-Vault-Token": token},
        timeout=TIMEOUT,
    )
    if answer.status_code == FORBIDDEN:
        return None
    answer.raise_for_status()
    facts = answer.json()
    return Account(
        need=need,
        kind=kind,
        user=facts["data"]["username"],
        password=facts["data"]["password"],
        lease=facts["lease_id"],
    )


def _patient() -> requests.Session:
    """For what must open: while Docker puts an engine on another network, nobody may answer there
    for a moment. Only a connection that was not made is tried again."""
    from requests.adapters import HTTPAdapter
    from urllib3.util import Retry

    session = http()
    retries = Retry(total=None, connect=8, read=0, redirect=0, status=0, backoff_factor=0.05)
    session.mount("http://", HTTPAdapter(max_retries=retries))
    return session


def _revoke(subnet: str, token: str) -> None:
    """Its accounts end with it."""
    _patient().post(
        f"{engine(subnet, 'vault', 8200)}/v1/auth/token/revoke-self",
        headers={"X-Vault-Token": token},
        timeout=TIMEOUT,
    )


def _call(url: str, token: str | None, body: dict[str, str] | None = None) -> Any:
    headers = {"X-Vault-Token": token} if token else {}
    answer = _patient().post(url, headers=headers, json=body or {}, timeout=TIMEOUT)
    answer.raise_for_status()
    return answer.json()
