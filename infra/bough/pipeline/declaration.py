"""The pipeline that holds: bough.yaml's stages, of a branch that is trusted with them (ADR 29)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from pydantic import TypeAdapter, ValidationError

from bough.branch import short
from bough.config.gates import Gate
from bough.config.stages import BRANCH, Stage, upstreams
from bough.notices.declared import words
from bough_components.errors import BoughError, NotFoundError

if TYPE_CHECKING:
    from bough.config import Application

DECLARED = "pipeline declared"
_GATES: TypeAdapter[dict[str, Gate]] = TypeAdapter(dict[str, Gate])


@dataclass(frozen=True)
class Pipeline:
    """Stages in order, each with its `from` and `branches` filled in; no `branches` are all."""

    stages: Mapping[str, Stage] = field(default_factory=dict)
    gates: Mapping[str, Gate] = field(default_factory=dict)
    protected: tuple[str, ...] = ()

    @classmethod
    def of(cls, event: Mapping[str, Any]) -> Self:
        """What an event declared. Raises `BoughError` when another bough wrote it."""
        try:
            return cls(
                stages={each["name"]: _stage(each) for each in event["stages"]},
                gates=_GATES.validate_python(event["gates"]),
                protected=tuple(event["protected"]),
            )
        except (ValidationError, KeyError, TypeError) as error:
            raise BoughError(
                f"the pipeline of {event.get('application')} at commit"
                f" {str(event.get('commit'))[:10]} was declared in words that this bough does not"
                " know",
                "deploy a protected branch again with this bough, so that it is declared anew",
            ) from error

    def stage(self, name: str) -> Stage:
        """Raises `NotFoundError`, which names those there are."""
        if name not in self.stages:
            known = ", ".join(self.stages) or "none"
            raise NotFoundError(
                f"there is no stage {name!r}; there are: {known}",
                "name one of them, or declare it under `stages` in bough.yaml and deploy that on a"
                " protected branch",
            )
        return self.stages[name]

    def takes(self, branch: str) -> bool:
        """Whether any stage takes releases from a branch."""
        first = [stage for stage in self.stages.values() if BRANCH in (stage.upstreams or ())]
        return not first or any(not each.branches or branch in each.branches for each in first)


def follows(
    last: Mapping[str, Any] | None, application: Application, branch: str
) -> dict[str, Any] | None:
    """The facts of the declaration that a branch's bough.yaml makes after the last one; None when
    it says nothing new, or the branch is not trusted.

    Trusted are the branches that the last declaration protects; all while it protects none.
    """
    facts = declared(application)
    if last is None:
        return facts if application.stages or application.notices else None
    protected = last.get("protected") or ()
    if protected and short(branch) not in protected:
        return None
    return facts if any(last.get(key) != value for key, value in facts.items()) else None


def declared(application: Application) -> dict[str, Any]:
    """The facts of an event that declares bough.yaml's stages and notices; the order of stages is
    kept, and nothing is left to defaults that depend on it."""
    protected = [short(branch) for branch in application.environments.protected]
    stages = {name: _words(stage) for name, stage in application.stages.items()}
    sources = upstreams(stages)
    return {
        "stages": [
            {"name": name, **_branches(stage, sources[name], protected), "from": sources[name]}
            for name, stage in stages.items()
        ],
        "gates": {name: _words(gate) for name, gate in application.gates.items()},
        "notices": words(application),
        "protected": protected,
    }


def _branches(stage: dict[str, Any], sources: list[str], protected: list[str]) -> dict[str, Any]:
    return {"branches": protected, **stage} if BRANCH in sources and protected else stage


def _words(model: Stage | Gate) -> dict[str, Any]:
    """A part of bough.yaml as it was written."""
    return model.model_dump(mode="json", by_alias=True, exclude_unset=True)


def _stage(told: Mapping[str, Any]) -> Stage:
    return Stage.model_validate({key: value for key, value in told.items() if key != "name"})
