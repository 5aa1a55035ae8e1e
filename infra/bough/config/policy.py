"""Whether a branch may have an environment. Pure: each answer is a reason to refuse, or None."""

import re

from bough.branch import short
from bough.config.environments import Environments


def refuse(branch: str, policy: Environments) -> str | None:
    name = short(branch)
    if re.fullmatch(policy.names, name):
        return None
    return _reason(
        f'branch "{name}" gets no environment: its name should match {policy.names}', policy
    )


def refuse_push(branch: str, policy: Environments) -> str | None:
    name = short(branch)
    if name in policy.protected:
        return _reason(f'branch "{name}" is protected: nobody pushes to it directly', policy)
    return refuse(name, policy)


def _reason(reason: str, policy: Environments) -> str:
    return f"{reason}. {policy.message}" if policy.message else reason
