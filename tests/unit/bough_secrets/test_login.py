import stat
from collections.abc import Callable

import pytest

from bough_secrets import LoginError, Session
from bough_secrets.testing import Platform


def crash(platform: Platform, connect: Callable[..., Session]) -> None:
    """Live once and leave nothing but the kept token, as SIGKILL does."""
    platform.deliver()
    connect()


def test_the_credential_is_read_once_and_the_token_kept_private(
    platform: Platform, connect: Callable[..., Session]
) -> None:
    crash(platform, connect)
    assert not (platform.directory / "wrapped-token").exists()
    assert stat.S_IMODE((platform.directory / "token").stat().st_mode) == 0o600


def test_resumes_after_a_crash(platform: Platform, connect: Callable[..., Session]) -> None:
    crash(platform, connect)
    resumed = connect()
    assert resumed.identity.service == "web"
    assert len(platform.vault.tokens) == 1


def test_a_new_credential_wins_over_a_kept_token(
    platform: Platform, connect: Callable[..., Session]
) -> None:
    crash(platform, connect)
    crash(platform, connect)
    assert len(platform.vault.tokens) == 2


def test_without_credential_and_token_the_instance_has_to_be_replaced(
    connect: Callable[..., Session],
) -> None:
    with pytest.raises(LoginError, match="Replace this instance"):
        connect()


def test_a_revoked_kept_token_is_told_from_none(
    platform: Platform, connect: Callable[..., Session]
) -> None:
    crash(platform, connect)
    platform.vault.tokens.clear()
    with pytest.raises(LoginError, match="no longer valid"):
        connect()


def test_a_kept_token_of_another_environment_is_refused(
    platform: Platform, connect: Callable[..., Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    crash(platform, connect)
    monkeypatch.setenv("BOUGH_ENVIRONMENT", "feat-a")
    with pytest.raises(LoginError, match="'feat-a'"):
        connect()
