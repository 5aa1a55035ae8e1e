"""Slack's incoming webhooks.

Messages: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
Errors: https://api.slack.com/changelog/2016-05-17-changes-to-errors-for-incoming-webhooks
Limits (one message a second, then 429 with Retry-After): https://docs.slack.dev/apis/web-api/rate-limits
The API has no key against repetition: a try whose answer was lost is told twice.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bough.notices.channels.words import line

if TYPE_CHECKING:
    from bough.notices.asking import Asking
    from bough.notices.due import Delivery
    from bough.notices.secret import Access

_MARKS = {
    "deployed": ":white_check_mark:",
    "rolled back": ":rewind:",
    "deployment failed": ":x:",
    "promotion blocked": ":no_entry:",
    "broke glass": ":rotating_light:",
    "approval wanted": ":raised_hand:",
}

ERRORS = frozenset(
    {
        *("action_prohibited", "channel_is_archived", "channel_not_found", "invalid_payload"),
        *("invalid_token", "no_active_hooks", "no_service", "no_service_id", "no_team"),
        *("no_text", "rollup_error", "team_disabled", "too_many_attachments", "user_not_found"),
    }
)
"""What Slack says in an answer's body."""


def tell(asking: Asking, delivery: Delivery, access: Access, *, again: bool) -> None:  # noqa: ARG001
    text = f"{_MARKS[delivery.notice.event]} {escaped(line(delivery.notice))}"
    answer = asking.post(access.url, json.dumps({"text": text}).encode(), {})
    answer.require_success(ERRORS)


def escaped(text: str) -> str:
    """https://docs.slack.dev/messaging/formatting-message-text#escaping"""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
