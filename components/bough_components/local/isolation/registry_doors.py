"""The image registry, tried without credentials: no instance has any."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from bough_components.local.clients import LOOPBACK, http
from bough_components.local.isolation.thief import TIMEOUT
from bough_components.local.isolation.verdicts import PLATFORM, Door

if TYPE_CHECKING:
    from bough_components.local.home import Home


def doors(home: Home) -> list[Door]:
    address = f"http://{LOOPBACK}:{home.settings.ports['registry']}/v2/"
    attempts = {
        "list images": ("GET", f"{address}_catalog"),
        "begin to write an image": ("POST", f"{address}verify-isolation/blobs/uploads/"),
    }
    return [
        Door(engine="registry", of=PLATFORM, what=what, knock=partial(_knock, *attempt))
        for what, attempt in attempts.items()
    ]


def _knock(method: str, url: str) -> tuple[bool, str]:
    answer = http().request(method, url, timeout=TIMEOUT)
    return answer.status_code != 401, f"HTTP {answer.status_code}"
