"""The kinds of value that bough.yaml is made of, each with the words that an error uses for it."""

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, Never

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    model_validator,
)
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from bough.gitref import why_refused

MEBIBYTE = 1024**2
MAX_VALUE = 512 * 1024
"""Bytes; https://developer.hashicorp.com/consul/docs/dynamic-app-config/kv"""
SHAPE = "shape"
BETWEEN_FIELDS = "between_fields"
_UNITS = {"M": MEBIBYTE, "G": 1024 * MEBIBYTE}
_SPANS = {"m": "minutes", "h": "hours", "d": "days"}
_MEMORY = r"([1-9][0-9]{0,6})([MG])"


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    @model_validator(mode="before")
    @classmethod
    def _absent_when_empty(cls, data: Any) -> Any:
        # A key whose whole content is commented out is null in YAML.
        if not isinstance(data, Mapping):
            return data
        known = spelt(cls)
        return {key: value for key, value in data.items() if value is not None or key not in known}


def spelt(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """A model's fields under the names that bough.yaml has for them."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


@dataclass(frozen=True)
class Should:
    """Replaces pydantic's words for whatever is wrong with a value by ``should be <phrase>``."""

    phrase: str

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.custom_error_schema(
            handler(source), SHAPE, custom_error_message=f"should be {self.phrase}"
        )


def wrong(message: str) -> Never:
    """For a validator that knows more than a Should: message goes before ``, got <value>``."""
    raise PydanticCustomError(SHAPE, "{message}", {"message": message})


def wrong_at(field: str, message: str) -> Never:
    """For a validator of a whole model: the problem is shown at one of its fields."""
    raise PydanticCustomError(BETWEEN_FIELDS, "{message}", {"message": message, "field": field})


def _text(value: object) -> object:
    # The reader makes numbers and booleans only of spellings that this gives back unchanged.
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int) else value


def _storable(value: str) -> str:
    if why := why_unstorable(value):
        wrong(f"should be text that Consul can hold ({why})")
    return value


def why_unstorable(value: str) -> str | None:
    """Why Consul cannot hold a setting's value, or None when it can."""
    try:
        size = len(value.encode())
    except UnicodeEncodeError:
        return "it is no UTF-8"
    return None if size <= MAX_VALUE else f"it has {size} bytes, the most is {MAX_VALUE}"


def _relative_path(value: str) -> str:
    path = posixpath.normpath(value)
    if not value or "\0" in value or path.startswith("/") or path.split("/")[0] == "..":
        raise ValueError
    return path


def _bytes(value: object) -> int:
    match = re.fullmatch(_MEMORY, value) if isinstance(value, str) else None
    if not match:
        raise ValueError
    size = int(match[1]) * _UNITS[match[2]]
    if size < 16 * MEBIBYTE:
        raise ValueError
    return size


def span(duration: str) -> timedelta:
    """What a Duration says; days of 24 hours."""
    return timedelta(**{_SPANS[duration[-1]]: int(duration[:-1])})


def _some(value: tuple[str, ...]) -> tuple[str, ...]:
    if not value:
        raise PydanticCustomError("too_short", "should not be empty")
    return value


def _regex(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        wrong(f"should be a regular expression ({error})")
    return value


def _branch_name(value: str) -> str:
    if reason := why_refused(value):
        wrong(f"should be a branch's name without refs/heads/ ({reason})")
    return value


NAME = r"[a-z][a-z0-9]*(-[a-z0-9]+)*"
NAME_LENGTH = 16
NAME_PHRASE = (
    "at most 16 of a-z, 0-9 and single '-', starting with a letter and not ending with '-'"
)

ApplicationName = Annotated[
    str,
    Field(pattern=r"^[a-z]([a-z0-9-]*[a-z0-9])?$", max_length=31, strict=True),
    Should("at most 31 of a-z, 0-9 and '-', starting with a letter and not ending with '-'"),
]
Name = Annotated[
    str,
    Field(pattern=f"^{NAME}$", max_length=NAME_LENGTH, strict=True),
    Should(NAME_PHRASE),
]
SecretName = Annotated[
    str,
    Field(pattern=f"^{NAME}$", max_length=48, strict=True),
    Should("at most 48 of a-z, 0-9 and single '-', starting with a letter and not ending with '-'"),
]
Text = Annotated[str, BeforeValidator(_text), Should("text")]
Command = Annotated[
    tuple[Annotated[str, BeforeValidator(_text)], ...],
    Field(min_length=1),
    Should('a list of words such as ["python", "-m", "notes"]'),
]
RelativePath = Annotated[
    str,
    BeforeValidator(_text),
    AfterValidator(_relative_path),
    Should("a relative path that stays inside the repository"),
]
UrlPath = Annotated[
    str,
    # the characters of RFC 3986 without "'": the edge's configuration quotes with it
    Field(pattern=r"^/[A-Za-z0-9/?:@!$&()*+,;=._~%-]*$", max_length=255),
    Should('a URL\'s path that starts with "/", such as /health/ready'),
]
Port = Annotated[int, Field(strict=True, ge=1, le=65535), Should("a whole number from 1 to 65535")]
Replicas = Annotated[int, Field(strict=True, ge=1, le=10), Should("a whole number from 1 to 10")]
Seconds = Annotated[
    int, Field(strict=True, ge=1, le=3600), Should("a whole number of seconds from 1 to 3600")
]
Memory = Annotated[
    int,
    BeforeValidator(_bytes),
    Should("memory such as 64M or 1G, at least 16M"),
    Field(json_schema_extra={"type": "string", "pattern": f"^{_MEMORY}$"}),
]
Duration = Annotated[
    str, Field(pattern="^[1-9][0-9]{0,4}[mhd]$"), Should("a duration such as 30m, 72h or 14d")
]
EMail = Annotated[
    str,
    Field(pattern=r"^[^@\s]+@[^@\s]+$", max_length=254),
    Should("an e-mail address such as ada@example.org"),
]
Regex = Annotated[str, AfterValidator(_regex)]
BranchName = Annotated[str, BeforeValidator(_text), AfterValidator(_branch_name)]
ArgumentName = Annotated[
    str,
    Field(pattern="^[A-Za-z_][A-Za-z0-9_]*$"),
    Should("the name of a build argument, such as BASE_IMAGE"),
]
SETTING_NAME = r"[A-Za-z][A-Za-z0-9_.-]{0,63}"
SETTING_NAME_PHRASE = "a setting's name: a letter, then at most 63 letters, digits, '_', '.' or '-'"
SettingName = Annotated[str, Field(pattern=f"^{SETTING_NAME}$"), Should(SETTING_NAME_PHRASE)]
SettingValue = Annotated[Text, AfterValidator(_storable)]
# with min_length pydantic would also count an item that is wrong as one that is not there
Some = AfterValidator(_some)
ImageReference = Annotated[
    str,
    Field(
        pattern=r"^([A-Za-z0-9.-]+(:[0-9]+)?/)?[a-z0-9]+([._/-]+[a-z0-9]+)*"
        r"(:[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?(@sha256:[0-9a-f]{64})?$",
        max_length=512,
    ),
    Should("an image reference such as python:3.13-slim"),
]
