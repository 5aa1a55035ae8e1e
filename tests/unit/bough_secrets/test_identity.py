import pytest

from bough_secrets import ConfigurationError
from bough_secrets.identity import Identity, Place, here

PLACE = Place("feat-a", "web-1-abcdef")


def test_learns_the_service_from_the_creation_path() -> None:
    assert PLACE.service_of("auth/env/feat-a/role/web-admin/secret-id") == "web-admin"


@pytest.mark.parametrize(
    "path",
    [
        "auth/env/feat-ab/role/web/secret-id",
        "auth/env/feat-a/role/web/secret-id/lookup",
        "auth/env/feat-a/role/web/x/secret-id",
        "auth/env/feat-a/role/web/custom-secret-id",
        "auth/env/feat-a/role//secret-id",
        "x/auth/env/feat-a/role/web/secret-id",
        "auth/env/feat-a/role/web/secret-id\n",
        "sys/wrapping/wrap",
    ],
)
def test_any_other_path_belongs_to_no_service(path: str) -> None:
    assert PLACE.service_of(path) is None


def test_names_follow_the_contract() -> None:
    web = Identity("feat-a", "web-1-abcdef", "web")
    assert web.consul_token_path == "env/feat-a/kv/data/instances/web/web-1-abcdef"
    assert web.secret_path("smtp") == "env/feat-a/kv/data/secrets/smtp"
    assert web.account_path("db") == "env/feat-a/need/db/creds/web"
    assert web.need_key("db") == "env/feat-a/needs/db"
    assert web.about_key == "env/feat-a/about"
    about = {"application": "notes", "stage": "preview"}
    assert web.config_prefixes(about) == [
        "app/notes/config/", "app/notes/stage/preview/config/",
        "env/feat-a/config/", "env/feat-a/overrides/",
    ]  # fmt: skip
    assert web.config_prefixes({}) == ["env/feat-a/config/", "env/feat-a/overrides/"]
    assert web.registered_name("search") == "feat-a--search"


@pytest.mark.parametrize("name", ["", "Main", "a/../b", "-a", "a-"])
def test_the_environment_has_to_be_a_slug(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOUGH_ENVIRONMENT", name)
    with pytest.raises(ConfigurationError, match="BOUGH_ENVIRONMENT"):
        here()
