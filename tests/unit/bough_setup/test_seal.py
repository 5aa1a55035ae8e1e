import hashlib
from pathlib import Path

import pytest

from bough_setup.seal import digest, finished


def test_the_digest_is_that_of_the_bytes_one_after_the_other(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("one")
    (tmp_path / "b").write_text("two")
    assert digest(tmp_path / "a", tmp_path / "b") == hashlib.sha256(b"onetwo").hexdigest()[:12]


def test_a_folder_appears_when_it_is_complete(tmp_path: Path) -> None:
    home = tmp_path / "engine"
    with finished(home) as draft:
        (draft / "program").touch()
        assert not home.exists()
    assert [path.name for path in home.iterdir()] == ["program"]
    assert not draft.exists()


def test_an_interruption_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        _interrupted(tmp_path / "engine")
    assert list(tmp_path.iterdir()) == []


def _interrupted(home: Path) -> None:
    with finished(home) as draft:
        (draft / "half").touch()
        raise KeyboardInterrupt


def test_what_a_killed_run_left_is_removed_first(tmp_path: Path) -> None:
    (tmp_path / "engine.part").mkdir()
    (tmp_path / "engine.part" / "old").touch()
    with finished(tmp_path / "engine"):
        pass
    assert list((tmp_path / "engine").iterdir()) == []
