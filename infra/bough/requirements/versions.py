"""Version numbers, as far as comparing dependencies needs them."""

import re
from dataclasses import dataclass

NUMBER = re.compile(r"\d+(?:\.\d+)+")


def first_version(text: str) -> str | None:
    """The first dotted number in a program's `--version` output, e.g. `1.21.2`."""
    found = NUMBER.search(text)
    return found.group() if found else None


def parts(version: str) -> tuple[int, ...]:
    """`"1.21.2+ent"` → `(1, 21, 2)`; what follows the dotted number is ignored."""
    found = re.match(r"\d+(?:\.\d+)*", version)
    return tuple(int(part) for part in found.group().split(".")) if found else ()


@dataclass(frozen=True)
class Range:
    """Versions from `minimum` on, and before `below` where one is given."""

    minimum: str
    below: str = ""

    def __contains__(self, version: object) -> bool:
        if not isinstance(version, str) or parts(version) < parts(self.minimum):
            return False
        return not self.below or parts(version) < parts(self.below)

    def __str__(self) -> str:
        return f">= {self.minimum}" + (f", < {self.below}" if self.below else "")
