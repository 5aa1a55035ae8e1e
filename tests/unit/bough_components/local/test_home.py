import json
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from bough_components.errors import BoughError
from bough_components.local.home import Home, Settings, write_private


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_settings_are_kept(home: Home) -> None:
    assert Home(home.root).settings == home.settings
    changed = Settings(name="other", ports={"edge": 80}, subnets="10.0.0.0/16")
    home.save(changed)
    assert home.settings == Home(home.root).settings == changed
    assert json.loads((home.root / "platform.json").read_text())["name"] == "other"


def test_without_settings(tmp_path: Path) -> None:
    home = Home(tmp_path / "nothing")
    assert not home.exists
    with pytest.raises(BoughError) as caught:
        _ = home.settings
    assert str(caught.value) == (
        f"there is no platform in {tmp_path}/nothing. run `bough platform up` first."
    )


def test_only_the_user_can_read(home: Home) -> None:
    previous = os.umask(0)
    try:
        folder = home.folder("keys/operator/deep")
        write_private(folder / "x", "secret")
        Home(home.root.parent / "second").save(home.settings)
    finally:
        os.umask(previous)
    assert mode(folder / "x") == 0o600
    for path in (folder, folder.parent, folder.parent.parent, home.root):
        assert mode(path) == 0o700
    assert mode(home.root.parent / "second") == 0o700
    assert mode(home.root / "platform.json") == 0o600


def test_a_folder_that_is_there_is_the_same(home: Home) -> None:
    assert home.folder("a/b") == home.folder("a/b") == home.root / "a/b"


@pytest.mark.parametrize("before", [None, "old"])
def test_a_private_file_is_replaced_whole(tmp_path: Path, before: str | None) -> None:
    path = tmp_path / "x"
    if before:
        path.write_text(before)
        path.chmod(0o644)
    write_private(path, "näw")
    assert path.read_text() == "näw"
    assert mode(path) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_reader_never_sees_a_part(tmp_path: Path) -> None:
    path = tmp_path / "x"
    write_private(path, "old")
    with path.open() as reader:
        write_private(path, "new")
        assert reader.read() == "old"
    assert path.read_text() == "new"


def test_a_write_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "x"
    write_private(path, "old")
    with pytest.raises(UnicodeEncodeError):
        write_private(path, "\udcff")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("value", ["{}", "{}/"])
def test_the_folder_is_the_variable_s(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("BOUGH_HOME", value.format(tmp_path))
    assert Home.current() == Home(tmp_path)


def test_a_relative_folder_is_made_absolute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BOUGH_HOME", "mine")
    assert Home.current().root == tmp_path / "mine"


@pytest.mark.parametrize("value", [None, ""])
def test_the_user_s_data_folder_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str | None
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.delenv("BOUGH_HOME", raising=False)
    if value is not None:
        monkeypatch.setenv("BOUGH_HOME", value)
    home = Home.current()
    assert home.root == tmp_path / "bough"
    assert home.default_name == "bough"


def test_platforms_side_by_side_have_other_names(tmp_path: Path) -> None:
    names = {Home(tmp_path / name).default_name for name in "abc"}
    assert len(names) == 3
    assert all(name.startswith("bough-") and len(name) == 12 for name in names)
    assert Home(tmp_path / "a").default_name == Home(tmp_path / "a").default_name


def test_what_must_not_outlive_the_machine_is_in_memory(home: Home) -> None:
    folder = Path("/dev/shm") / f"bough-{os.getuid()}" / "bough-test"  # noqa: S108
    assert home.memory == folder
    assert home.instance_memory("main", "web-1-x") == folder / "main/web-1-x"


@pytest.fixture
def remembering(home: Home) -> Iterator[Home]:
    """A platform whose folder in memory is no other test's."""
    home.save(Settings(name=f"bough-{uuid4().hex[:8]}"))
    yield home
    if home.memory.is_symlink():
        home.memory.unlink()
    shutil.rmtree(home.memory, ignore_errors=True)


def test_only_the_user_can_read_what_is_in_memory(remembering: Home) -> None:
    previous = os.umask(0)
    try:
        path = remembering.memory_folder("main", "web-1-x")
    finally:
        os.umask(previous)
    assert path == remembering.instance_memory("main", "web-1-x")
    for folder in (path, path.parent, remembering.memory):
        assert mode(folder) == 0o700
    (path / "kept").write_text("")
    assert remembering.memory_folder("main", "web-1-x") == path
    assert (path / "kept").exists()


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder to another user")
@pytest.mark.parametrize("inside", ["", "main"])
def test_another_user_s_folder_in_memory_is_refused(remembering: Home, inside: str) -> None:
    remembering.memory_folder("main", "web-1-x")
    taken = remembering.memory / inside
    os.chown(taken, 65534, 65534)
    with pytest.raises(BoughError) as caught:
        remembering.memory_folder("main", "web-2-x")
    assert str(caught.value) == (
        f"{taken} belongs to another user. find out why, then remove {taken}."
    )
    assert not remembering.instance_memory("main", "web-2-x").exists()


def test_a_folder_in_memory_that_leads_elsewhere_is_refused(
    remembering: Home, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    remembering.memory.parent.mkdir(mode=0o700, exist_ok=True)
    remembering.memory.symlink_to(elsewhere)
    with pytest.raises(BoughError, match="belongs to another user"):
        remembering.memory_folder("main", "web-1-x")
    assert list(elsewhere.iterdir()) == []


def test_a_credential_that_is_not_there_yet_names_the_mend(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    with pytest.raises(BoughError, match=r"operator/vault is missing") as raised:
        home.credential("operator/vault")
    assert "bough platform up" in str(raised.value)
    write_private(home.folder("keys/operator") / "vault", "opaque\n")
    assert home.credential("operator/vault") == "opaque"
