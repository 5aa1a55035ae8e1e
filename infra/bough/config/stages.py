"""Stages: the permanent environments that a release goes through."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from bough.config.fields import (
    BranchName,
    Duration,
    EMail,
    Model,
    Name,
    Replicas,
    SettingName,
    SettingValue,
    Should,
    Some,
    wrong_at,
)
from bough.config.windows import Window

BRANCH = "branch"
"""What `from` calls the environments of branches."""

Approvals = Annotated[
    int, Field(strict=True, ge=0, le=10), Should("a whole number of people from 0 to 10")
]
Flag = Annotated[bool, Field(strict=True), Should("true or false")]


class Stage(Model):
    """A permanent environment, and what a release must have behind it to get there."""

    upstreams: Annotated[Annotated[tuple[Name, ...], Some] | None, Field(alias="from")] = None
    """Stages that a release must be verified in before; `branch`: it served in a branch's
    environment. Default: the stage before this one, `branch` for the first."""

    branches: Annotated[tuple[BranchName, ...], Some] | None = None
    """Branches that it takes releases from; only with `from: [branch]`. Default: all that
    `environments.protected` names, every branch when it names none."""

    require: Annotated[Literal["any", "all"], Should('"any" or "all"')] = "any"
    """How many of the stages in `from` must have verified it."""

    auto: Flag = False
    """Have a release promoted without a person once nothing speaks against it."""

    gates: tuple[Name, ...] = ()
    """Gates that are run here after each deployment; all must pass before it may go further."""

    soak: Duration | None = None
    """How long the release must have stayed in the stage that it comes from, without a break."""

    windows: tuple[Window, ...] = ()
    """When releases may come. Default: always."""

    approvals: Approvals = 0
    """How many people must have approved the release for this stage; never one of its authors."""

    approvers: tuple[EMail, ...] = ()
    """Whose approval counts. Default: everybody's but the authors'."""

    replicas: Mapping[Name, Replicas] = {}
    """Number of instances here, by service, instead of the service's own."""

    config: Mapping[SettingName, SettingValue] = {}
    """Settings that differ here."""

    @model_validator(mode="after")
    def _enough_can_approve(self) -> Self:
        people = {each.casefold() for each in self.approvers}
        if len(people) < len(self.approvers):
            wrong_at("approvers", "names somebody twice; keep one")
        if people and not self.approvals:
            wrong_at("approvers", "is of no use while approvals is 0; say how many must approve")
        if people and len(people) < self.approvals:
            wrong_at(
                "approvers",
                f"names {len(people)} of {self.approvals} who must approve; add people, or lower"
                " approvals",
            )
        return self


def upstreams(stages: Mapping[str, Mapping[str, Any]]) -> dict[str, list[str]]:
    """Where each stage takes releases from, by bough.yaml's own words and with the default filled
    in; whatever has a wrong type is passed over."""
    found: dict[str, list[str]] = {}
    before = BRANCH
    for name, stage in stages.items():
        told = stage.get("from")
        names = told if isinstance(told, list) else [before]
        found[name] = [each for each in names if isinstance(each, str)]
        before = name
    return found
