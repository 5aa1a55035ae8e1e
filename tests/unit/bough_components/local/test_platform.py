"""What a platform declares."""

import pytest
from tests.unit.bough_components.recorder import Recorder, record

from bough_components.local.platform import LocalPlatform

ROLES = ("registry", "postgres", "vault", "consul", "edge")
IMAGES = {role: f"bough/{role}@sha256:{role}" for role in ROLES}
PORTS = {role: 9000 + index for index, role in enumerate(ROLES)}
PLUGINS = {"postgresql-database-plugin": "ab" * 32}


def declare(plugins: dict[str, str] = PLUGINS) -> Recorder:
    return record(lambda: LocalPlatform("bough-test", IMAGES, PORTS, plugins), "platform")


@pytest.fixture(scope="module")
def made() -> Recorder:
    return declare()


def test_all_that_is_declared(made: Recorder) -> None:
    assert {each.name: each.kind for each in made.declared.values()} == {
        "bough-test": "Platform",
        "network": "PlatformNetwork",
        **dict.fromkeys(ROLES, "Engine"),
        "vault-setup": "VaultSetup",
        "postgres-setup": "PostgresSetup",
    }
    for each in made.declared.values():
        assert each.parent == (None if each.kind == "Platform" else "bough-test")


@pytest.mark.parametrize("role", ROLES)
def test_an_engine(made: Recorder, role: str) -> None:
    inputs = dict(made.declared[role].inputs)
    settings = inputs.pop("settings")
    assert inputs == {
        "platform": "bough-test",
        "role": role,
        "image": IMAGES[role],
        "port": PORTS[role],
        "subnet": "10.213.0.0/26",
    }
    assert len(settings) == 16
    assert made.after(role) == {"network"}


def test_engines_are_known_apart_by_their_settings(made: Recorder) -> None:
    marks = {each.inputs["settings"] for each in made.of("Engine")}
    assert len(marks) == len(ROLES)


def test_what_follows_an_engine(made: Recorder) -> None:
    assert made.after("vault-setup") == {"vault", "network"}
    assert made.after("postgres-setup") == {"postgres", "network"}
    assert made.declared["vault-setup"].inputs["plugins"] == PLUGINS
    assert len(made.declared["vault-setup"].inputs["rules"]) == 16


def test_an_official_vault_brings_no_plugins() -> None:
    assert declare({}).declared["vault-setup"].inputs["plugins"] == {}


def test_nothing_declared_is_a_secret(made: Recorder) -> None:
    words = ("password", "token", "secret", "unseal")
    for each in made.declared.values():
        assert not any(word in each.text.lower() for word in words), each.name
