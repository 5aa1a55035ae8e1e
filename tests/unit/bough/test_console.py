import re

import pytest

from bough.console import say, step


def test_every_line_has_the_time(capsys: pytest.CaptureFixture[str]) -> None:
    say("one\ntwo")
    said = capsys.readouterr()
    assert said.out == ""
    assert re.fullmatch(r" +\d+\.\ds  one\n +\d+\.\ds  two\n", said.err)


def test_a_step_ends_with_how_long_it_took(capsys: pytest.CaptureFixture[str]) -> None:
    with step("build"):
        say("inside")
    texts = [line.split("s  ", 1)[1] for line in capsys.readouterr().err.splitlines()]
    assert texts[:2] == ["build", "inside"]
    assert re.fullmatch(r"build: done in \d+\.\d s", texts[2])


def test_a_step_that_fails_is_not_called_done(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match="x"), step("build"):
        raise ValueError("x")
    assert "done" not in capsys.readouterr().err
