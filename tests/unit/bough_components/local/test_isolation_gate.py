"""Which neighbours a new environment is tried on."""

from bough_components import names
from bough_components.local.isolation_gate import neighbours


def test_a_few_others_that_will_be_there_in_a_minute() -> None:
    there = ["two", "own", names.scratch_slug("x"), "one", "three"]
    assert neighbours("own", there) == ["one", "three"]
    assert neighbours("own", ["own"]) == []
