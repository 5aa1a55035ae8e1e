"""The one shape of every local resource: make it so, is it there, take it away.

A class derived from `Ensured` lives in an importable module, so that Pulumi's state holds a
reference to it and a later `pulumi destroy` runs today's code.
"""

import logging
from typing import Any, ClassVar

import pulumi
from pulumi.dynamic import (
    CreateResult,
    DiffResult,
    Resource,
    ResourceProvider,
    UpdateResult,
)

from bough_components.local.clients import engine_errors

Props = dict[str, Any]

# grpc would log every refusal with a traceback; the engine already prints its message.
logging.getLogger("grpc._server").setLevel(logging.CRITICAL)


class Ensured(ResourceProvider):
    """A resource that can be made any number of times with the same outcome.

    `replacing` names the inputs whose change needs a new resource beside the old one, `ignored`
    those that say how to make it rather than what it is, `outputs` what `ensure` adds.
    """

    serialize_as_secret_always: bool = False
    replacing: ClassVar[frozenset[str]] = frozenset()
    ignored: ClassVar[frozenset[str]] = frozenset()
    outputs: ClassVar[tuple[str, ...]] = ()

    def identity(self, props: Props) -> str:
        """The physical id of what `props` describe."""
        raise NotImplementedError

    def ensure(self, props: Props) -> Props:
        """Make it so, whatever is there already; return what was learned. No secrets."""
        raise NotImplementedError

    def present(self, props: Props) -> bool:  # noqa: ARG002
        """Whether it is still there; a cheap look, since every `pulumi up` asks."""
        return True

    def remove(self, props: Props) -> None:
        """Take it away; nothing there is success."""

    def create(self, props: Props) -> CreateResult:
        props = whole(props)
        with engine_errors():
            return CreateResult(self.identity(props), {**props, **self.ensure(props)})

    def update(self, _id: str, _olds: Props, news: Props) -> UpdateResult:
        news = whole(news)
        with engine_errors():
            return UpdateResult({**news, **self.ensure(news)})

    def delete(self, _id: str, props: Props) -> None:
        with engine_errors():
            self.remove(whole(props))

    def diff(self, _id: str, olds: Props, news: Props) -> DiffResult:
        unheeded = {"__provider", *self.ignored, *self.outputs}
        # Pulumi leaves out what is None, so an input that is gone has changed
        heeded = {*olds, *news} - unheeded
        changed = {key for key in heeded if news.get(key) != olds.get(key)}
        replaces = sorted(changed & self.replacing)
        return DiffResult(
            changes=bool(changed) or not self.present(whole(olds)),
            replaces=replaces,
            stables=[],
            delete_before_replace=False,
        )


def whole(value: Any) -> Any:
    """The same data with whole numbers as integers: Pulumi sends every number as a float."""
    if isinstance(value, dict):
        return {key: whole(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [whole(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


class LocalResource(Resource, module="bough", name="Local"):
    """A Pulumi resource served by an `Ensured` provider; its type is `dynamic/bough:<name>`."""

    provider: ClassVar[type[Ensured]]

    def __init_subclass__(cls, name: str) -> None:
        super().__init_subclass__(module="bough", name=name)

    def __init__(
        self, name: str, props: pulumi.Inputs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        unknown = dict.fromkeys(self.provider.outputs)
        super().__init__(self.provider(), name, {**unknown, **props}, opts)
