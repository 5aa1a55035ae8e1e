"""What an application keeps of a need while its accounts come and go."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from bough_secrets.retirement import Generation

Current = TypeVar("Current", bound=Generation)


class Holder(Generic[Current]):
    """The account of the moment; may be used from any thread."""

    def __init__(self, generation: Current, hurry: Callable[[], None]) -> None:
        self._generation = generation
        self._hurry = hurry
        self._lock = threading.Lock()
        self._closed = False
        self._followers: list[Callable[[], object]] = []

    @property
    def generation(self) -> Current:
        """The account that is handed out at this moment, and its connections."""
        return self._generation

    @property
    def user(self) -> str:
        """The account's name at this moment."""
        return self._generation.account.user

    def rotate(self) -> None:
        """Ask for a new account now; returns at once, requests go on without a gap."""
        self._hurry()

    def follow(self, follower: Callable[[], object]) -> None:
        """Call `follower`, on the background thread, whenever the account was replaced."""
        self._followers.append(follower)

    def swap(self, new: Current) -> Current:
        """Hand out `new` from here on; return the generation that it replaces."""
        with self._lock:
            old, self._generation = self._generation, new
            closed = self._closed
        old.close()
        if closed:
            new.close()
        for follower in self._followers:
            follower()
        return old

    def close(self) -> None:
        with self._lock:
            self._closed = True
        self._generation.close()
