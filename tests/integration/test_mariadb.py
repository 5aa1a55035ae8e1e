"""MariaDB: a database for each environment, closed to others, with accounts that come and go."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from tests.support import witness
from tests.support.applications import SOURCES, Application
from tests.support.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.platforms import Platform

pytestmark = pytest.mark.timeout(600, func_only=True)


@pytest.fixture(scope="module")
def shop(platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> Application:
    folder = tmp_path_factory.mktemp("shop") / "checkout"
    return Application.create(folder, platform, SOURCES.with_name("shop"))


@pytest.fixture(scope="module")
def slug(platform: Platform, shop: Application) -> Iterator[str]:
    """An environment whose application was the first to ask for MariaDB."""
    name = branch(shop, "with/mariadb")
    shop.up()
    yield name
    platform.bough("destroy", name).ended()
    assert witness.left_of(platform, name) == []


def branch(shop: Application, name: str) -> str:
    """A new branch that begins where the application did."""
    shop.git("checkout", "--quiet", "main")
    return shop.branch(name)


def accounts(platform: Platform, slug: str, service: str = "") -> set[str]:
    """Accounts that Vault made for a service, or all of an environment."""
    prefix = f"env-{slug}.{service}"
    rows = witness.mariadb(platform, "SELECT user FROM mysql.global_priv")
    return {name for (name,) in rows if name.startswith(prefix)}


def test_the_platform_has_the_engine_from_then_on(platform: Platform, slug: str) -> None:
    assert slug
    rows = {row["engine"]: row["answers"] for row in platform.json("platform", "status")}
    assert rows["mariadb"] is True
    found = witness.inspect(platform.container("mariadb"))[0]
    bindings = found["HostConfig"]["PortBindings"].values()
    assert {bound["HostIp"] for listed in bindings for bound in listed} == {"127.0.0.1"}
    assert (found["Config"]["User"] or "0").partition(":")[0] != "0"
    assert found["HostConfig"]["ReadonlyRootfs"] is True
    assert found["HostConfig"]["Memory"] > 0
    until(lambda: _health(platform) == "healthy", 60, "Docker finds it healthy")
    everybody = witness.mariadb(platform, "SELECT user, host FROM mysql.global_priv")
    others = {each for each in everybody if not each[0].startswith("env-")}
    assert others == {("bough", "%"), ("mariadb.sys", "localhost")}


def _health(platform: Platform) -> str:
    status: str = witness.inspect(platform.container("mariadb"))[0]["State"]["Health"]["Status"]
    return status


def test_an_application_reads_and_writes_with_an_account_of_its_own(
    platform: Platform, slug: str
) -> None:
    assert platform.ask(slug, note="cheese").status_code == 201
    state = platform.state(slug)
    assert state["orders"] == ["seeded", "cheese"]
    assert {state["user"]} == accounts(platform, slug, "web.")
    # a program that knows nothing of bough, under bough-run, called a procedure
    assert accounts(platform, slug, "plain.") <= set(state["visits"])


def test_what_a_migration_made_outlives_the_migration_s_account(
    platform: Platform, slug: str
) -> None:
    assert platform.state(slug)["shouts"][0] == "SEEDED!"
    definers = witness.mariadb(
        platform,
        "SELECT definer FROM information_schema.views WHERE table_schema LIKE 'env-%'"
        " UNION SELECT definer FROM information_schema.triggers WHERE trigger_schema LIKE 'env-%'"
        " UNION SELECT definer FROM information_schema.routines WHERE routine_schema LIKE 'env-%'",
    )
    assert definers == [(f"env-{slug}.shop@%",)]
    owner = about(platform, f"env-{slug}.shop")
    assert (owner["account_locked"], owner["access"]) == (True, 0)


def test_every_account_is_replaced_under_load(platform: Platform, slug: str) -> None:
    before, hashed = accounts(platform, slug), password(platform, f"env-{slug}.shop.vault")
    done = platform.bough("rotate", slug, "--under-load", "--path", "/state", "--json").ended()
    facts: dict[str, Any] = json.loads(done.stdout)
    (rotation,) = facts["rotations"]
    assert (rotation["roots"], rotation["accounts"]) == (["shop"], 2)
    assert facts["load"]["failed"] == 0
    assert facts["load"]["sent"] > 10
    assert platform.state(slug)["user"] not in before
    assert password(platform, f"env-{slug}.shop.vault") not in ("", hashed)
    # the program in another language is started again with its new account
    until(lambda: set(platform.state(slug)["visits"]) - before, 30, "the other program was started")
    old = accounts(platform, slug, "web.") & before
    until(lambda: not accounts(platform, slug) & old, 90, "the old accounts are gone")


def password(platform: Platform, account: str) -> str:
    """The hash of an account's password."""
    return str(about(platform, account)["authentication_string"])


def about(platform: Platform, account: str) -> dict[str, Any]:
    """What MariaDB knows of an account."""
    known = dict(witness.mariadb(platform, "SELECT user, priv FROM mysql.global_priv"))
    facts: dict[str, Any] = json.loads(known[account])
    return facts


def test_a_revoked_account_s_connections_end_with_it(platform: Platform, slug: str) -> None:
    old = platform.state(slug)["user"]
    assert old in connected(platform)
    witness.vault(platform, "PUT", f"sys/leases/revoke-prefix/env/{slug}/need/shop/creds/web")
    until(lambda: old not in connected(platform), 10, "its connections have ended")
    assert old not in accounts(platform, slug)
    # and its users wait for the next account, instead of seeing an error
    assert platform.state(slug)["user"] != old


def connected(platform: Platform) -> set[str]:
    rows = witness.mariadb(platform, "SELECT user FROM information_schema.processlist")
    return {name for (name,) in rows}


def test_an_account_opens_its_own_database_alone(
    platform: Platform, shop: Application, slug: str
) -> None:
    other = branch(shop, "another/mariadb")
    shop.up()
    own, foreign = f"env-{slug}.shop", f"env-{other}.shop"
    found = tried(platform, slug, other)
    assert [each for each in found if not each["passed"]] == []
    assert {each["what"] for each in found if each["opened"]} == {f"database {own}"}
    closed = {each["what"] for each in found if not each["opened"]}
    assert {f"database {foreign}", "database mysql", "read passwords", "read a file"} <= closed

    # and a hole is found, with the account of the first service that has the need
    role = f"env/{slug}/need/shop/roles/plain"
    facts = witness.vault(platform, "GET", role)["data"]
    wide = [*facts["creation_statements"], f"GRANT SELECT ON `{foreign}`.* TO '{{{{name}}}}'@'%'"]
    vault = f"`env-{slug}.shop.vault`@'%'"
    witness.mariadb(platform, f"GRANT SELECT ON `{foreign}`.* TO {vault} WITH GRANT OPTION")
    witness.vault(platform, "PUT", role, {**facts, "creation_statements": wide})
    holes = {each["what"] for each in tried(platform, slug, other) if not each["passed"]}
    witness.vault(platform, "PUT", role, facts)
    witness.mariadb(platform, f"REVOKE SELECT, GRANT OPTION ON `{foreign}`.* FROM {vault}")
    assert holes == {f"database {foreign}"}

    platform.bough("destroy", other).ended()
    assert witness.left_of(platform, other) == []
    assert platform.state(slug)["environment"] == slug


def tried(platform: Platform, slug: str, other: str) -> list[dict[str, Any]]:
    done = platform.bough("verify-isolation", slug, other, "--json")
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return [each for each in found if each["engine"] == "mariadb"]


def test_another_release_migrates_what_is_there(platform: Platform, shop: Application) -> None:
    name = branch(shop, "next/release")
    shop.up()
    platform.ask(name, note="kept")
    shop.edit("migrate.py", "upper(text), '!'", "upper(text), '?'")
    shop.up()
    platform.ask(name, note="asked")
    # what was seeded once is not seeded again
    assert platform.state(name)["orders"] == ["seeded", "kept", "asked"]
    assert platform.state(name)["shouts"] == ["SEEDED!", "KEPT!", "ASKED?"]
    platform.bough("destroy", name).ended()
    assert witness.left_of(platform, name) == []


def test_a_fresh_database_whose_seed_failed_is_made_anew(
    platform: Platform, shop: Application
) -> None:
    name = branch(shop, "bad/seed")
    good = "INSERT INTO orders (text) VALUES ('seeded')"
    shop.edit("seed.py", f'"{good}")', f'"{good}")\n    raise SystemExit(3)')
    shop.bough("up").failed_saying("exit status 3")
    shop.edit("seed.py", "\n    raise SystemExit(3)", "")
    shop.up()
    assert platform.state(name)["orders"] == ["seeded"]
    platform.bough("destroy", name).ended()
    assert witness.left_of(platform, name) == []


def test_a_need_does_not_become_one_of_another_kind(platform: Platform, shop: Application) -> None:
    name = branch(shop, "other/kind")
    shop.up()
    shop.edit("bough.yaml", "kind: mariadb", "kind: postgres")
    shop.bough("up").failed_saying("the need shop", "is of kind mariadb", "another name")
    assert platform.state(name)["orders"] == ["seeded"]
    # its state is gone: what is there says what there is to do
    for path in platform.root.glob(f"pulumi/state/.pulumi/stacks/*/{name}*"):
        path.unlink()
    assert [thing for thing in witness.left_of(platform, name) if thing.startswith("mariadb")]
    platform.bough("destroy", name).ended()
    assert witness.left_of(platform, name) == []


def test_the_password_is_in_its_file_alone(platform: Platform, slug: str) -> None:
    secret = platform.key("mariadb/mariadb")
    seen = [
        *(path.read_text(errors="replace") for path in (platform.root / "pulumi").rglob("*.json")),
        *(witness.described(name) for name in witness.containers(platform)),
        *(witness.logs(name) for name in witness.containers(platform)),
    ]
    assert slug
    assert len(secret) >= 43
    assert not any(secret in text for text in seen)


def test_it_comes_back_after_a_kill_with_its_data(platform: Platform, slug: str) -> None:
    witness.docker("kill", platform.container("mariadb"))
    platform.bough("platform", "up").ended()
    until(lambda: platform.ask(slug).ok, 60, "the application answers")
    assert platform.state(slug)["orders"][0] == "seeded"
