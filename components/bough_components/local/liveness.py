"""Which instances say, or show by silence, that they are not alive."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bough_components import names
from bough_components.local import containers, instances, looking
from bough_components.local.clients import http

if TYPE_CHECKING:
    from bough_components.local.home import Home

SECONDS = 2.0
"""How long an instance may take to answer."""


def lifeless(home: Home) -> list[instances.Wanted]:
    """Running instances that have a liveness path and do not answer 2xx there.

    One that was started less than its `start_timeout` ago may still be about to.
    """
    wanted = {names.LABEL_PLATFORM: home.settings.name, names.LABEL_ROLE: "instance"}
    found = [each for each in looking.labelled(wanted) if each["State"] == "running"]
    asked = [each for each in found if instances.Wanted.from_labels(each["Labels"]).liveness]
    if not asked:
        return []
    with ThreadPoolExecutor(min(len(asked), 16)) as pool:
        alive = pool.map(_is_alive, asked)
    silent = [each for each, lives in zip(asked, alive, strict=True) if not lives]
    return [
        instances.Wanted.from_labels(each["Labels"]) for each in silent if not _is_starting(each)
    ]


def _is_alive(found: dict[str, Any]) -> bool:
    import requests

    wanted = instances.Wanted.from_labels(found["Labels"])
    endpoint = next(iter(found["NetworkSettings"]["Networks"].values()))
    url = f"http://{endpoint['IPAddress']}:{wanted.port}{wanted.liveness}"
    try:
        return http().get(url, timeout=SECONDS, allow_redirects=False).ok
    except requests.RequestException:
        return False


def _is_starting(found: dict[str, Any]) -> bool:
    container = containers.find(found["Id"])
    if container is None:
        return True
    started = datetime.fromisoformat(container.attrs["State"]["StartedAt"][:19]).replace(tzinfo=UTC)
    allowed = instances.Wanted.from_labels(found["Labels"]).start_timeout
    return (datetime.now(UTC) - started).total_seconds() < allowed
