"""What pydantic found wrong with a bough.yaml, in our words: one line each, path first."""

import json
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from bough.config.fields import BETWEEN_FIELDS, Should, spelt

Place = Sequence[int | str]

_SHAPES = {
    "model_type": "should be a mapping of keys",
    "dict_type": "should be a mapping of names",
    "tuple_type": "should be a list",
    "string_type": "should be text",
}


def problems(root: type[BaseModel], error: ValidationError) -> list[str]:
    # Pydantic also reports a default that it did not compute because another field is wrong.
    return [
        _line(root, details)
        for details in error.errors(include_url=False)
        if details["type"] != "default_factory_not_called"
    ]


def path(place: Place) -> str:
    """``services.web.command[1]``"""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place)
    return text.removeprefix(".")


def shown(value: object) -> str:
    """A value as an error quotes it: short, and never a whole tree."""
    if value is None:
        return "nothing"
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list" if value else "an empty list"
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else f"{text[:57]}..."


def suggestion(word: str, known: Sequence[str]) -> str:
    """``; did you mean "port"?``, or which words there are when none is near."""
    if near := get_close_matches(word, known, n=1):
        return f'; did you mean "{near[0]}"?'
    return f"; known: {', '.join(known)}" if known else ""


def _line(root: type[BaseModel], details: ErrorDetails) -> str:
    place, owner = _found(root, details["loc"])
    match details["type"]:
        case "missing":
            message = _missing(spelt(owner)[str(place[-1])])
        case "extra_forbidden":
            key = str(place[-1])
            message = f"unknown key{suggestion(key, [*spelt(owner)])}"
        case "too_short":
            message = "should not be empty"
        case kind if kind == BETWEEN_FIELDS:
            place = (*place, details["ctx"]["field"])
            message = details["msg"]
        case kind:
            is_key = place[-1] == "[key]"
            place = place[:-1] if is_key else place
            words = _SHAPES.get(kind, details["msg"])
            message = f"{'name ' if is_key else ''}{words}, got {shown(details['input'])}"
    return f"{path(place)}: {message}"


def _missing(field: FieldInfo) -> str:
    phrase = next((mark.phrase for mark in field.metadata if isinstance(mark, Should)), None)
    return f"is missing; should be {phrase}" if phrase else "is missing"


def _found(root: type[BaseModel], place: Place) -> tuple[Place, type[BaseModel]]:
    """The place as bough.yaml has it, without the kinds that pydantic adds, and the model that has,
    or should have, the field that it ends with."""
    model = owner = root
    clean: list[int | str] = []
    parts = list(place)
    while parts and (field := spelt(model).get(str(parts[0]))):
        owner = model
        clean.append(parts.pop(0))
        if get_origin(field.annotation) in (Mapping, tuple) and parts:
            clean.append(parts.pop(0))
        inside = {_kind(found): found for found in _models(field.annotation)}
        if len(inside) > 1 and parts and parts[0] in inside:
            model = inside[str(parts.pop(0))]
        elif len(inside) == 1:
            (model,) = inside.values()
    return (*clean, *parts), owner if not parts else model


def _models(annotation: Any) -> list[type[BaseModel]]:
    """Those in an annotation such as ``Mapping[Name, Service]`` or ``Task | None``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for inner in get_args(annotation) for model in _models(inner)]


def _kind(model: type[BaseModel]) -> str:
    """What tells a model from the others of its union."""
    field = model.model_fields.get("kind")
    return str(get_args(field.annotation)[0]) if field else ""
