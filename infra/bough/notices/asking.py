"""One request to somebody else's server, with nothing that could do harm.

Of `urllib.request` only the parts that are named here: so no redirect is followed, no file is read,
no cookie is kept. `requests` would add what a .netrc says to a token, and its urllib3 logs the
address of a receiver that answers badly, which here is a secret.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import json
import ssl
import threading
import urllib.request
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bough.notices.errors import UndeliveredError, UnreadyError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

SECONDS = 20.0
"""For a whole request: 15 to 30 s is what Standard Webhooks recommends."""

LARGEST = 64 * 1024
"""Bytes of an answer that are read."""

_LASTING = {400, 410, 413, 422}
"""The message is refused as it is, or for ever; what else is wrong, a person may mend."""

_NO_ADDRESS = "its address is no https:// address"


@dataclass(frozen=True)
class Answer:
    """`text` is what the body begins with; `after` for how many seconds to leave it alone."""

    status: int
    text: str
    after: float | None = None

    @property
    def data(self) -> Any:
        """The body's JSON; None where it is none."""
        with contextlib.suppress(ValueError, RecursionError):
            return json.loads(self.text)
        return None

    def require_success(self, words: Collection[str] = ()) -> None:
        """`UndeliveredError` unless it is 2xx; it quotes the body only where that is one of these
        `words`, for else it could hold a secret."""
        if 200 <= self.status < 300:
            return
        said = self.text.strip()
        raise UndeliveredError(
            f"it answered {self.status}{f' ({said})' if said in words else ''}",
            lasting=self.status in _LASTING,
            after=self.after,
        )


@dataclass(frozen=True)
class Asking:
    """`loopback` allows plain HTTP to this machine, for tests; `seconds` for a whole request."""

    loopback: bool = False
    seconds: float = SECONDS

    def post(self, url: str, data: bytes, headers: Mapping[str, str]) -> Answer:
        """POST JSON. Raises `UndeliveredError` without an answer, `UnreadyError` without a try."""
        return self._ask(url, data, {"Content-Type": "application/json", **headers})

    def get(self, url: str, headers: Mapping[str, str]) -> Answer:
        """GET; raises what `post` does."""
        return self._ask(url, None, headers)

    def _ask(self, url: str, data: bytes | None, headers: Mapping[str, str]) -> Answer:
        check(url, loopback=self.loopback)
        _check_headers(headers)
        ours = {"User-Agent": "bough", "Accept": "application/json", "Accept-Encoding": "identity"}
        request = urllib.request.Request(url, data, {**ours, **headers})  # noqa: S310 - checked
        return _in_time(lambda: _answer(request, self.seconds), self.seconds)


def check(url: str, *, loopback: bool = False) -> None:
    """`UnreadyError` unless it is an address that a notice may go to."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise UnreadyError(_NO_ADDRESS) from None
    plain = loopback and parts.scheme == "http" and _is_loopback(host)
    if not host or port == 0 or not (plain or parts.scheme == "https"):
        raise UnreadyError(_NO_ADDRESS)
    if parts.username is not None or not url.isascii() or not url.isprintable() or " " in url:
        raise UnreadyError("its address holds a user's name, a space or a special character")


def _is_loopback(host: str | None) -> bool:
    try:
        return ipaddress.ip_address((host or "").partition(":")[0]).is_loopback
    except ValueError:
        return False


def _check_headers(headers: Mapping[str, str]) -> None:
    # http.client would quote it in its refusal
    if not all(value.isascii() and value.isprintable() for value in headers.values()):
        raise UnreadyError("its token holds a space, a line's end or a special character")


def _in_time(ask: Callable[[], Answer], seconds: float) -> Answer:
    """A name that does not resolve, or an answer that comes byte by byte, has no limit of its own:
    whoever is too slow is left to a thread that ends with its connection, or with the process."""
    found: list[Answer | BaseException] = []

    def run() -> None:
        try:
            found.append(ask())
        except BaseException as error:
            found.append(error)

    thread = threading.Thread(target=run, name="notice", daemon=True)
    thread.start()
    thread.join(seconds)
    if not found:
        raise _too_slow(seconds)
    if isinstance(found[0], BaseException):
        raise found[0]
    return found[0]


def _answer(request: urllib.request.Request, seconds: float) -> Answer:
    opener = urllib.request.OpenerDirector()
    for handler in (
        # None: those that the user's variables name
        urllib.request.ProxyHandler({} if _is_loopback(request.host) else None),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(context=ssl.create_default_context()),
    ):
        opener.add_handler(handler)
    try:
        with opener.open(request, timeout=seconds) as response:
            text = response.read(LARGEST).decode(errors="replace")
            return Answer(response.status, text, _after(response.headers.get("Retry-After")))
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = getattr(error, "reason", error)
        if isinstance(reason, TimeoutError):
            raise _too_slow(seconds) from None
        # its words may quote the address
        kind = type(reason if isinstance(reason, Exception) else error).__name__
        raise UndeliveredError(f"it cannot be reached ({kind})") from None


def _too_slow(seconds: float) -> UndeliveredError:
    return UndeliveredError(f"it did not answer within {seconds:.0f} s")


def _after(value: str | None) -> float | None:
    """Seconds, of either form: https://www.rfc-editor.org/rfc/rfc9110#field.retry-after"""
    if not value:
        return None
    if value.strip().isdecimal():
        return float(value)
    with contextlib.suppress(ValueError):
        when = parsedate_to_datetime(value)
        left = when.replace(tzinfo=when.tzinfo or UTC) - datetime.now(UTC)
        return max(0.0, left.total_seconds())
    return None
