"""A notice as one line for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bough.notices.notice import BRANCH, WANTED

if TYPE_CHECKING:
    from bough.notices.notice import Notice


def line(notice: Notice) -> str:
    """`notes in production: deployed notes@4fd2c1a09b7e, commit 91ab33c0de, by ada, in 12 s`"""
    where = notice.stage or "every stage"
    if notice.branch and notice.stage == BRANCH:
        where = f"branch {notice.branch}"
    what = f" {notice.version}" if notice.release or notice.commit else ""
    commit = f", commit {notice.commit[:10]}" if notice.release and notice.commit else ""
    took = f", in {notice.seconds:.0f} s" if notice.seconds is not None else ""
    why = f": {notice.why}" if notice.why else ""
    # the keeper asks, and whose machine that runs on is no news
    by = f", by {notice.who}" if notice.event != WANTED else ""
    return f"{notice.application} in {where}: {notice.event}{what}{commit}{by}{took}{why}"
