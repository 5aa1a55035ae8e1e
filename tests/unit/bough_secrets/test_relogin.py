"""The identity is lost, or ends, while the application works."""

import json
from collections.abc import Callable, Iterator

import pytest
from tests.unit.bough_secrets.load import load, user
from tests.unit.bough_secrets.waiting import eventually

from bough_secrets import DeniedError, MissingError, Session, UnreachableError
from bough_secrets.testing import Keeper, Platform
from bough_secrets.testing.platform import CONSUL_TOKEN

Connect = Callable[..., Session]


@pytest.fixture
def keeper(platform: Platform) -> Iterator[Keeper]:
    with Keeper(platform) as keeper:
        yield keeper


def events(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [vars(record)["event"] for record in caplog.records if "event" in vars(record)]


def relogins(session: Session) -> int:
    return session.status()["token"]["relogins"]


def test_a_revoked_identity_is_replaced_when_a_renewal_shows_it(
    platform: Platform, keeper: Keeper, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    platform.vault.ttl = 1
    platform.deliver()
    session = connect()
    platform.revoke_identity()
    eventually(lambda: "identity.regained" in events(caplog))
    assert session.valid
    assert relogins(session) == 1
    assert events(caplog) == ["identity.lost", "identity.wanted", "identity.regained"]
    assert "hvs." not in caplog.text
    assert [asked["reason"] for asked in keeper.asked] == ["the token was revoked, or it expired"]


def test_the_next_life_resumes_with_the_new_token(
    platform: Platform, keeper: Keeper, connect: Connect
) -> None:
    platform.deliver()
    session = connect(patience=5)
    platform.revoke_identity()
    session.database("db")
    connect()
    assert len(keeper.asked) == 1


def test_whoever_asks_vault_shows_a_lost_identity_at_once_and_gets_an_answer(
    platform: Platform, keeper: Keeper, connect: Connect
) -> None:
    platform.vault.kv["env/main/kv/data/secrets/smtp"] = {"value": "x"}
    platform.deliver()
    session = connect(patience=5)
    platform.revoke_identity()
    assert session.secret("smtp").value.reveal() == "x"
    assert (relogins(session), len(keeper.asked)) == (1, 1)


def test_a_missing_right_is_no_lost_identity(
    platform: Platform, keeper: Keeper, connect: Connect
) -> None:
    platform.deliver()
    session = connect()
    platform.vault.forbidden.add("env/main/kv/data/secrets/theirs")
    with pytest.raises(DeniedError):
        session.secret("theirs")
    assert session.valid
    assert keeper.asked == []


@pytest.mark.usefixtures("keeper")
def test_no_request_fails_when_the_identity_and_its_accounts_are_revoked(
    platform: Platform, connect: Connect
) -> None:
    platform.vault.ttl = 1
    platform.deliver()
    session = connect()
    database = session.database("db")
    with load(database) as under:
        for number in (1, 2, 3):
            platform.revoke_identity(cut=False)
            eventually(lambda: user(database) in platform.vault.accounts)
            assert relogins(session) == number
    assert under.failures == []


def test_pools_go_on_with_their_account_while_nobody_answers(
    platform: Platform, connect: Connect
) -> None:
    platform.vault.ttl = 1
    platform.deliver()
    session = connect()
    database = session.database("db")
    platform.vault.tokens.clear()  # the accounts still work
    eventually(lambda: not session.valid)
    assert session.survivable() == 0
    assert user(database) == database.user
    with Keeper(platform):
        eventually(lambda: session.valid)


@pytest.mark.usefixtures("keeper")
def test_accounts_are_replaced_at_once_after_a_new_login(
    platform: Platform, connect: Connect
) -> None:
    platform.deliver()
    session = connect()
    database = session.database("db")
    old = database.user
    token = next(iter(platform.vault.tokens))
    del platform.vault.tokens[token]
    with pytest.raises((MissingError, UnreachableError)):
        session.secret("any")  # whoever asks shows that the token is gone
    eventually(lambda: database.user != old)
    assert platform.vault.parents[database.user] in platform.vault.tokens
    assert session.survivable() > 3000


@pytest.mark.usefixtures("keeper")
def test_an_account_of_the_old_token_is_no_longer_counted_on(
    platform: Platform, connect: Connect
) -> None:
    platform.deliver()
    session = connect()
    database = session.database("db")
    assert session.survivable() > 3000
    old = database.user
    platform.postgres.deaf.set()
    platform.vault.tokens.clear()
    database.rotate()
    eventually(lambda: relogins(session) == 1)
    eventually(lambda: len(platform.vault.accounts) == 2)
    assert session.survivable() == 0
    assert user(database) == old
    platform.postgres.deaf.clear()
    eventually(lambda: session.survivable() > 3000)


@pytest.mark.usefixtures("keeper")
def test_consul_is_asked_with_the_token_that_came_with_the_new_identity(
    platform: Platform, connect: Connect
) -> None:
    platform.vault.ttl = 1
    platform.deliver()
    session = connect()
    platform.revoke_identity()
    eventually(lambda: relogins(session) == 1)
    assert dict(session.config) == {}
    assert platform.consul.requests[-1].token == platform.consul.token != CONSUL_TOKEN


def test_a_token_whose_life_is_cut_is_replaced_before_it_ends(
    platform: Platform, keeper: Keeper, connect: Connect
) -> None:
    platform.vault.ttl, platform.vault.token_granted = 2, 1
    platform.deliver()
    session = connect()
    eventually(lambda: relogins(session) == 1)
    assert "longest life" in keeper.asked[0]["reason"]
    assert session.status()["token"]["failures"] == 0


def test_a_token_that_cannot_be_renewed_is_replaced_before_it_ends(
    platform: Platform, keeper: Keeper, connect: Connect
) -> None:
    platform.vault.ttl = 3
    platform.vault.failing.add("auth/token/renew-self")
    platform.deliver()
    session = connect()
    eventually(lambda: not session.valid or relogins(session) == 1, 10)
    assert session.valid
    assert "could not be renewed" in keeper.asked[0]["reason"]


def test_what_was_asked_for_is_used_even_when_the_token_can_be_renewed_after_all(
    platform: Platform, connect: Connect
) -> None:
    platform.vault.ttl = 1
    platform.deliver()
    session = connect()
    platform.vault.sealed = True
    eventually((platform.directory / "wanted").exists)
    platform.vault.sealed, platform.vault.ttl = False, 3600
    eventually(lambda: session.survivable() > 3000)
    with Keeper(platform) as keeper:
        eventually(lambda: relogins(session) == 1)
    assert len(keeper.asked) == 1
    assert not (platform.directory / "wrapped-token").exists()


def test_a_request_that_nobody_answers_is_written_again(
    platform: Platform, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    platform.vault.ttl = 0.5
    platform.deliver()
    session = connect(reissue=0.2)
    platform.vault.tokens.clear()
    wanted = platform.directory / "wanted"
    eventually(wanted.exists)
    wanted.unlink()
    eventually(wanted.exists)
    eventually(lambda: "identity.late" in events(caplog))
    assert not session.valid


def test_a_theft_while_running_is_written_down_and_ends_the_asking(
    platform: Platform, connect: Connect
) -> None:
    platform.vault.ttl = 0.5
    platform.deliver()
    session = connect()
    platform.vault.tokens.clear()
    wanted = platform.directory / "wanted"
    eventually(wanted.exists)
    wanted.unlink()
    platform.deliver("hvs.stolen")
    incident = platform.directory / "incident"
    eventually(incident.exists)
    assert "used by somebody else" in json.loads(incident.read_text())["what"]
    assert not session.valid


def test_after_a_theft_nothing_is_asked_for_while_the_old_token_ends(
    platform: Platform, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    platform.vault.ttl = 0.5
    platform.vault.failing.add("auth/token/renew-self")
    platform.deliver()
    connect()
    wanted = platform.directory / "wanted"
    eventually(wanted.exists)
    platform.deliver("hvs.stolen")
    eventually(lambda: "identity.incident" in events(caplog))
    tried = events(caplog).count("token.not-renewed")
    eventually(lambda: events(caplog).count("token.not-renewed") >= tried + 2, 10)
    assert events(caplog).count("identity.wanted") == 1
    assert not wanted.exists()


def test_another_services_credential_is_not_taken(platform: Platform, connect: Connect) -> None:
    platform.vault.ttl = 0.5
    platform.deliver()
    connect()
    platform.vault.tokens.clear()
    other = platform.vault.wrap("auth/env/main/role/admin/secret-id")
    platform.deliver(other)
    eventually((platform.directory / "incident").exists)
    assert other in platform.vault.wrapped


def test_a_delivery_that_vault_cannot_exchange_now_is_asked_for_again(
    platform: Platform, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    platform.vault.ttl = 0.5
    platform.deliver()
    session = connect(reissue=60)
    platform.vault.tokens.clear()
    wanted = platform.directory / "wanted"
    eventually(wanted.exists)
    platform.vault.sealed = True
    platform.deliver()
    eventually(lambda: "identity.refused" in events(caplog))
    eventually(wanted.exists)
    platform.vault.sealed = False
    with Keeper(platform):
        eventually(lambda: session.valid)


def test_closing_without_an_identity_takes_the_request_back_and_asks_for_nothing(
    platform: Platform, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    platform.vault.ttl = 0.5
    platform.deliver()
    session = connect()
    platform.vault.tokens.clear()
    eventually((platform.directory / "wanted").exists)
    session.close()
    assert list(platform.directory.iterdir()) == []
    assert "session.not-closed" not in events(caplog)
