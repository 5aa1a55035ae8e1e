import json
import time
from collections.abc import Callable

import pytest
from psycopg_pool import PoolClosed

from bough_secrets import ConfigurationError, MissingError, Session
from bough_secrets.testing import Platform


def test_knows_who_it_is(session: Session) -> None:
    assert session.environment == "main"
    assert session.instance == "web-1-abcdef"
    assert session.valid


def test_the_consul_token_of_the_environment_variable_is_ignored(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONSUL_HTTP_TOKEN", "wrong")
    assert dict(session.config) == {}


def test_a_replaced_consul_token_is_fetched(platform: Platform, session: Session) -> None:
    platform.consul.token = "second"
    platform.vault.kv["env/main/kv/data/instances/web/web-1-abcdef"] = {"consul_token": "second"}
    assert dict(session.config) == {}


def test_a_secret_shows_its_fields_but_not_their_values(
    platform: Platform, session: Session
) -> None:
    platform.vault.kv["env/main/kv/data/secrets/smtp"] = {"value": "hunter2", "user": "u"}
    secret = session.secret("smtp")
    assert secret.value.reveal() == "hunter2"
    assert secret.version == 1
    assert "hunter2" not in repr(secret) + str(dict(secret))
    with pytest.raises(MissingError, match="Use one of its fields: user, value"):
        secret["pasword"]


def test_what_does_not_exist_is_named(platform: Platform, session: Session) -> None:
    with pytest.raises(MissingError, match="secrets/nope"):
        session.secret("nope")
    with pytest.raises(MissingError, match="env/main/needs/nope"):
        session.database("nope")
    platform.consul.kv["env/main/needs/mq"] = json.dumps({"kind": "rabbitmq"})
    with pytest.raises(ConfigurationError, match="rabbitmq"):
        session.database("mq")


def test_the_same_name_gives_the_same_database(session: Session) -> None:
    assert session.database("db") is session.database("db")


def test_closing_leaves_nothing(platform: Platform, session: Session) -> None:
    database = session.database("db")
    session.close()
    assert not session.valid
    assert platform.vault.tokens == {}
    assert not list(platform.directory.iterdir())
    with pytest.raises(PoolClosed), database.connection():
        pass


def test_closing_again_does_nothing(platform: Platform, session: Session) -> None:
    session.close()
    asked = len(platform.vault.requests)
    session.close()
    assert len(platform.vault.requests) == asked


def test_a_sealed_vault_does_not_invalidate_the_session(
    platform: Platform, connect: Callable[..., Session]
) -> None:
    platform.vault.ttl = 0.2
    platform.deliver()
    session = connect()
    platform.vault.sealed = True
    time.sleep(0.5)
    assert session.valid
