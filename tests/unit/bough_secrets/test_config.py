import logging
import threading
from collections.abc import Callable

import pytest
from tests.unit.bough_secrets.waiting import eventually

from bough_secrets import DeniedError, Session, UnreachableError
from bough_secrets.config import changed, merged
from bough_secrets.testing import Platform

APPLICATION, STAGE = "app/notes/config/", "app/notes/stage/preview/config/"
RELEASE, OVERRIDES = "env/main/config/", "env/main/overrides/"


def test_a_later_layer_wins(platform: Platform, session: Session) -> None:
    platform.consul.kv |= {
        f"{APPLICATION}a": "application", f"{APPLICATION}b": "application",
        f"{APPLICATION}c": "application", f"{APPLICATION}d/e": "application",
        f"{STAGE}b": "stage", f"{STAGE}c": "stage",
        f"{RELEASE}c": "release", f"{RELEASE}f": "release", f"{OVERRIDES}f": "override",
    }  # fmt: skip
    assert dict(session.config) == {
        "a": "application", "b": "stage", "c": "release", "d/e": "application", "f": "override",
    }  # fmt: skip


def test_what_belongs_to_others_is_no_setting(platform: Platform, session: Session) -> None:
    platform.consul.kv |= {
        "app/notes2/config/a": "another application",
        "app/notes/stage/production/config/b": "another stage",
        "env/main2/config/c": "another environment",
        "env/main/configuration": "another key",
    }
    assert dict(session.config) == {}


def test_an_environment_of_an_older_bough_has_its_own_layers(
    platform: Platform, session: Session
) -> None:
    del platform.consul.kv["env/main/about"]
    platform.consul.kv |= {f"{APPLICATION}a": "1", f"{RELEASE}b": "2", f"{OVERRIDES}c": "3"}
    assert dict(session.config) == {"b": "2", "c": "3"}


def test_a_change_reaches_a_running_instance(platform: Platform, session: Session) -> None:
    told: list[frozenset[str]] = []
    platform.consul.kv |= {f"{RELEASE}a": "1", f"{RELEASE}b": "1"}
    config = session.config
    session.on_config_change(told.append)
    before = config.snapshot
    platform.consul.kv |= {f"{RELEASE}a": "2", f"{RELEASE}c": "new"}
    del platform.consul.kv[f"{RELEASE}b"]
    assert eventually(lambda: "b" not in config) < 2
    assert dict(config) == {"a": "2", "c": "new"}
    assert dict(before) == {"a": "1", "b": "1"}
    eventually(lambda: bool(told))
    assert frozenset[str]().union(*told) == {"a", "b", "c"}


def test_a_change_below_a_stronger_layer_is_none(platform: Platform, session: Session) -> None:
    told: list[frozenset[str]] = []
    platform.consul.kv |= {f"{APPLICATION}a": "1", f"{RELEASE}a": "strong"}
    session.on_config_change(told.append)
    platform.consul.kv[f"{APPLICATION}a"] = "2"
    platform.consul.kv[f"{APPLICATION}b"] = "2"
    eventually(lambda: "b" in session.config)
    eventually(lambda: bool(told))
    assert told == [{"b"}]


def test_a_callback_that_fails_is_logged_and_called_again(
    platform: Platform, session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[frozenset[str]] = []

    def fail(names: frozenset[str]) -> None:
        told.append(names)
        raise LookupError("the application's own mistake")

    session.on_config_change(fail)
    for name in ("a", "b"):
        platform.consul.kv[f"{RELEASE}{name}"] = "1"
        eventually(lambda name=name: {name} in told)  # type: ignore[misc]
    assert "the application's own mistake" in caplog.text


def test_a_callback_may_ask_the_session(platform: Platform, session: Session) -> None:
    found: list[str] = []
    platform.consul.services["main--search-1"] = {"name": "main--search", "port": 1}
    session.on_config_change(lambda _: found.append(str(session.service("search"))))
    platform.consul.kv[f"{RELEASE}a"] = "1"
    eventually(lambda: found == ["127.0.0.1:1"])


def test_a_snapshot_is_never_torn(platform: Platform, session: Session) -> None:
    """Writes both settings at once; whoever reads sees them equal."""
    platform.consul.kv |= {f"{RELEASE}a": "0", f"{RELEASE}b": "0"}
    config = session.config
    torn: list[dict[str, str]] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            if (seen := config.snapshot)["a"] != seen["b"]:
                torn.append(dict(seen))

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(1, 6):
        both = {f"{RELEASE}{name}": str(number) for name in "ab"}
        platform.consul.kv = {**platform.consul.kv, **both}
        eventually(lambda number=number: config["a"] == str(number))  # type: ignore[misc]
    stop.set()
    reader.join()
    assert torn == []


def test_the_last_settings_outlive_consul(
    platform: Platform, session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    platform.consul.kv[f"{RELEASE}a"] = "1"
    config = session.config
    with caplog.at_level(logging.INFO):
        platform.consul.away = True
        eventually(lambda: f"the settings below {RELEASE} are 0 s old and stand" in caplog.text)
        assert config["a"] == "1"
        assert 0 < config.age < 5
        platform.consul.kv[f"{RELEASE}a"] = "2"
        platform.consul.away = False
        eventually(lambda: config["a"] == "2", 10)
        assert f"Consul says again what the settings below {RELEASE} are" in caplog.text


def test_a_consul_that_restarts_is_followed(platform: Platform, session: Session) -> None:
    platform.consul.kv[f"{RELEASE}a"] = "1"
    config = session.config
    eventually(lambda: len(platform.consul.held) == 4)
    platform.consul.restart()
    platform.consul.kv[f"{RELEASE}a"] = "2"
    eventually(lambda: config["a"] == "2")


def test_an_index_that_goes_backwards_is_followed(
    platform: Platform, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bough_secrets.watch.HELD", 1)
    platform.consul.kv[f"{RELEASE}a"] = "1"
    config = session.config
    platform.consul.recount()
    platform.consul.kv[f"{RELEASE}a"] = "2"
    eventually(lambda: config["a"] == "2")
    platform.consul.kv[f"{RELEASE}a"] = "3"
    eventually(lambda: config["a"] == "3")


def test_a_consul_that_hangs_is_given_up(
    platform: Platform, connect: Callable[..., Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bough_secrets.agent.ANSWER", 0.2)
    monkeypatch.setattr("bough_secrets.watch.HELD", 1)
    platform.consul.kv[f"{RELEASE}a"] = "1"
    platform.deliver()
    session = connect()
    config = session.config
    platform.consul.hung = True
    asked = len(platform.consul.requests)
    eventually(lambda: len(platform.consul.requests) >= asked + 8, 10)
    assert config["a"] == "1"
    platform.consul.kv[f"{RELEASE}a"] = "2"
    platform.consul.hung = False
    eventually(lambda: config["a"] == "2", 10)


def test_a_first_answer_that_does_not_come_is_an_error(
    platform: Platform, connect: Callable[..., Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bough_secrets.agent.ANSWER", 0.2)
    platform.deliver()
    session = connect()
    platform.consul.hung = True
    with pytest.raises(UnreachableError, match="TimeoutError"):
        _ = session.config
    platform.consul.hung = False
    assert dict(session.config) == {}


def test_a_denial_is_an_error_at_once(platform: Platform, connect: Callable[..., Session]) -> None:
    platform.deliver()
    session = connect(patience=30)
    platform.consul.token = "another"
    with pytest.raises(DeniedError, match="Consul policy"):
        _ = session.config


def test_what_is_no_text_is_left_out(
    platform: Platform, session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    platform.consul.kv |= {f"{RELEASE}a": "1", f"{RELEASE}picture": b"\xff\xd8"}
    assert dict(session.config) == {"a": "1"}
    assert f"{RELEASE}picture is no UTF-8 text" in caplog.text


def test_closing_ends_the_watching_at_once(platform: Platform, session: Session) -> None:
    told: list[frozenset[str]] = []
    session.on_config_change(told.append)
    threads = {thread.name for thread in threading.enumerate()}
    assert "bough-consul" in threads
    config = session.config
    closing = threading.Thread(target=session.close)
    closing.start()
    closing.join(2)
    assert not closing.is_alive()
    assert not [thread for thread in threading.enumerate() if thread.name == "bough-consul"]
    asked = len(platform.consul.requests)
    platform.consul.kv[f"{RELEASE}a"] = "1"
    assert dict(config) == {}
    assert told == []
    assert len(platform.consul.requests) == asked


def test_merging_and_comparing() -> None:
    assert merged([{"a": "1", "b": "1"}, {"b": "2"}, {}]) == {"a": "1", "b": "2"}
    assert changed({"a": "1", "b": "1", "c": "1"}, {"a": "1", "b": "2", "d": "1"}) == {
        "b", "c", "d",
    }  # fmt: skip
