"""Taking an environment away, and proving that nothing of it is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bough import descriptions, ledger, lock, pulumi_command, registry
from bough_components.errors import BoughError, LeftoverError, RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bough_components.local.home import Home


def destroy(
    home: Home, slug: str, report: Callable[[str], None], *, typed: str | None = None
) -> bool:
    """Destroy an environment, whatever is left of it. False when there was none.

    A permanent one goes only when a person has `typed` its name: else `RefusedError`. Works
    without its branch, its checkout or its state. Raises `LeftoverError` with what an inventory
    that does not read Pulumi's state still finds; a second run goes on from there.
    """
    if not home.exists:
        return False
    require_typed([slug], home, typed)
    with lock.held(home, slug, "destroy", report):
        return destroy_locked(home, slug, report)


def require_typed(slugs: Iterable[str], home: Home, typed: str | None) -> None:
    """`RefusedError` when one of these environments is permanent and not the one that was typed."""
    for slug in slugs:
        record = registry.find(home, slug)
        if record and record.permanent and typed != slug:
            raise RefusedError(
                f"{slug} is the stage {record.stage} of {record.application}, with its data",
                f"if it shall go for ever: `bough destroy {slug} --permanent {slug}`",
            )


def destroy_locked(home: Home, slug: str, report: Callable[[str], None]) -> bool:
    """`destroy` for who holds the environment's lock already."""
    from bough_components.local import inventory, teardown

    if not _exists(home, slug) and not inventory.take(home, slug):
        return False
    registry.mark_deployed(home, slug, None)
    _by_pulumi(home, slug, report)
    # what the teardown takes must not be in a state that a later update believes
    pulumi_command.forget(home, slug)
    failures = teardown.remove_all(home, slug, report)
    left = [*failures, *inventory.take(home, slug)]
    if not left:
        pulumi_command.forget(home, slug)
        left = [f"pulumi: {trace}" for trace in pulumi_command.traces(home, slug)]
    if left:
        raise LeftoverError(
            f"environment {slug} is not wholly destroyed; still there",
            left,
            f"mend what does not answer, then run `bough destroy {slug}` again",
        )
    descriptions.forget(home, slug)
    registry.release(home, slug)
    ledger.record(home, "destroyed", environment=slug)
    return True


def _exists(home: Home, slug: str) -> bool:
    return bool(registry.find(home, slug)) or pulumi_command.state_file(home, slug).exists()


def _by_pulumi(home: Home, slug: str, report: Callable[[str], None]) -> None:
    """The orderly way. What it cannot do, the teardown by inventory does."""
    if not pulumi_command.state_file(home, slug).exists():
        return
    try:
        pulumi_command.destroy(home, slug, report)
    except BoughError as error:
        report(f"pulumi could not destroy all of {slug}: {error}")
