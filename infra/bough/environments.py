"""The environments of this platform, as their users speak of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bough import registry
from bough.branch import slug
from bough_components.errors import NotFoundError

if TYPE_CHECKING:
    from bough.registry import Record
    from bough_components.local.home import Home


def slug_of(home: Home, branch: str) -> str:
    """The slug that a user means by a branch's name, or by a slug that is in use."""
    return branch if registry.find(home, branch) else slug(branch)


def find(home: Home, branch: str) -> Record:
    """The environment of a branch or slug; `NotFoundError` when there is none."""
    record = registry.find(home, slug_of(home, branch))
    if record is None:
        known = ", ".join(entry.slug for entry in registry.every(home)) or "none"
        raise NotFoundError(
            f"there is no environment of {branch!r}; there are: {known}",
            f"make one with `bough up {branch}`",
        )
    return record
