"""Rollbar's deploys.

https://docs.rollbar.com/reference/post-deploy (POST /api/1/deploy, a project's token with the scope
post_server_item in X-Rollbar-Access-Token; `environment` and `revision` are required).
The API has no key against repetition. Where an earlier try may have arrived, the latest deploys are
asked for its identifier (https://docs.rollbar.com/reference/list-all-deploys), which needs the
scope read; a token without it tells twice.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bough.notices.channels.words import line
from bough.notices.errors import UndeliveredError

if TYPE_CHECKING:
    from bough.notices.asking import Asking
    from bough.notices.due import Delivery
    from bough.notices.secret import Access


def tell(asking: Asking, delivery: Delivery, access: Access, *, again: bool) -> None:
    headers = {"X-Rollbar-Access-Token": access.token}
    if again and _has(asking, delivery, access, headers):
        return
    body = json.dumps(deploy(delivery)).encode()
    answer = asking.post(f"{access.url}/api/1/deploy", body, headers)
    answer.require_success()
    # what went wrong may also come with 200
    if isinstance(answer.data, dict) and answer.data.get("err"):
        raise UndeliveredError("it answered that there was an error")


def deploy(delivery: Delivery) -> dict[str, Any]:
    """The request's body."""
    notice = delivery.notice
    return {
        "environment": delivery.environment,
        "revision": notice.commit or notice.version,
        "local_username": notice.who,
        "comment": f"{line(notice)} [{delivery.id}]",
        "status": "failed" if notice.event == "deployment failed" else "succeeded",
    }


def _has(asking: Asking, delivery: Delivery, access: Access, headers: dict[str, str]) -> bool:
    answer = asking.get(f"{access.url}/api/1/deploys?page=1", headers)
    if answer.status in (401, 403):
        return False
    answer.require_success()
    return f"[{delivery.id}]" in answer.text
