import json
import stat
from collections.abc import Callable
from datetime import datetime

import pytest

from bough_secrets import InterceptionError, LoginError, Session
from bough_secrets.testing import Keeper, Platform


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


def test_without_credential_and_token_one_is_asked_for_a_while(
    platform: Platform, connect: Callable[..., Session]
) -> None:
    with pytest.raises(LoginError, match=r"none came within 0 s.* Run `bough platform up`"):
        connect()
    assert not (platform.directory / "wanted").exists()


def test_a_credential_is_delivered_when_asked_for(
    platform: Platform, connect: Callable[..., Session]
) -> None:
    with Keeper(platform) as keeper:
        assert connect(reissue=5).identity.service == "web"
    [asked] = keeper.asked
    assert "no token was kept" in asked["reason"]
    assert datetime.fromisoformat(asked["at"]).tzinfo


def test_a_kept_token_that_was_revoked_is_replaced(
    platform: Platform, connect: Callable[..., Session]
) -> None:
    crash(platform, connect)
    platform.vault.tokens.clear()
    with Keeper(platform) as keeper:
        session = connect(reissue=5)
    assert "no longer valid" in keeper.asked[0]["reason"]
    assert dict(session.config) == {}


def test_a_kept_token_of_another_environment_is_refused(
    platform: Platform, connect: Callable[..., Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    crash(platform, connect)
    monkeypatch.setenv("BOUGH_ENVIRONMENT", "feat-a")
    with pytest.raises(LoginError, match="'feat-a'"):
        connect()


def test_a_kept_token_that_still_works_asks_for_nothing(
    platform: Platform, connect: Callable[..., Session]
) -> None:
    crash(platform, connect)
    with Keeper(platform) as keeper:
        connect(reissue=5)
    assert keeper.asked == []


def test_a_suspicion_is_written_down_and_stands_until_bough_removes_it(
    platform: Platform, connect: Callable[..., Session], caplog: pytest.LogCaptureFixture
) -> None:
    stolen = platform.deliver()
    del platform.vault.wrapped[stolen]
    incident = platform.directory / "incident"
    with Keeper(platform) as keeper:
        with pytest.raises(InterceptionError, match="possible interception"):
            connect(reissue=5)
        assert "used by somebody else" in json.loads(incident.read_text())["what"]
        assert stolen not in incident.read_text() + caplog.text

        platform.deliver()
        with pytest.raises(InterceptionError, match="used by somebody else"):
            connect(reissue=5)
        assert keeper.asked == []

        incident.unlink()
        assert connect(reissue=5).valid


def test_an_incident_that_cannot_be_read_as_json_stands_too(
    platform: Platform, connect: Callable[..., Session]
) -> None:
    platform.deliver()
    (platform.directory / "incident").write_bytes(b"\xff{")
    with pytest.raises(InterceptionError):
        connect()


def test_a_folder_that_cannot_be_written_hides_no_suspicion(
    platform: Platform, connect: Callable[..., Session]
) -> None:
    platform.deliver("hvs.stolen")
    (platform.directory / "incident.new").mkdir()
    with pytest.raises(InterceptionError):
        connect()
