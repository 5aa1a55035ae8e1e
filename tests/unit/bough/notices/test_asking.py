"""What one request may do to us, and what it may tell of itself."""

from __future__ import annotations

import socket
import threading
import time
import traceback
from typing import TYPE_CHECKING

import pytest
from tests.support.receivers import HANG, HANG_UP, Reply, Slack, said

from bough.notices.asking import LARGEST, Answer, Asking, check
from bough.notices.errors import UndeliveredError, UnreadyError

if TYPE_CHECKING:
    from pathlib import Path

ASKING = Asking(loopback=True, seconds=60)
SECRET = "s3cr3t"


def ask(url: str, asking: Asking = ASKING) -> Answer:
    return asking.post(url, b"{}", {})


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/s3cr3t",
        "http://10.0.0.1/s3cr3t",
        "http://localhost/s3cr3t",
        "ftp://127.0.0.1/s3cr3t",
        "file:///etc/passwd?s3cr3t",
        "https:///s3cr3t",
        "https://[::1/s3cr3t",
        "https://example.org:x/s3cr3t",
        "https://example.org:99999/s3cr3t",
        "https://me:s3cr3t@example.org/",
        "https://example.org/s3cr3t\r\nX: y",
        "https://example.org/s3cr3t and more",
        "https://exämple.org/s3cr3t",
        "s3cr3t",
        "",
    ],
)
def test_addresses_that_no_notice_goes_to(url: str) -> None:
    with pytest.raises(UnreadyError) as caught:
        check(url, loopback=True)
    assert SECRET not in str(caught.value)


def test_plain_http_needs_the_test_s_word_and_this_machine() -> None:
    check("https://example.org/x")
    check("http://127.0.0.1:1/x", loopback=True)
    with pytest.raises(UnreadyError):
        check("http://127.0.0.1:1/x")


def test_a_redirect_is_an_answer_like_another(slack: Slack) -> None:
    slack.misbehave(said(302, Location=f"{slack.url}/elsewhere"))
    answer = ask(f"{slack.url}/s3cr3t")
    assert answer.status == 302
    assert len(slack.requests) == 1
    with pytest.raises(UndeliveredError, match="it answered 302"):
        answer.require_success()


def test_of_an_answer_only_so_much_is_read(slack: Slack) -> None:
    slack.misbehave(Reply(200, b"x" * (50 * LARGEST)))
    assert len(ask(slack.url).text) == LARGEST


@pytest.mark.parametrize("reply", [HANG, Reply(200, b"x" * 600, drip=0.2)])
def test_who_is_too_slow_is_left(slack: Slack, reply: Reply) -> None:
    slack.misbehave(reply)
    began = time.monotonic()
    with pytest.raises(UndeliveredError, match="it did not answer within 1 s"):
        ask(f"{slack.url}/s3cr3t", Asking(loopback=True, seconds=1))
    assert time.monotonic() - began < 20


def test_headers_that_come_byte_by_byte_are_no_way_to_hold_us() -> None:
    """Each byte begins the socket's own limit anew."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        gone = threading.Event()

        def drip() -> None:
            connection, _ = server.accept()
            with connection:
                while not gone.wait(0.1):
                    try:
                        connection.sendall(b"x")
                    except OSError:
                        return

        thread = threading.Thread(target=drip)
        thread.start()
        began = time.monotonic()
        with pytest.raises(UndeliveredError, match="within 1 s"):
            ask(f"http://127.0.0.1:{server.getsockname()[1]}", Asking(loopback=True, seconds=1))
        assert time.monotonic() - began < 20
        gone.set()
        thread.join()


@pytest.mark.parametrize(
    "reply",
    [
        HANG_UP,
        Reply(200, raw=b"s3cr3t\r\n\r\n"),
        Reply(200, raw=b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 300 + b"\r\n"),
        Reply(200, raw=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
    ],
)
def test_nonsense_names_no_address(
    slack: Slack, reply: Reply, caplog: pytest.LogCaptureFixture
) -> None:
    slack.misbehave(reply)
    with pytest.raises(UndeliveredError, match="cannot be reached") as caught:
        ask(f"{slack.url}/s3cr3t")
    shown = "".join(traceback.format_exception(caught.value))
    assert SECRET not in shown.replace(f'/{SECRET}"', "")
    assert not caught.value.lasting
    assert SECRET not in caplog.text


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(UndeliveredError, match=r"cannot be reached \(ConnectionRefusedError\)"):
        ask(f"http://127.0.0.1:{port}/s3cr3t")


def test_a_name_that_nobody_knows() -> None:
    with pytest.raises(UndeliveredError, match="cannot be reached") as caught:
        ask("https://s3cr3t.invalid/s3cr3t")
    assert SECRET not in str(caught.value)


def test_a_certificate_that_nobody_signed(slack: Slack) -> None:
    """The receiver speaks no TLS at all."""
    with pytest.raises(UndeliveredError, match=r"cannot be reached \(SSL"):
        ask(slack.url.replace("http:", "https:"))


@pytest.mark.parametrize(
    ("value", "after"),
    [
        ("7", 7.0),
        (" 7 ", 7.0),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0),
        ("soon", None),
        ("", None),
        ("-1", None),
        ("9" * 400, float("inf")),
    ],
)
def test_for_how_long_to_leave_it_alone(slack: Slack, value: str, after: float | None) -> None:
    slack.misbehave(Reply(429, headers={"Retry-After": value}))
    with pytest.raises(UndeliveredError) as caught:
        ask(slack.url).require_success()
    assert caught.value.after == after


@pytest.mark.parametrize(
    ("status", "lasting"),
    [
        *((status, True) for status in (400, 410, 413, 422)),
        *((status, False) for status in (304, 401, 403, 404, 408, 429, 500, 503)),
    ],
)
def test_what_another_try_cannot_mend(slack: Slack, status: int, lasting: bool) -> None:
    slack.misbehave(Reply(status, b"s3cr3t"))
    with pytest.raises(UndeliveredError, match=rf"it answered {status}\.$") as caught:
        ask(slack.url).require_success(["invalid_payload"])
    assert caught.value.lasting is lasting


def test_a_netrc_file_adds_nothing(
    slack: Slack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password other\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    ASKING.post(slack.url, b"{}", {"Authorization": "Bearer mine"})
    assert slack.requests[0].headers["authorization"] == "Bearer mine"


@pytest.mark.parametrize("token", ["s3cr3t\nX: y", "s3cr3t\x00", "s3cr3té"])
def test_a_token_that_no_header_can_hold(slack: Slack, token: str) -> None:
    with pytest.raises(UnreadyError) as caught:
        ASKING.post(slack.url, b"{}", {"Authorization": token})
    assert SECRET not in str(caught.value)
    assert slack.requests == []


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "ok"])
def test_data_that_is_none(text: str) -> None:
    assert Answer(200, text).data is None
