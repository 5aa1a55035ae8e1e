import os
import stat
from pathlib import Path

import pytest

from bough_components.local import delivery


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "web-1-abcdef").mkdir()
    return tmp_path / "web-1-abcdef"


@pytest.fixture
def victim(tmp_path: Path) -> Path:
    path = tmp_path / "victim"
    path.write_text("mine")
    path.chmod(0o644)
    return path


def test_only_the_instance_s_user_reads_it(folder: Path) -> None:
    delivery.deliver(folder, "wrapped-token", "opaque")
    facts = (folder / "wrapped-token").stat()
    assert stat.S_IMODE(facts.st_mode) == 0o600
    assert facts.st_uid == (os.getuid() or 10001)
    assert delivery.read(folder, "wrapped-token") == "opaque"
    assert os.listdir(folder) == ["wrapped-token"]


def test_a_link_in_its_place_is_replaced_and_not_followed(folder: Path, victim: Path) -> None:
    (folder / "wrapped-token").symlink_to(victim)
    before = victim.stat()
    delivery.deliver(folder, "wrapped-token", "opaque")
    assert victim.read_text() == "mine"
    assert (victim.stat().st_uid, victim.stat().st_mode) == (before.st_uid, before.st_mode)
    assert not (folder / "wrapped-token").is_symlink()


def test_what_a_link_leads_to_is_not_read(folder: Path, victim: Path) -> None:
    (folder / "wanted").symlink_to(victim)
    assert delivery.read(folder, "wanted") is None


def test_a_pipe_keeps_nobody_waiting(folder: Path) -> None:
    os.mkfifo(folder / "wanted")
    assert delivery.read(folder, "wanted") == ""


def test_a_huge_file_is_read_in_part(folder: Path) -> None:
    (folder / "wanted").write_text("x" * 10_000_000)
    text = delivery.read(folder, "wanted")
    assert text is not None
    assert len(text) == 64 * 1024


def test_a_folder_that_became_a_link_is_refused(folder: Path, tmp_path: Path) -> None:
    folder.rmdir()
    folder.symlink_to(tmp_path)
    with pytest.raises(OSError, match=r"Not a directory|Too many levels"):
        delivery.deliver(folder, "wrapped-token", "opaque")


def test_nothing_to_read_or_withdraw(folder: Path) -> None:
    assert delivery.read(folder, "wanted") is None
    delivery.withdraw(folder, "wanted")
