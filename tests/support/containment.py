"""What a ledger means by "an entry with these facts", whichever keeps it."""

from typing import Any

Facts = dict[str, Any]

RECORDED: Facts = {
    **{"word": "ö", "number": 1, "flag": True, "nothing": None},
    **{"object": {"a": 1, "b": {"c": "d"}}, "list": ["x", "y", {"z": 1}]},
}
CASES: list[tuple[Facts, bool]] = [
    ({}, True),
    ({"word": "ö"}, True),
    ({"word": "Ö"}, False),
    ({"word": "ö", "number": 2}, False),
    ({"number": 1.0}, True),
    ({"number": True}, False),
    ({"number": "1"}, False),
    ({"flag": 1}, False),
    ({"nothing": None}, True),
    ({"missing": None}, False),
    ({"object": {"b": {}}}, True),
    ({"object": {"b": {"c": "e"}}}, False),
    ({"list": ["y", "x", "y"]}, True),
    ({"list": ("y",)}, True),
    ({"list": [{"z": 1}]}, True),
    ({"list": "x"}, False),
    ({"word": ["ö"]}, False),
]
