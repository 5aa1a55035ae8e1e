"""How each kind of addressee is told: one file each.

A channel tells one notice and returns when it arrived; it raises `UndeliveredError` or
`UnreadyError`. `again` says that an earlier try may have arrived, so that the addressee is asked
first where its API can tell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from bough.notices.channels import rollbar, sentry, slack, webhook

if TYPE_CHECKING:
    from bough.notices.asking import Asking
    from bough.notices.due import Delivery
    from bough.notices.secret import Access


class Channel(Protocol):
    def __call__(
        self, asking: Asking, delivery: Delivery, access: Access, *, again: bool
    ) -> None: ...


CHANNELS: dict[str, Channel] = {
    "rollbar": rollbar.tell,
    "sentry": sentry.tell,
    "slack": slack.tell,
    "webhook": webhook.tell,
}
