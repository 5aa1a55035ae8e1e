"""The host's side of the private folder: answers an instance that asks for a credential."""

from __future__ import annotations

import json
import secrets
import threading
from types import TracebackType

from bough_secrets.testing.platform import Platform


class Keeper:
    """Watches the platform's folder, as bough does on the host, until `close`.

    `asked` are the requests as they were written; one is removed once it has been answered.
    """

    def __init__(self, platform: Platform, *, pause: float = 0.02) -> None:
        self.asked: list[dict[str, str]] = []
        self._platform = platform
        self._pause = pause
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(self._pause):
            if not self._platform.vault.sealed:
                self._look()

    def _look(self) -> None:
        wanted = self._platform.directory / "wanted"
        try:
            self.asked.append(json.loads(wanted.read_text()))
        except FileNotFoundError:
            return
        token = f"consul-{secrets.token_hex(4)}"
        self._platform.consul.token = token
        self._platform.vault.kv[self._platform.own] = {"consul_token": token}
        self._platform.deliver()
        wanted.unlink(missing_ok=True)

    def __enter__(self) -> Keeper:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self.close()
