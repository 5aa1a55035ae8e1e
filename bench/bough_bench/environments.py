"""Creating, leaving alone, updating and destroying an environment, each way in turn."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from bough_bench import memory
from bough_bench.application import Application
from bough_bench.console import say
from bough_bench.floor import Floor
from bough_bench.plain import Pulumi
from bough_bench.samples import Samples
from bough_bench.sandbox import run_bough
from bough_bench.stack import Stack
from bough_components.local.home import Home

Action = tuple[str, Callable[[], object]]
BY_BOUGH, BY_PULUMI = "by-bough", "by-pulumi"


@dataclass(frozen=True, kw_only=True)
class Ways:
    """Bough, plain Pulumi and the floor, on one platform and the same two images."""

    home: Home
    application: Application
    floor: Floor
    plain: Pulumi
    bare: Pulumi
    untuned: Pulumi
    images: tuple[str, str]

    def life(self, samples: Samples, number: int) -> None:
        """One life of an environment, timed; every other round goes in the other order."""
        for release, step in ((0, self._creations), (0, self._idle), (1, self._updates)):
            self.application.point(BY_BOUGH, release)
            self.application.check_out(BY_PULUMI, release)
            _in_turn(samples, step(), number)
        _in_turn(samples, self._destructions(), number)

    def bough(self, *arguments: str) -> None:
        run_bough(self.home, self.application.folder, *arguments)

    def _creations(self) -> list[Action]:
        return [
            ("create: floor", lambda: self.floor.create(self.images[0])),
            ("create: bough up", lambda: self.bough("up", BY_BOUGH)),
            ("create: pulumi up", lambda: self.plain.create(BY_PULUMI)),
        ]

    def _idle(self) -> list[Action]:
        return [
            ("no-op: floor", self.floor.look),
            ("no-op: bare pulumi up", lambda: self.bare.up("bare")),
            ("no-op: bare pulumi up, no bough env", lambda: self.untuned.up("bare")),
            ("no-op: bough up", lambda: self.bough("up", BY_BOUGH)),
            ("no-op: pulumi up", lambda: self.plain.up(BY_PULUMI)),
        ] * 2

    def _updates(self) -> list[Action]:
        return [
            ("release: floor", lambda: self.floor.update(self.images[1])),
            ("release: bough up", lambda: self.bough("up", BY_BOUGH)),
            ("release: pulumi up", lambda: self.plain.up(BY_PULUMI)),
        ]

    def _destructions(self) -> list[Action]:
        return [
            ("destroy: floor", self.floor.destroy),
            ("destroy: bough destroy", lambda: self.bough("destroy", BY_BOUGH)),
            ("destroy: pulumi destroy", lambda: self.plain.destroy(BY_PULUMI)),
        ]


def stack_life(samples: Samples, stack: Stack, number: int) -> None:
    """A stack with engines of its own, made and taken away; its memory meanwhile."""
    stack = replace(stack, folder=stack.folder / str(number))
    samples.time("create: stack of its own", stack.create)
    engines = [each for each in stack.containers() if "web" not in str(each.name)]
    samples.keep("memory: stack of its own, beyond its instances", memory.resident(engines))
    samples.time("destroy: stack of its own", stack.destroy)


def _in_turn(samples: Samples, actions: list[Action], number: int) -> None:
    for name, action in actions if number % 2 == 0 else reversed(actions):
        try:
            samples.time(name, action)
        except Exception:
            say(f"{name}: failed")
            raise
