import pytest
from hypothesis import given
from hypothesis import strategies as st

from bough_components.local.golden import Golden, key, nearest

ONE = {"m/1": "a"}
TWO = {"m/1": "a", "m/2": "b"}
FILES = st.dictionaries(st.sampled_from("abcde"), st.sampled_from("xyz"))


def golden(
    files: dict[str, str], database: str = "g", application: str = "notes", need: str = "db"
) -> Golden:
    return Golden(database=database, application=application, need=need, files=files)


NEAREST = [
    ("nothing there", [], TWO, None),
    ("the same files", [golden(TWO)], TWO, golden(TWO)),
    ("a base", [golden(ONE)], TWO, golden(ONE)),
    ("the largest base", [golden({}), golden(TWO), golden(ONE)], TWO, golden(TWO)),
    ("an empty base", [golden({})], TWO, golden({})),
    ("more than is wanted", [golden(TWO)], ONE, None),
    ("a file that changed", [golden({"m/1": "other"})], TWO, None),
    ("a file that is gone", [golden({"m/0": "z"})], TWO, None),
    ("another application's", [golden(TWO, application="shop")], TWO, None),
    ("another need's", [golden(TWO, need="cache")], TWO, None),
]


@pytest.mark.parametrize(
    ("goldens", "files", "expected"),
    [row[1:] for row in NEAREST],
    ids=[row[0] for row in NEAREST],
)
def test_nearest(goldens: list[Golden], files: dict[str, str], expected: Golden | None) -> None:
    assert nearest(goldens, "notes", "db", files) == expected


@given(st.lists(FILES), FILES)
def test_a_base_never_holds_what_is_not_wanted(
    there: list[dict[str, str]], files: dict[str, str]
) -> None:
    found = nearest([golden(each) for each in there], "notes", "db", files)
    usable = [each for each in there if each.items() <= files.items()]
    if found is None:
        assert usable == []
    else:
        assert found.files in usable
        assert len(found.files) == max(map(len, usable))


def test_a_key_is_stable_for_ever() -> None:
    # templates that exist are found by it
    assert key("notes", "db", TWO, [None, None])[:16] == "042c6dd961cbcec6"


def test_a_key_is_of_everything_that_shapes_a_database() -> None:
    step = {"service": "web", "command": ["migrate"]}
    different = {
        key("notes", "db", ONE, [step, None]),
        key("shop", "db", ONE, [step, None]),
        key("notes", "cache", ONE, [step, None]),
        key("notes", "db", TWO, [step, None]),
        key("notes", "db", {"m/1": "other"}, [step, None]),
        key("notes", "db", ONE, [None, step]),
        key("notes", "db", ONE, [{**step, "command": ["other"]}, None]),
    }
    assert len(different) == 7
    assert all(len(each) == 64 for each in different)


def test_a_key_does_not_depend_on_order() -> None:
    turned = dict(reversed(TWO.items()))
    assert key("notes", "db", turned, []) == key("notes", "db", TWO, [])
