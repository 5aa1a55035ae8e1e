"""Runs a Pulumi program without an engine and keeps what it declared."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pulumi
from pulumi.runtime import mocks, rpc

OUTPUTS: dict[str, dict[str, Any]] = {
    "PlatformNetwork": {"subnet": "10.213.0.0/26"},
    "EnvironmentNetwork": {"subnet": "10.213.0.64/26"},
    "Route": {"url": "http://main.localhost:8080"},
}
"""What the providers would learn, by kind of resource; `Image` and `Instance` learn their own."""


@dataclass(frozen=True)
class Declared:
    """One resource: `kind` without Pulumi's prefix, `parent` and `after` by name."""

    kind: str
    name: str
    parent: str | None
    after: frozenset[str]
    inputs: dict[str, Any]

    @property
    def text(self) -> str:
        return json.dumps(self.inputs)


@dataclass
class Recorder(mocks.Mocks):
    """Answers as the providers do when all goes well."""

    declared: dict[str, Declared] = field(default_factory=dict)

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[str, Any], None]:
        raise AssertionError(f"the program asks {args.token} something")

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        kind = _kind(args.typ)
        learned = OUTPUTS.get(kind, {})
        if kind == "Image":
            learned = {"reference": f"127.0.0.1:5000/{args.name}@sha256:{args.inputs['tree']}"}
        if kind == "Instance":
            learned = {"instance": f"{args.name}-0a1b2c", "address": f"address-of-{args.name}"}
        return f"{args.name}-id", {**args.inputs, **learned}

    def of(self, kind: str) -> list[Declared]:
        return [each for each in self.declared.values() if each.kind == kind]

    def one(self, kind: str) -> Declared:
        (found,) = self.of(kind)
        return found

    def after(self, name: str) -> set[str]:
        """Everything that must be there before `name` is made, near and far."""
        found: set[str] = set()
        waiting = [name]
        while waiting:
            new = self.declared[waiting.pop()].after - found
            found |= new
            waiting += new
        return found


class _Monitor(mocks.MockMonitor):
    def __init__(self, recorder: Recorder) -> None:
        super().__init__(recorder)
        self._recorder = recorder

    def RegisterResource(self, request: Any) -> Any:
        if request.type != "pulumi:pulumi:Stack":
            inputs = {
                key: value
                for key, value in rpc.deserialize_properties(request.object).items()
                if key != "__provider"
            }
            self._recorder.declared[request.name] = Declared(
                kind=_kind(request.type),
                name=request.name,
                parent=_name(request.parent),
                after=frozenset(filter(None, map(_name, request.dependencies))),
                inputs=inputs,
            )
        return super().RegisterResource(request)  # type: ignore[no-untyped-call]


def record(program: Callable[[], object], stack: str, *, preview: bool = False) -> Recorder:
    """What `program` declares for `stack`; names are unique in each of our programs."""
    recorder = Recorder()
    # Pulumi takes the thread's current loop, which whoever ran before may have taken away
    asyncio.set_event_loop(_loop())
    monitor = _Monitor(recorder)
    mocks.set_mocks(recorder, project="bough", stack=stack, preview=preview, monitor=monitor)

    def run() -> None:
        program()

    pulumi.runtime.test(run)()  # type: ignore[no-untyped-call]
    return recorder


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """One for all programs, never closed: what they declared may hold on to it."""
    return asyncio.new_event_loop()


def _kind(token: str) -> str:
    return token.rpartition(":")[2]


def _name(urn: str) -> str | None:
    """The resource's name in a URN; None for the stack."""
    return None if "pulumi:pulumi:Stack" in urn.split("::")[2:3] else urn.rpartition("::")[2]
