"""Which engine is named when it does not answer; nobody listens on the ports of `home`."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from types import ModuleType
from typing import TYPE_CHECKING

import pytest
from hvac.exceptions import InternalServerError
from pymysql import OperationalError

from bough_components.errors import UnavailableError
from bough_components.local import clients
from bough_components.local.home import write_private
from bough_secrets.testing.http import Reply, Request, Server

if TYPE_CHECKING:
    from bough_components.local.home import Home


def test_vault(home: Home) -> None:
    login = {"role_id": "r", "secret_id": "s", "mount_point": "operator"}
    write_private(home.folder("keys/operator") / "vault", json.dumps(login))
    with pytest.raises(UnavailableError, match=r"^vault does not answer"):
        clients.vault_client(home)


def test_who_works_for_long_logs_in_anew(home: Home) -> None:
    logins: list[str] = []

    def vault(request: Request) -> Reply:
        logins.append(request.path)
        return Reply(body={"auth": {"client_token": f"token-{len(logins)}"}})

    server, time = Server(vault), [0.0]
    port = int(server.address.rpartition(":")[2])
    home.save(replace(home.settings, ports={**home.settings.ports, "vault": port}))
    login = {"role_id": "r", "secret_id": "s", "mount_point": "operator"}
    write_private(home.folder("keys/operator") / "vault", json.dumps(login))
    tokens = []
    for time[0] in (0.0, clients.LOGIN_ANEW - 1, clients.LOGIN_ANEW + 1, 10 * clients.LOGIN_ANEW):
        tokens.append(clients.vault_client(home, lambda: time[0]).token)
    server.close()
    assert tokens == ["token-1", "token-1", "token-2", "token-3"]


def test_consul(home: Home) -> None:
    acl = {"acl": {"tokens": {"initial_management": "opaque"}}}
    write_private(home.folder("keys/consul") / "consul.json", json.dumps(acl))
    with (
        pytest.raises(UnavailableError, match=r"^consul does not answer"),
        clients.engine_errors(),
    ):
        clients.consul_client(home).kv.get("x")


def test_the_registry(home: Home) -> None:
    url = f"http://127.0.0.1:{home.settings.ports['registry']}/v2/"
    with (
        pytest.raises(UnavailableError, match=r"^registry does not answer"),
        clients.engine_errors(),
    ):
        clients.http().get(url, timeout=5)


def test_postgres(home: Home) -> None:
    write_private(home.folder("keys/postgres") / "postgres", "opaque")
    with (
        pytest.raises(UnavailableError, match=r"^postgres does not answer"),
        clients.postgres(home),
    ):
        pass


def test_mariadb(home: Home) -> None:
    home.save(replace(home.settings, ports={**home.settings.ports, "mariadb": 1}))
    write_private(home.folder("keys/mariadb") / "mariadb", "opaque")
    with (
        pytest.raises(UnavailableError, match=r"^mariadb does not answer"),
        clients.mariadb(home),
    ):
        pass


def test_what_a_database_answers_is_no_silence() -> None:
    with pytest.raises(OperationalError, match="denied"), clients.engine_errors():
        raise OperationalError(1044, "Access denied")


def test_vault_says_why_it_could_not() -> None:
    with (
        pytest.raises(UnavailableError, match=r"^vault could not do it: no audit log; nothing"),
        clients.engine_errors(),
    ):
        raise InternalServerError(errors=["no audit log", "nothing\n was done"])


def test_somebody_else_s_error_stays_what_it_is() -> None:
    with pytest.raises(ValueError, match="mine"), clients.engine_errors():
        raise ValueError("mine")


def test_a_library_that_another_thread_is_importing_names_no_engine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", ModuleType("psycopg"))
    with pytest.raises(ValueError, match="mine"), clients.engine_errors():
        raise ValueError("mine")
