"""Clients of a platform's engines, each made once for a process, when it is first asked for.

Libraries are imported where they are used: a command that asks one engine loads one library.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from contextlib import contextmanager
from functools import cache, lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bough_components.errors import UnavailableError
from bough_components.local.home import Home

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import consul
    import docker
    import hvac
    import psycopg
    import pymysql
    import requests

LOOPBACK = "127.0.0.1"
LOGIN_ANEW = 600.0
"""Seconds after which the operator logs in again, in processes that live longer."""

_lock = threading.Lock()


@cache
def docker_client() -> docker.DockerClient:
    """The Docker engine; `UnavailableError` when none answers."""
    import docker
    from docker.errors import DockerException

    with _lock:
        try:
            return docker.from_env(timeout=120, max_pool_size=16)
        except DockerException:
            raise UnavailableError(
                "the Docker engine does not answer", "start it, then see `bough doctor`"
            ) from None


def http() -> requests.Session:
    """A session for this machine's own addresses, whatever proxy the user's variables name."""
    import requests

    session = requests.Session()
    session.trust_env = False
    return session


def vault_address(home: Home) -> str:
    return f"http://{LOOPBACK}:{home.settings.ports['vault']}"


def boot_time() -> float:
    """Seconds that also count while the machine sleeps, as Vault's do."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def vault_client(home: Home, clock: Callable[[], float] = boot_time) -> hvac.Client:
    """Vault, logged in as the platform's operator not long ago: a batch token lives 20 minutes."""
    return _vault(home, threading.get_ident(), int(clock() // LOGIN_ANEW))


@lru_cache(maxsize=64)
def _vault(home: Home, _thread: int, _span: int) -> hvac.Client:
    import hvac

    credential = json.loads(home.credential("operator/vault"))
    # an empty token keeps hvac from reading a token file in the user's home folder
    client = hvac.Client(url=vault_address(home), token="", timeout=30, session=http())
    with engine_errors():
        client.auth.approle.login(**credential)
    return client


def consul_client(home: Home) -> consul.Consul:
    """Consul, with the operator's token."""
    return _consul(home, threading.get_ident())


@cache
def _consul(home: Home, _thread: int) -> consul.Consul:
    import consul

    token = json.loads(home.credential("consul/consul.json"))["acl"]["tokens"]["initial_management"]
    client = consul.Consul(host=LOOPBACK, port=home.settings.ports["consul"])
    client.http.session = http()
    # set here: an environment variable of the user's would win over the argument
    client.token = token
    return client


@contextmanager
def postgres(home: Home, database: str = "postgres") -> Iterator[psycopg.Connection]:
    """A connection as the superuser, each statement its own transaction."""
    import psycopg

    with engine_errors():
        connection = psycopg.connect(
            hostaddr=LOOPBACK,
            sslmode="disable",
            port=home.settings.ports["postgres"],
            user="bough",
            password=home.credential("postgres/postgres"),
            dbname=database,
            autocommit=True,
            connect_timeout=10,
        )
    with connection:
        yield connection


@contextmanager
def mariadb(home: Home, seconds: float = 60) -> Iterator[pymysql.Connection]:
    """A connection as the account that may do anything, each statement its own transaction; what
    takes longer than `seconds` was not answered."""
    import pymysql

    with engine_errors():
        connection = pymysql.connect(
            host=LOOPBACK,
            port=home.settings.ports["mariadb"],
            user="bough",
            password=home.credential("mariadb/mariadb"),
            autocommit=True,
            ssl_disabled=True,
            connect_timeout=10,
            read_timeout=seconds,
            write_timeout=seconds,
            # or what waits for a transaction of somebody's would wait for a day
            init_command="SET lock_wait_timeout = 30",
        )
    with connection:
        yield connection


@contextmanager
def engine_errors() -> Iterator[None]:
    """Turn an engine's silence into one sentence."""
    try:
        yield
    except Exception as error:
        if why := _vault_failed(error):
            raise UnavailableError(
                f"vault could not do it: {why}",
                "see `bough platform status`, then try again; Vault also stops while both of its"
                " audit disks are full",
            ) from None
        engine = _silent_engine(error)
        if engine is None:
            raise
        raise UnavailableError(
            f"{engine} does not answer ({type(error).__name__})",
            "see `bough platform status`, then run `bough platform up`",
        ) from None


def _vault_failed(error: Exception) -> str | None:
    """What Vault says when it answers 500: its database is away, or it can write no audit log."""
    module = sys.modules.get("hvac.exceptions")
    if module is None or not isinstance(error, module.InternalServerError):
        return None
    return " ".join("; ".join(map(str, error.errors or ["no reason given"])).split())[:400]


def _silent_engine(error: Exception) -> str | None:
    """Which engine an error of its client library says is away; None for any other error."""
    for module, name, engine in (
        ("psycopg", "OperationalError", "postgres"),
        ("pymysql", "OperationalError", "mariadb"),
        ("hvac.exceptions", "VaultDown", "vault"),
        ("requests", "ConnectionError", None),
        ("requests", "Timeout", None),
    ):
        # another thread may be about to import it
        kind = getattr(sys.modules.get(module), name, None)
        if kind is not None and isinstance(error, kind):
            return None if _was_answered(error) else engine or _asked_engine(error)
    return None


def _asked_engine(error: Exception) -> str:
    """The engine whose port a request went to, or the address; Docker has a socket, and no port."""
    url = urlsplit(getattr(getattr(error, "request", None), "url", None) or "")
    ports = Home.current().settings.ports if Home.current().exists else {}
    engines = {str(port): engine for engine, port in ports.items()}
    return engines.get(url.netloc.rpartition(":")[2], url.netloc or "an engine")


def _was_answered(error: Exception) -> bool:
    """The database answered, and said no: a full disk, too many connections. MariaDB's client has
    numbers of its own, from 2000 on, for what it did not hear from the server."""
    if type(error).__module__.startswith("pymysql"):
        return not 2000 <= int(error.args[0]) < 3000
    state = getattr(error, "sqlstate", None)
    return state is not None and not state.startswith(("08", "57P"))
