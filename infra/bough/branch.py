"""A git branch, and the one safe name made from it.

The function `slug` is a promise: environments are found by its result, so no release may ever
change it.
"""

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal, Self
from unicodedata import ucd_3_2_0

from bough.gitref import check_ref

MAX_LENGTH = 32  # AWS load balancers; https://docs.aws.amazon.com/elasticloadbalancing/
HASH_LENGTH = 7
# fmt: off
RESERVED = frozenset({
    "admin", "all", "any", "auth", "bough", "bridge", "consul", "default", "edge", "false",
    "golden", "haproxy", "head", "host", "internal", "local", "localhost", "none", "null",
    "platform", "postgres", "proxy", "rabbitmq", "registry", "root", "shared", "status",
    "system", "template", "true", "vault", "www",
})
# fmt: on

_SAFE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_LOOKS_HASHED = re.compile(rf"-[0-9][0-9a-z]{{{HASH_LENGTH - 1}}}\Z")
_BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Branch:
    """ref: the short name, without refs/heads/. slug: its safe name."""

    ref: str
    slug: str

    @classmethod
    def of(cls, ref: str) -> Self:
        """Raises UsageError when git would not accept the name."""
        return cls(short(ref), slug(ref))


def slug(ref: str) -> str:
    """The safe name of a branch: at most 32 of a-z, 0-9 and single '-', starting with a letter.

    A ref that is a safe name already is returned as it is; every other one ends in a hash of the
    ref, and nothing else ends like that. Raises UsageError when git would not accept the name.
    """
    name = short(ref)
    check_ref(name)
    if _is_literal(name):
        return name
    base = _readable(name)[: MAX_LENGTH - HASH_LENGTH - 1].rstrip("-")
    return f"{base}-{_hash(name)}"


def short(ref: str) -> str:
    return ref.removeprefix("refs/heads/")


def _is_literal(name: str) -> bool:
    return (
        len(name) <= MAX_LENGTH
        and _SAFE.fullmatch(name) is not None
        and _LOOKS_HASHED.search(name) is None
        and name not in RESERVED
        and not name.startswith("internal-")
    )


def _readable(name: str) -> str:
    plain = "".join(c for c in _normal("NFKD", name) if not ucd_3_2_0.combining(c))
    base = re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-").lower()
    if not base:
        return "b"
    # AWS refuses load balancers whose name starts with "internal-"; our hash may add the dash.
    return base if base[0].isalpha() and not f"{base}-".startswith("internal-") else f"b-{base}"


def _hash(name: str) -> str:
    # Below 10 * 36^6 the first of seven digits is 0-9, so that no ordinary word looks like a hash.
    text = _normal("NFC", name).encode("utf-8", "surrogatepass")
    number = int.from_bytes(sha256(text).digest()) % (10 * 36 ** (HASH_LENGTH - 1))
    digits = ""
    for _ in range(HASH_LENGTH):
        number, digit = divmod(number, 36)
        digits = _BASE36[digit] + digits
    return digits


def _normal(form: Literal["NFC", "NFKD"], text: str) -> str:
    # The frozen Unicode 3.2 tables: those of the running Python grow, and would change names.
    return ucd_3_2_0.normalize(form, text)
