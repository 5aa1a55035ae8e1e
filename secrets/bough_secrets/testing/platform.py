"""The engines together, set up as the run-time contract describes."""

from __future__ import annotations

import json
from pathlib import Path
from types import TracebackType

from bough_secrets.settings import Addresses
from bough_secrets.testing.consul import FakeConsul
from bough_secrets.testing.mariadb import FakeMariaDB
from bough_secrets.testing.postgres import FakePostgres
from bough_secrets.testing.rabbitmq import FakeRabbitMQ
from bough_secrets.testing.vault import FakeVault

CONSUL_TOKEN = "consul-token-of-a-test"  # noqa: S105 - it opens nothing but the fake


class Platform:
    """One environment with one service and three needs until `close`: `db` in PostgreSQL, `shop` in
    MariaDB and the queue `jobs`."""

    def __init__(
        self, directory: Path, *, environment: str = "main", service: str = "web",
        instance: str = "web-1-abcdef",
    ) -> None:  # fmt: skip
        self.vault = FakeVault(environment, service)
        self.consul = FakeConsul(CONSUL_TOKEN)
        self.postgres = FakePostgres(self.vault.accounts)
        self.mariadb = FakeMariaDB(self.vault.accounts)
        self.rabbitmq = FakeRabbitMQ(self.vault.accounts)
        self.directory = directory
        self.own = f"env/{environment}/kv/data/instances/{service}/{instance}"
        self.vault.kv[self.own] = {"consul_token": CONSUL_TOKEN}
        about = {"application": "notes", "stage": "preview"}
        self.consul.kv[f"env/{environment}/about"] = json.dumps(about)
        for name, kind, port in (
            ("db", "postgres", self.postgres.port), ("shop", "mariadb", self.mariadb.port),
        ):  # fmt: skip
            need = {"kind": kind, "host": "127.0.0.1", "port": port, "database": "app"}
            self.consul.kv[f"env/{environment}/needs/{name}"] = json.dumps(need)
        need = {"kind": "rabbitmq", "host": "127.0.0.1", "port": self.rabbitmq.port,
                "vhost": "app"}  # fmt: skip
        self.consul.kv[f"env/{environment}/needs/jobs"] = json.dumps(need)

    @property
    def addresses(self) -> Addresses:
        return Addresses(
            vault=self.vault.server.address,
            consul=self.consul.server.address,
            directory=self.directory,
        )

    def deliver(self, wrapped: str | None = None) -> str:
        """Put a wrapped credential where an instance finds it, whole or not at all; return it."""
        token = wrapped or self.vault.wrap()
        draft = self.directory / ".delivery"
        draft.write_text(token)
        draft.rename(self.directory / "wrapped-token")
        return token

    def revoke_identity(self, *, cut: bool = True) -> None:
        """Revoke every token; its accounts go with it, and their connections if `cut`."""
        for token in list(self.vault.tokens):
            for user in self.vault.revoke_token(token):
                if cut:
                    self.postgres.terminate(user)
                    self.mariadb.terminate(user)

    def close(self) -> None:
        self.vault.server.close()
        self.consul.close()
        self.postgres.close()
        self.mariadb.close()
        self.rabbitmq.close()

    def __enter__(self) -> Platform:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self.close()
