import json
import pickle

import pytest

from bough_secrets import Sensitive

SECRET = Sensitive("hunter2")


@pytest.mark.parametrize("shown", [str(SECRET), repr(SECRET), f"{SECRET:>9}", f"{[SECRET]}"])
def test_is_never_shown(shown: str) -> None:
    assert "***" in shown
    assert "hunter2" not in shown


def test_is_revealed_on_request() -> None:
    assert SECRET.reveal() == "hunter2"


def test_equals_the_same_text_only() -> None:
    assert Sensitive("hunter2") == SECRET
    assert Sensitive("hunter3") != SECRET
    assert SECRET != "hunter2"
    assert len({SECRET, Sensitive("hunter2")}) == 1


def test_leaves_the_process_neither_as_json_nor_as_pickle() -> None:
    with pytest.raises(TypeError):
        json.dumps(SECRET)
    with pytest.raises(TypeError, match="clear text"):
        pickle.dumps(SECRET)
