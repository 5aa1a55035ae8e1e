"""Consul's HTTP interface, as far as an instance may use it."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from bough_secrets.errors import (
    ConfigurationError,
    DeniedError,
    RefusedError,
    UnreachableError,
)
from bough_secrets.loop import Loop
from bough_secrets.plain_http import FAILURES, Answer, Patience, awaited
from bough_secrets.sensitive import Sensitive

Query = Mapping[str, str | int]
CONNECT, ANSWER = 3.0, 10.0  # seconds to connect, to answer what is not held


@dataclass(frozen=True)
class Reply:
    """What Consul answered, None for nothing there, and the index of that answer."""

    body: Any
    index: int


class Agent:
    """One Consul agent; may be used from any thread, until `close`.

    `read_token` is asked again when Consul denies something: the token may have been replaced.
    """

    def __init__(self, address: str, read_token: Callable[[], Sensitive]) -> None:
        self.address = address
        self._read_token = read_token
        self._token = read_token()
        self._reading = asyncio.Lock()
        self.loop = Loop("bough-consul")

    def document(self, key: str) -> dict[str, Any] | None:
        """Return the JSON object at a key, None when there is none."""
        entries = self.loop.finish(self.ask(f"kv/{quote(key)}")).body
        try:
            return dict(json.loads(value(entries[0]))) if entries else None
        except (ValueError, TypeError):
            raise ConfigurationError(
                f"Consul's {key!r} holds no JSON object", "Deploy the environment again"
            ) from None

    async def ask(self, path: str, query: Query | None = None, *, held: float = 0) -> Reply:
        """Ask once. Consul may hold the answer back for about `held` seconds.

        Raises DeniedError, RefusedError, UnreachableError.
        """
        token = self._token
        try:
            return await self._once(path, query or {}, held)
        except DeniedError:
            if not await self._replaced(token):
                raise
        return await self._once(path, query or {}, held)

    def close(self) -> None:
        """Give up whatever is being asked."""
        self.loop.stop()

    async def _replaced(self, token: Sensitive) -> bool:
        async with self._reading:
            if self._token == token:
                self._token = await asyncio.to_thread(self._read_token)
        return self._token != token

    async def _once(self, path: str, query: Query, held: float) -> Reply:
        # Consul adds up to a sixteenth to how long it holds an answer back.
        patience = Patience(CONNECT, ANSWER + held * 17 / 16)
        headers = {"X-Consul-Token": self._token.reveal()}
        if held:
            query = {**query, "wait": f"{held:.0f}s"}
        kind = None
        try:
            where = f"/v1/{path}?{urlencode(query)}"
            answer = await awaited(self.address, where, headers, patience)
        except FAILURES as error:
            kind = type(error).__name__
        # Raised out here, because what failed may carry the request with its token.
        if kind:
            raise UnreachableError(
                f"Consul at {self.address} did not answer ({kind})", "Check that it runs"
            )
        return understood(self.address, path, answer)


def understood(address: str, path: str, answer: Answer) -> Reply:
    """Read an answer, or raise what its status means."""
    happened = f"Consul at {address} answered {answer.status} to {path}"
    match answer.status:
        case 200 | 404:
            pass
        case 400:
            raise RefusedError(happened, "Correct the name that is asked for")
        case 403:
            raise DeniedError(happened, "Check this service's Consul policy")
        case _:
            raise UnreachableError(happened, "Check that Consul runs and has a leader")
    try:
        body = json.loads(answer.body) if answer.status == 200 else None
        return Reply(body, int(answer.headers.get("X-Consul-Index", 0)))
    except ValueError:
        raise UnreachableError(f"{happened}, but not as Consul does", "See what is there") from None


def value(entry: dict[str, Any]) -> str:
    """Return the text of a key's entry. Raises ValueError when it is no UTF-8."""
    return base64.b64decode(entry["Value"] or "").decode()
