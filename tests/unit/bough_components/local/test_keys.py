import base64
import json
import os
import stat
from pathlib import Path
from uuid import UUID

import bcrypt
import pytest

from bough_components.local import keys
from bough_components.local.containers import UNPRIVILEGED, user
from bough_components.local.home import Home

FILES = {
    "postgres": "postgres",
    "mariadb": "mariadb",
    "consul": "consul.json",
    "registry": "htpasswd",
    "rabbitmq": "rabbitmq.conf",
}


def facts(path: Path) -> tuple[int, int]:
    status = path.stat()
    return stat.S_IMODE(status.st_mode), status.st_uid


@pytest.mark.parametrize(("role", "name"), FILES.items())
def test_a_key_is_made_once(home: Home, role: str, name: str) -> None:
    folder = keys.ensure(home, role)
    assert folder == home.root / "keys" / role
    assert [path.name for path in folder.iterdir()] == [name]
    text = (folder / name).read_text()
    assert keys.ensure(home, role) == folder
    assert (folder / name).read_text() == text
    assert text != keys.ensure(Home(home.root / "other"), role).joinpath(name).read_text()


@pytest.mark.parametrize(("role", "name"), FILES.items())
def test_only_the_container_s_user_can_read_it(home: Home, role: str, name: str) -> None:
    folder = keys.ensure(home, role)
    assert facts(folder) == (0o700, user())
    assert facts(folder / name) == (0o600, user())


@pytest.mark.parametrize("role", ["vault", "edge"])
def test_an_engine_that_starts_without_a_key(home: Home, role: str) -> None:
    folder = keys.ensure(home, role)
    assert list(folder.iterdir()) == []
    assert facts(folder) == (0o700, user())


def test_nothing_runs_as_root() -> None:
    assert user() == (os.getuid() or UNPRIVILEGED)
    assert user() != 0


def test_the_registry_sees_a_hash_alone(home: Home) -> None:
    folder = keys.ensure(home, "registry")
    login = json.loads(home.key("operator/registry").read_text())
    name, _, hashed = (folder / "htpasswd").read_text().strip().partition(":")
    assert (name, login["username"]) == ("bough", "bough")
    assert bcrypt.checkpw(login["password"].encode(), hashed.encode())
    assert login["password"] not in hashed
    assert facts(home.key("operator/registry")) == (0o600, os.getuid())
    assert facts(home.key("operator")) == (0o700, os.getuid())


def test_consul_s_key(home: Home) -> None:
    made = json.loads((keys.ensure(home, "consul") / "consul.json").read_text())
    assert len(base64.b64decode(made["encrypt"])) == 32
    tokens = made["acl"]["tokens"]
    assert {UUID(token).version for token in tokens.values()} == {4}
    assert "initial_management" in tokens


@pytest.mark.parametrize("role", ["postgres", "mariadb"])
def test_a_database_s_key_is_one_line(home: Home, role: str) -> None:
    text = (keys.ensure(home, role) / role).read_text()
    assert len(text) >= 43
    assert text == text.strip()
