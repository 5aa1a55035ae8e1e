"""An application's image as a resource: its digest is all that the rest of the program sees."""

from __future__ import annotations

from typing import Any

import pulumi

from bough_components.local.home import Home
from bough_components.local.provider import Ensured, LocalResource, Props
from bough_components.spec import Build


class ImageProvider(Ensured):
    """Inputs: those of `spec.Build`. Output: reference, `host/application@sha256:…`.

    Images stay in the registry when an environment goes: other environments share them.
    """

    ignored = frozenset({"repository"})
    outputs = ("reference",)

    def identity(self, props: Props) -> str:
        return f"{props['application']}@{props['tree']}"

    def ensure(self, props: Props) -> Props:
        from bough_components.local import builder

        # Pulumi leaves out what is None
        facts: dict[str, Any] = {name: props.get(name) for name in Build.__dataclass_fields__}
        return {"reference": builder.ensure_image(Home.current(), Build(**facts), _silent)}


class Image(LocalResource, name="Image"):
    provider = ImageProvider
    reference: pulumi.Output[str]


def _silent(_line: str) -> None:
    """`bough up` has built the image before and showed its log; here only the digest matters."""
