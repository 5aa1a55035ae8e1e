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
        with pytest.raises(UnreachableError, match="ConnectError") as caught:
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
