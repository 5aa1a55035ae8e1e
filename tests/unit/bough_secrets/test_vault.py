import socket

import pytest

from bough_secrets import DeniedError, MissingError, UnreachableError
from bough_secrets.sensitive import Sensitive
from bough_secrets.testing import Platform
from bough_secrets.vault import Vault


def test_statuses_become_errors(platform: Platform) -> None:
    platform.vault.tokens["good"] = 3600
    with pytest.raises(DeniedError, match="403"):
        Vault(platform.addresses.vault, Sensitive("bad")).read("env/main/kv/data/secrets/x")
    with pytest.raises(MissingError, match="env/main/kv/data/secrets/x"):
        Vault(platform.addresses.vault, Sensitive("good")).read("env/main/kv/data/secrets/x")


def test_no_error_holds_the_token() -> None:
    with socket.socket() as bound:  # and not listening: connections are refused
        bound.bind(("127.0.0.1", 0))
        vault = Vault(f"http://127.0.0.1:{bound.getsockname()[1]}", Sensitive("hvs.precious"))
        with pytest.raises(UnreachableError, match="ConnectionRefusedError") as caught:
            vault.read("auth/token/lookup-self")
    assert caught.value.__context__ is None
    assert "precious" not in repr(caught.value)


def test_a_proxy_of_the_environment_is_ignored(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("no_proxy", "")
    platform.vault.tokens["good"] = 3600
    assert Vault(platform.addresses.vault, Sensitive("good")).read("auth/token/lookup-self")


def test_a_token_that_no_header_can_carry_is_not_shown(platform: Platform) -> None:
    with pytest.raises(UnreachableError, match="ValueError") as caught:
        Vault(platform.addresses.vault, Sensitive("hvs.precious\nX: y")).read("auth/token/x")
    assert caught.value.__context__ is None
    assert "precious" not in repr(caught.value)


def test_a_name_of_any_letters_is_asked_for_as_it_is(platform: Platform) -> None:
    platform.vault.tokens["good"] = 3600
    with pytest.raises(MissingError, match="secrets/größe und mehr"):
        Vault(platform.addresses.vault, Sensitive("good")).read(
            "env/main/kv/secrets/größe und mehr"
        )
    assert (
        platform.vault.requests[-1].path == "/v1/env/main/kv/secrets/gr%C3%B6%C3%9Fe%20und%20mehr"
    )
