import stat
from pathlib import Path

import pytest

from bough_secrets import ConfigurationError
from bough_secrets.run.files import File, Files


def file(path: Path, text: str = "one", mode: int = 0o400) -> File:
    return File(path, text, mode, "restart")


def test_only_what_changed_is_written_again(tmp_path: Path) -> None:
    a, b = tmp_path / "x/a", tmp_path / "x/b"
    with Files() as files:
        files.write([file(a), file(b)])
        before = a.stat().st_ino
        assert files.write([file(a), file(b, "two")]) == [file(b, "two")]
        assert b.read_text() == "two"
        assert a.stat().st_ino == before
        assert files.write([file(a), file(b, "two")]) == []


def test_a_reader_keeps_the_file_that_it_opened(tmp_path: Path) -> None:
    with Files() as files:
        files.write([file(tmp_path / "a")])
        with (tmp_path / "a").open() as reader:
            files.write([file(tmp_path / "a", "two")])
            assert reader.read() == "one"


def test_modes(tmp_path: Path) -> None:
    with Files() as files:
        files.write([file(tmp_path / "x/a"), file(tmp_path / "x/b", mode=0o640)])
        modes = [stat.S_IMODE((tmp_path / "x" / name).stat().st_mode) for name in ("", "a", "b")]
    assert modes == [0o700, 0o400, 0o640]


def test_what_is_no_longer_wanted_goes_and_counts_as_a_change(tmp_path: Path) -> None:
    a, b = file(tmp_path / "a"), file(tmp_path / "b")
    with Files() as files:
        files.write([a, b])
        assert files.write([a]) == [b]
        assert [*tmp_path.iterdir()] == [a.path]


def test_what_could_not_be_made_this_time_stays(tmp_path: Path) -> None:
    a, b = file(tmp_path / "a"), file(tmp_path / "b")
    with Files() as files:
        files.write([a, b])
        assert files.write([a], complete=False) == []
        assert b.path.exists()


def test_nothing_is_left_but_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    with Files() as files:
        files.write([file(tmp_path / "mine/a"), file(tmp_path / "x/y/b")])
    assert [*tmp_path.rglob("*")] == [tmp_path / "mine"]
    assert files.write([file(tmp_path / "late")]) == []
    assert not (tmp_path / "late").exists()


def test_a_change_before_a_failure_is_told_after_it(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file where a folder is needed")
    first, second = file(tmp_path / "a"), file(tmp_path / "taken/b")
    with Files() as files:
        with pytest.raises(ConfigurationError, match=r"Cannot write .*taken/b \(Not a directory\)"):
            files.write([first, second])
        (tmp_path / "taken").unlink()
        assert files.write([first, second]) == [first, second]


def test_a_link_in_the_way_is_replaced_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "outside").write_text("kept")
    for name in ("a", ".a.new"):
        (tmp_path / name).symlink_to(tmp_path / "outside")
    with Files() as files:
        files.write([file(tmp_path / "a")])
        assert (tmp_path / "outside").read_text() == "kept"
        assert not (tmp_path / "a").is_symlink()


def test_a_text_is_not_printed(tmp_path: Path) -> None:
    assert "hunter2" not in repr(file(tmp_path, "hunter2"))
