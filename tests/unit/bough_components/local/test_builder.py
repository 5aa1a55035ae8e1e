from dataclasses import replace

import pytest

from bough_components.local.builder import image_key
from bough_components.spec import Build

BUILD = Build(repository="/r", tree="t1", application="notes", args={"A": "1"}, bases={"B": "b:1"})
BASES = {"B": "b@sha256:1"}

OTHERS = [
    (replace(BUILD, tree="t2"), BASES, "w1"),
    (replace(BUILD, application="shop"), BASES, "w1"),
    (replace(BUILD, dockerfile="D"), BASES, "w1"),
    (replace(BUILD, target="runtime"), BASES, "w1"),
    (replace(BUILD, args={"A": "2"}), BASES, "w1"),
    (BUILD, {"B": "b@sha256:2"}, "w1"),
    (BUILD, BASES, "w2"),
]


def test_a_key_is_stable_for_ever() -> None:
    # a key that changes builds every image again
    assert image_key(BUILD, BASES, "w1") == "2bcb8be10914cd8aaa6d058af276c9fe"


@pytest.mark.parametrize(("build", "bases", "wheel"), OTHERS)
def test_whatever_goes_into_an_image_changes_its_key(
    build: Build, bases: dict[str, str], wheel: str
) -> None:
    assert image_key(build, bases, wheel) != image_key(BUILD, BASES, "w1")


@pytest.mark.parametrize(
    "build", [replace(BUILD, repository="/elsewhere"), replace(BUILD, bases={"B": "b:latest"})]
)
def test_where_it_was_read_and_how_a_base_was_called_do_not(build: Build) -> None:
    assert image_key(build, BASES, "w1") == image_key(BUILD, BASES, "w1")


def test_the_order_of_arguments_does_not() -> None:
    one, other = ({"A": "1", "C": "2"}, {"C": "2", "A": "1"})
    assert image_key(replace(BUILD, args=one), BASES, "w") == image_key(
        replace(BUILD, args=other), BASES, "w"
    )
