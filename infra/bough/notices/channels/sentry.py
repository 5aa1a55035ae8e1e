"""Sentry's releases and deploys.

https://docs.sentry.io/api/releases/create-a-new-release-for-an-organization/ (idempotent: 201, or
208 when it is there) and https://docs.sentry.io/api/releases/create-a-deploy/ (201; not idempotent,
so a deploy is named by the delivery's identifier, and where an earlier try may have arrived the
release's deploys are asked for it: https://docs.sentry.io/api/releases/list-a-releases-deploys/).
A token with the scope project:releases may do all three.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from bough.notices.asking import Asking
    from bough.notices.due import Delivery
    from bough.notices.secret import Access


def tell(asking: Asking, delivery: Delivery, access: Access, *, again: bool) -> None:
    organization = quote(delivery.addressee.organization or "", safe="")
    releases = f"{access.url}/api/0/organizations/{organization}/releases/"
    deploys = f"{releases}{quote(delivery.notice.version, safe='')}/deploys/"
    headers = {"Authorization": f"Bearer {access.token}"}

    body = json.dumps(release(delivery)).encode()
    asking.post(releases, body, headers).require_success()
    if again:
        known = asking.get(deploys, headers)
        known.require_success()
        if any(each.get("name") == delivery.id for each in _objects(known.data)):
            return
    body = json.dumps(deploy(delivery)).encode()
    asking.post(deploys, body, headers).require_success()


def release(delivery: Delivery) -> dict[str, Any]:
    """A release's body. Its name is good in a whole organization, and within what
    https://docs.sentry.io/product/releases/naming-releases/ allows."""
    notice = delivery.notice
    ref = {"ref": notice.commit} if notice.commit else {}
    return {"version": notice.version, "projects": [*delivery.addressee.projects], **ref}


def deploy(delivery: Delivery) -> dict[str, Any]:
    """A deploy's body; it ended when the ledger says, and began `seconds` before."""
    notice = delivery.notice
    began = datetime.fromisoformat(notice.at) - timedelta(seconds=notice.seconds or 0)
    return {
        "environment": delivery.environment,
        "name": delivery.id,
        "projects": [*delivery.addressee.projects],
        "dateStarted": began.isoformat(),
        "dateFinished": notice.at,
    }


def _objects(data: Any) -> list[dict[str, Any]]:
    return [each for each in data if isinstance(each, dict)] if isinstance(data, list) else []
