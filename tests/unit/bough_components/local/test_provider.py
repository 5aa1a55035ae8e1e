import logging
from typing import Any, ClassVar

import pytest
import requests

from bough_components.errors import RefusedError, UnavailableError
from bough_components.local.provider import Ensured, Props, whole


class Things(Ensured):
    """Keeps what it ensures in a dictionary, as an engine would."""

    replacing = frozenset({"slug", "port"})
    ignored: ClassVar[frozenset[str]] = frozenset({"timeout"})
    outputs = ("address",)

    def __init__(self) -> None:
        self.there: dict[str, Props] = {}

    def identity(self, props: Props) -> str:
        return f"thing/{props['slug']}"

    def ensure(self, props: Props) -> Props:
        self.there[self.identity(props)] = props
        return {"address": "10.0.0.1"}

    def present(self, props: Props) -> bool:
        return self.identity(props) in self.there

    def remove(self, props: Props) -> None:
        self.there.pop(self.identity(props), None)


PROPS: Props = {"__provider": "x", "slug": "main", "port": 80.0, "size": [1.0], "timeout": 5.0}
MADE: Props = {**PROPS, "address": "10.0.0.1"}


@pytest.fixture
def things() -> Things:
    made = Things()
    made.create(PROPS)
    return made


def test_what_is_made_is_known_by_its_identity() -> None:
    things = Things()
    result = things.create(PROPS)
    assert result.id == "thing/main"
    assert result.outs == {**MADE, "port": 80, "size": [1], "timeout": 5}
    assert things.there["thing/main"]["port"] == 80


def test_making_twice_is_the_same(things: Things) -> None:
    first = things.create(PROPS)
    second = things.create(PROPS)
    assert (first.id, first.outs, len(things.there)) == (second.id, second.outs, 1)


def test_an_update_is_ensured_again(things: Things) -> None:
    result = things.update("thing/main", MADE, {**PROPS, "size": [2.0]})
    assert result.outs == {**MADE, "port": 80, "size": [2], "timeout": 5}
    assert things.there["thing/main"]["size"] == [2]


def test_what_is_gone_may_be_removed(things: Things) -> None:
    things.delete("thing/main", MADE)
    things.delete("thing/main", MADE)
    assert things.there == {}


DIFFS: list[tuple[str, Props, bool, list[str]]] = [
    ("nothing", {}, False, []),
    ("an input", {"size": [2.0]}, True, []),
    ("a new input", {"more": "x"}, True, []),
    ("an input that is gone", {"size": None}, True, []),
    ("a replacing one that is gone", {"port": None}, True, ["port"]),
    ("several that replace", {"slug": "other", "port": 81.0}, True, ["port", "slug"]),
    ("one that is ignored", {"timeout": 6.0}, False, []),
    ("one ignored that is gone", {"timeout": None}, False, []),
    ("the provider itself", {"__provider": "y"}, False, []),
    ("an output that is not known yet", {"address": "other"}, False, []),
]


@pytest.mark.parametrize(
    ("change", "changes", "replaces"), [row[1:] for row in DIFFS], ids=[row[0] for row in DIFFS]
)
def test_diff(things: Things, change: Props, changes: bool, replaces: list[str]) -> None:
    # Pulumi leaves out what is None
    news = {key: value for key, value in {**PROPS, **change}.items() if value is not None}
    result = things.diff("thing/main", MADE, news)
    assert (result.changes, result.replaces) == (changes, replaces)
    assert result.delete_before_replace is False


def test_what_vanished_is_made_again(things: Things) -> None:
    things.there.clear()
    result = things.diff("thing/main", MADE, PROPS)
    assert (result.changes, result.replaces) == (True, [])


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1.0, 1),
        (1.5, 1.5),
        (-0.0, 0),
        (float("inf"), float("inf")),
        (True, True),
        ("1.0", "1.0"),
        (None, None),
        ({"a": [1.0, {"b": 2.0}]}, {"a": [1, {"b": 2}]}),
        (float(256 * 1024**2), 268435456),
    ],
)
def test_whole(value: Any, expected: Any) -> None:
    made = whole(value)
    assert made == expected
    assert type(made) is type(expected)


def test_an_engine_s_silence_is_one_sentence() -> None:
    class Silent(Things):
        def ensure(self, props: Props) -> Props:
            raise requests.ConnectionError(f"refused {props['slug']}")

    for call in (
        lambda: Silent().create(PROPS),
        lambda: Silent().update("thing/main", MADE, PROPS),
    ):
        with pytest.raises(UnavailableError, match="does not answer"):
            call()


def test_what_we_foresaw_stays_what_it_is() -> None:
    class Full(Things):
        def ensure(self, props: Props) -> Props:
            raise RefusedError(f"no room for {props['slug']}")

    with pytest.raises(RefusedError, match="no room for main"):
        Full().create(PROPS)


def test_refusals_are_not_logged_with_a_traceback() -> None:
    assert not logging.getLogger("grpc._server").isEnabledFor(logging.ERROR)
