import json
from pathlib import Path

import pytest

from bough import secret_input
from bough_components.errors import UsageError


def test_one_field_is_what_came_without_the_last_newline() -> None:
    assert secret_input.read(b"hunter2\n", ("value",)) == {"value": "hunter2"}
    assert secret_input.read(b"two\nlines\n\n", ("key",)) == {"key": "two\nlines\n"}


def test_several_fields_are_an_object() -> None:
    data = json.dumps({"user": "u", "password": "p"}).encode()
    assert secret_input.read(data, ("user", "password")) == {"user": "u", "password": "p"}


@pytest.mark.parametrize("data", [b"", b"x", b"[]", b'{"user": "u"}', b'{"user":1,"x":2}'])
def test_another_object_is_refused_without_a_word_of_it(data: bytes) -> None:
    with pytest.raises(UsageError) as raised:
        secret_input.read(data, ("user", "password"))
    assert str(raised.value) == (
        'this should be a JSON object {"user": "…", "password": "…"}. nothing was changed.'
    )


def test_bytes_are_no_text() -> None:
    with pytest.raises(UsageError, match="UTF-8"):
        secret_input.read(b"\xff\xfe", ("value",))


def test_nothing_is_no_secret() -> None:
    with pytest.raises(UsageError, match=r"smtp\.value would be empty"):
        secret_input.checked("smtp", {"value": ""})


def test_too_much() -> None:
    secret_input.checked("smtp", {"value": "x" * secret_input.LARGEST})
    with pytest.raises(UsageError, match="larger than 512 KiB"):
        secret_input.checked("smtp", {"value": "x" * secret_input.LARGEST, "more": "x"})


def test_an_editor_works_in_memory_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = tmp_path / "editor"
    editor.write_text(
        f'#!/bin/sh\necho "$1" >{tmp_path}/where\necho draft >"$1~"\n'
        'sed -i \'s/"user": ""/"user": "u"/; s/"password": ""/"password": "p"/\' "$1"\n'
    )
    editor.chmod(0o755)
    monkeypatch.setenv("VISUAL", str(editor))
    values = secret_input.typed("smtp", ("user", "password"), edit=True)
    assert values == {"user": "u", "password": "p"}
    where = Path((tmp_path / "where").read_text().strip())
    assert where.is_relative_to("/dev/shm")  # noqa: S108
    assert not where.parent.exists()
