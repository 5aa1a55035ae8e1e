"""Settings that instances read while they run: which layers there are, and which value wins."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bough.config.fields import (
    NAME,
    NAME_LENGTH,
    NAME_PHRASE,
    SETTING_NAME,
    SETTING_NAME_PHRASE,
    why_unstorable,
)
from bough_components import names
from bough_components.errors import NotFoundError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True)
class Layer:
    """`where` it holds, in words; `prefix` of its keys in Consul."""

    where: str
    prefix: str


@dataclass(frozen=True)
class Setting:
    """A value, and the layer that it comes from."""

    name: str
    value: str
    layer: Layer


def of_application(application: str) -> list[Layer]:
    return [Layer(f"application {application}", names.consul_application_config(application))]


def of_stage(application: str, stage: str) -> list[Layer]:
    own = Layer(f"stage {stage}", names.consul_stage_config(application, stage))
    return [*of_application(application), own]


def of_environment(slug: str, application: str, stage: str) -> list[Layer]:
    """Weakest first; the last one is where a value that is set by hand goes."""
    return [
        *of_stage(application, stage),
        Layer("bough.yaml", names.consul_config(slug)),
        Layer(f"environment {slug}", names.consul_overrides(slug)),
    ]


def effective(layers: Sequence[tuple[Layer, Mapping[str, str]]]) -> dict[str, Setting]:
    """What an instance finds, by name; a later layer wins."""
    found = {
        name: Setting(name, value, layer)
        for layer, values in layers
        for name, value in values.items()
    }
    return dict(sorted(found.items()))


def missing(name: str, layers: Sequence[Layer], known: Mapping[str, Setting]) -> NotFoundError:
    """What to say when a setting is not in the last layer."""
    happened = f"{name} is not set for {layers[-1].where}"
    if name in known:
        return NotFoundError(f"{happened}; its value comes from {known[name].layer.where}")
    return NotFoundError(happened, "see `bough config ls`")


def check_stage(stage: str) -> None:
    """`UsageError` when a stage cannot be called that."""
    if len(stage) > NAME_LENGTH or not re.fullmatch(NAME, stage):
        raise UsageError(f"--stage should be {NAME_PHRASE}, got {stage!r}")


def check(name: str, value: str = "") -> None:
    """`UsageError` when there can be no such setting."""
    if not re.fullmatch(SETTING_NAME, name):
        raise UsageError(f"KEY should be {SETTING_NAME_PHRASE}, got {name!r}")
    if why := why_unstorable(value):
        raise UsageError(f"the value of {name} cannot be stored: {why}", "nothing was changed")
