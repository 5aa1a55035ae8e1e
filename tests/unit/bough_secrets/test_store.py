import json
import os
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bough_secrets import ConfigurationError
from bough_secrets.sensitive import Sensitive
from bough_secrets.store import Delivery, Store


def test_a_delivery_is_taken_once_with_the_time_that_it_lay_there(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.wrapped.write_text("hvs.wrapped\n")
    written = store.wrapped.stat().st_mtime
    os.utime(store.wrapped, (written - 312, written - 312))
    delivery = store.take_delivery()
    assert delivery is not None
    assert delivery.wrapped == Sensitive("hvs.wrapped")
    assert 312 <= delivery.unread < 320
    assert store.take_delivery() is None
    assert list(tmp_path.iterdir()) == []


def test_how_long_it_lay_does_not_depend_on_our_clock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.time", lambda: 600.0)
    store = Store(tmp_path)
    store.wrapped.write_text("hvs.wrapped")
    delivery = store.take_delivery()
    assert delivery is not None
    assert 0 <= delivery.unread < 5


def test_an_empty_file_is_no_delivery(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.wrapped.touch()
    assert store.take_delivery() is None


def test_of_several_that_look_only_one_has_it(tmp_path: Path) -> None:
    store, start = Store(tmp_path), threading.Barrier(8)

    def look() -> Delivery | None:
        start.wait()
        return store.take_delivery()

    with ThreadPoolExecutor(8) as pool:
        for _ in range(20):
            store.wrapped.write_text("hvs.wrapped")
            looks = [pool.submit(look) for _ in range(8)]
            assert sum(look.result() is not None for look in looks) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_request_is_private_and_can_be_taken_back(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.ask("the token was revoked")
    assert json.loads(store.wanted.read_text())["reason"] == "the token was revoked"
    assert stat.S_IMODE(store.wanted.stat().st_mode) == 0o600
    store.withdraw()
    store.withdraw()
    assert list(tmp_path.iterdir()) == []


def test_a_delivery_answers_every_request(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.ask("a")
    store.wrapped.write_text("hvs.wrapped")
    store.take_delivery()
    assert not store.wanted.exists()


def test_a_folder_that_is_gone_is_named(tmp_path: Path) -> None:
    store = Store(tmp_path / "gone")
    with pytest.raises(ConfigurationError, match=r"gone/wanted.new \(No such file"):
        store.ask("a")
