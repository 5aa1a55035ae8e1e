"""Static secrets: values that a person types or bough makes, and that no repository ever holds."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from bough.config.fields import Model, Should


class Generator(Model):
    """How bough makes a value."""

    length: Annotated[
        int, Field(strict=True, ge=16, le=512), Should("a whole number from 16 to 512")
    ] = 32
    """Number of characters."""

    characters: Annotated[Literal["letters", "hex"], Should('"letters" (with digits) or "hex"')] = (
        "letters"
    )
    """What it is made of."""


class StaticSecret(Model):
    """A secret that services read while they run."""

    generate: Generator | None = None
    """Have bough make its value for each environment, and anew at a rotation. Without it, new
    environments get what `bough secrets set NAME --template` was told."""

    shared: bool = False
    """Whether `bough secrets copy` may take it from one environment into another."""


def _nothing_said(value: Any) -> Any:
    return {} if value is None else value


Secret = Annotated[StaticSecret, BeforeValidator(_nothing_said)]
