"""The static secrets of a stage, as a deployment had them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from bough import ledger
from bough.release import staging

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from bough_components.local.home import Home


def versions(home: Home, slug: str) -> dict[str, int]:
    """The newest version of each static secret of an environment."""
    from bough_components import names
    from bough_components.local import static_secrets

    store = names.vault_kv(slug)
    return {
        name: max(version.number for version in static_secrets.versions(home, store, name))
        for name in sorted(static_secrets.listed(home, store))
    }


@contextmanager
def of_deployment(
    home: Home, application: str, stage: str, release: str, report: Callable[[str], None]
) -> Iterator[None]:
    """Have a stage's secrets be what they were when a release was last deployed there; back again
    when what is done meanwhile fails."""
    slug = staging.slug_of(application, stage)
    newest = versions(home, slug)
    wanted = _then(home, application, stage, release)
    changed = {name: at for name, at in wanted.items() if name in newest and newest[name] != at}
    _restore(home, slug, changed, report)
    try:
        yield
    except BaseException:
        _restore(home, slug, {name: newest[name] for name in changed}, report)
        raise


def _then(home: Home, application: str, stage: str, release: str) -> Mapping[str, int]:
    about = {"application": application, "stage": stage, "release": release}
    found: Mapping[str, int] = {}
    for event in ledger.events(home, "deployed", **about):
        found = event["secrets"]
    return found


def _restore(
    home: Home, slug: str, wanted: Mapping[str, int], report: Callable[[str], None]
) -> None:
    from bough_components.local import static_secrets

    for name, version in wanted.items():
        static_secrets.restore(home, slug, name, version)
        ledger.record(home, "secret restored", secret=name, environment=slug, version=version)
        report(f"secret {name} of {slug} is what it was at version {version}")
