import json

import pytest

from bough.cli.output import emit, emit_one

ROWS = [
    {"environment": "main", "commit": "a" * 40, "url": None, "up": True},
    {"environment": "x" * 200, "commit": None, "url": "http://x", "up": False},
]


def test_rows_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    emit(ROWS, as_json=True)
    assert json.loads(capsys.readouterr().out) == ROWS
    emit([], as_json=True)
    assert json.loads(capsys.readouterr().out) == []


def test_rows_as_a_table_are_cut_nowhere(capsys: pytest.CaptureFixture[str]) -> None:
    emit(ROWS, as_json=False)
    head, *rows = capsys.readouterr().out.splitlines()
    assert head.split() == ["ENVIRONMENT", "COMMIT", "URL", "UP"]
    assert [row.split() for row in rows] == [
        ["main", "a" * 10, "-", "yes"],
        ["x" * 200, "-", "http://x", "no"],
    ]


def test_no_rows_print_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    emit([], as_json=False)
    assert capsys.readouterr().out == ""


def test_a_table_s_text_is_not_markup(capsys: pytest.CaptureFixture[str]) -> None:
    emit([{"branch": "fix/[red]x[/red]"}], as_json=False)
    assert "fix/[red]x[/red]" in capsys.readouterr().out


def test_one_thing(capsys: pytest.CaptureFixture[str]) -> None:
    emit_one(ROWS[0], as_json=True)
    assert json.loads(capsys.readouterr().out) == ROWS[0]
    emit_one(ROWS[0], as_json=False)
    assert capsys.readouterr().out.splitlines() == [
        "environment  main",
        f"commit       {'a' * 10}",
        "url          -",
        "up           yes",
    ]
