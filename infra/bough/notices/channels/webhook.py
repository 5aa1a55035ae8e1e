"""Signed JSON for any program, by Standard Webhooks 1.0.0.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md: it has
libraries that verify it in most languages, signs the time and the identifier with the body (so an
old message cannot be played again), and names the header by which a receiver knows a repetition.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from dataclasses import asdict
from typing import TYPE_CHECKING

from bough.notices.secret import signing_key

if TYPE_CHECKING:
    from bough.notices.asking import Asking
    from bough.notices.due import Delivery
    from bough.notices.notice import Notice
    from bough.notices.secret import Access

_TYPES = {
    "deployed": "deployment.succeeded",
    "rolled back": "deployment.rolled_back",
    "deployment failed": "deployment.failed",
    "promotion blocked": "promotion.blocked",
    "broke glass": "promotion.forced",
    "approval wanted": "approval.wanted",
}


def tell(asking: Asking, delivery: Delivery, access: Access, *, again: bool) -> None:  # noqa: ARG001
    name, body, now = f"msg_{delivery.id}", payload(delivery.notice), int(time.time())
    headers = {
        "webhook-id": name,
        "webhook-timestamp": str(now),
        "webhook-signature": signature(signing_key(access.token), name, now, body),
    }
    asking.post(access.url, body, headers).require_success()


def payload(notice: Notice) -> bytes:
    """`type`, `timestamp` (when it happened) and, in `data`, every other fact; null: not known."""
    facts = asdict(notice)
    event, at = facts.pop("event"), facts.pop("at")
    message = {"type": _TYPES[event], "timestamp": at, "data": facts}
    return json.dumps(message, separators=(",", ":")).encode()


def signature(key: bytes, name: str, timestamp: int, body: bytes) -> str:
    signed = hmac.digest(key, f"{name}.{timestamp}.".encode() + body, hashlib.sha256)
    return f"v1,{base64.b64encode(signed).decode()}"
