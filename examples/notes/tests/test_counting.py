import pytest
from notes.counting import words


@pytest.mark.parametrize(("text", "number"), [("", 0), ("one", 1), (" two\n words\t", 2)])
def test_counts_words(text: str, number: int) -> None:
    assert words(text) == number
