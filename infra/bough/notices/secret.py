"""What an addressee is reached with: a secret of the application's, typed by a person."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bough.notices.errors import UnreadyError

if TYPE_CHECKING:
    from collections.abc import Mapping

SENTRY = "https://sentry.io"
ROLLBAR = "https://api.rollbar.com"
_ELSEWHERE = {"sentry": SENTRY, "rollbar": ROLLBAR}
_KEY_BYTES = range(24, 65)


@dataclass(frozen=True)
class Access:
    """`url` is where to, `token` what to be known by, or a webhook's key; neither is ever shown."""

    url: str = field(repr=False)
    token: str = field(repr=False)

    @classmethod
    def of(cls, kind: str, values: Mapping[str, str]) -> Access:
        """From a secret's fields: `value`, and `url` where there is a choice.

        Raises `UnreadyError` when one is missing or can be none.
        """
        value = values.get("value", "").strip()
        if kind == "slack":
            url, token = value, ""
        else:
            url, token = values.get("url", "").strip() or _ELSEWHERE.get(kind, ""), value
            if not token:
                raise UnreadyError("its secret has no field `value`")
        if not url:
            missing = "value" if kind == "slack" else "url"
            raise UnreadyError(f"its secret has no field `{missing}`, which says where it is")
        if kind == "webhook":
            signing_key(token)
        return cls(url.rstrip("/") if kind in _ELSEWHERE else url, token)


def signing_key(text: str) -> bytes:
    """The key in the form that Standard Webhooks gives it: whsec_ and base64 of 24 to 64 bytes."""
    try:
        key = base64.b64decode(text.removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not text.startswith("whsec_") or len(key) not in _KEY_BYTES:
        raise UnreadyError("its key should be whsec_ and 24 to 64 bytes in base64")
    return key
