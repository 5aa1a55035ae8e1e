"""What Vault has given up to revoke is ended all the same: no account outlives what it was for.

Vault gives up after some ten minutes; here that is written into the storage of a Vault of its own.
docs/reliability.md has the real ten minutes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from tests.support.lone_vault import LoneVault, lone_vault
from tests.support.waiting_entries import recorded

from bough import status
from bough.cli.show import not_ended
from bough.keeper.duties import Keeper
from bough_components.local import given_up, need_accounts
from bough_components.local.clients import vault_client
from bough_components.local.home import Home, Settings, write_private
from bough_secrets.testing.http import Reply, Request, Server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.platforms import Platform

MOUNT = "env/main/need/jobs"
WHY = "it was away"


@dataclass
class Management:
    """As much of RabbitMQ's management interface as Vault asks for: users come and go."""

    away: bool = False
    users: set[str] = field(default_factory=set)

    def answer(self, request: Request) -> Reply:
        kind, name = [*request.path.removeprefix("/api/").split("/"), ""][:2]
        if self.away:
            return Reply(503, {"error": "down", "reason": "away"})
        if kind == "users" and request.method == "PUT":
            self.users.add(name)
        if kind == "users" and request.method == "DELETE":
            self.users.discard(name)
        return Reply(204)


@pytest.fixture
def management() -> Management:
    return Management()


@pytest.fixture
def vault(platform: Platform, management: Management, tmp_path: Path) -> Iterator[LoneVault]:
    server = Server(management.answer)
    (tmp_path / "lone").mkdir()
    with lone_vault(platform, tmp_path / "lone") as vault:
        vault.ask("POST", f"sys/mounts/{MOUNT}", type="rabbitmq")
        vault.ask(
            "POST",
            f"{MOUNT}/config/connection",
            connection_uri=server.address,
            username="vault",
            password="opaque",
            verify_connection=False,
        )
        vault.ask("POST", f"{MOUNT}/roles/web", vhosts='{"/": {"read": ".*"}}')
        yield vault
    server.close()


@pytest.fixture
def home(vault: LoneVault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A platform whose Vault is that one."""
    monkeypatch.setenv("BOUGH_HOME", str(tmp_path / "home"))
    home = Home.current()
    home.save(Settings(name="bough-lone", ports={"vault": vault.port}))
    home.folder("keys/operator")
    write_private(home.key("operator/vault"), json.dumps(vault.operator()))
    (home.root / "platform.declaration").touch()
    return home


@pytest.fixture
def lost(vault: LoneVault, management: Management) -> str:
    """A lease that Vault has given up, whose account is still good."""
    lease: str = vault.ask("GET", f"{MOUNT}/creds/web")["lease_id"]
    assert management.users
    management.away = True
    vault.give_up(lease, WHY)
    return lease


def test_the_keeper_ends_it_once_what_it_is_for_is_back(
    home: Home, management: Management, lost: str
) -> None:
    time = [0.0]
    keeper = Keeper(home, lambda: time[0])
    keeper.end_leases()
    assert management.users
    assert given_up.leases(vault_client(home)) == [given_up.Lease(lost, "main", WHY)]
    assert recorded(home) == []
    assert status.given_up(home, "main") == [lost]
    assert status.given_up(home, "other") == []
    assert lost in not_ended([lost])[0]

    management.away = False
    time[0] += 60
    keeper.end_leases()
    assert management.users == set()
    assert given_up.leases(vault_client(home)) == []
    (event,) = recorded(home)
    assert (event["event"], event["environment"]) == ("lease ended late", "main")
    assert (event["lease"], event["why"]) == (lost, WHY)
    assert not_ended(status.given_up(home, "main")) == []


def test_destroying_an_environment_sees_it_and_ends_it(
    home: Home, vault: LoneVault, management: Management, lost: str
) -> None:
    client = vault_client(home)
    assert need_accounts.leases(client, "env/main/") == ["env/main/need/"]
    assert need_accounts.leases(client, f"{MOUNT}/creds/web/") == [lost]
    with pytest.raises(Exception, match="failed to revoke"):
        need_accounts.remove(client, "main", "jobs")
    assert f"{MOUNT}/" in vault.ask("GET", "sys/mounts")["data"]

    management.away = False
    need_accounts.remove(client, "main", "jobs")
    assert management.users == set()
    assert need_accounts.leases(client, "env/main/") == []
    assert given_up.leases(client) == []
    assert f"{MOUNT}/" not in vault.ask("GET", "sys/mounts")["data"]


def test_while_vault_is_away_nothing_is_said_of_it(home: Home, platform: Platform) -> None:
    assert platform
    home.save(Settings(name="bough-lone", ports={"vault": 1}))
    Keeper(home).end_leases()
    assert status.given_up(home, "main") == []
    assert recorded(home) == []
