import os
from pathlib import Path

from bough_components.local.images.memory import UNREACHABLE_SECONDS, Memory


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_registry_is_unreachable_for_an_hour(tmp_path: Path) -> None:
    clock = Clock()
    memory = Memory(tmp_path / "cache" / "images.json", clock)
    memory.remember_unreachable("docker.io", "no such host")
    clock.now += UNREACHABLE_SECONDS - 1
    assert memory.unreachable("docker.io") == "no such host"
    assert memory.unreachable("ghcr.io") is None
    clock.now += 1
    assert memory.unreachable("docker.io") is None


def test_a_time_in_the_future_is_not_believed(tmp_path: Path) -> None:
    clock = Clock()
    memory = Memory(tmp_path / "images.json", clock)
    memory.remember_unreachable("docker.io", "no such host")
    clock.now -= 1
    assert memory.unreachable("docker.io") is None


def test_hashes_follow_the_file(tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.write_text("one")
    memory = Memory(tmp_path / "images.json")
    first = memory.sha256(program)
    assert first == "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed"
    program.write_text("other")
    assert memory.sha256(program) != first


def test_an_unchanged_file_is_not_read_again(tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.write_text("one")
    before = program.stat()
    memory = Memory(tmp_path / "images.json")
    first = memory.sha256(program)
    program.write_text("two")
    os.utime(program, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert memory.sha256(program) == first


def test_a_damaged_file_is_as_good_as_none(tmp_path: Path) -> None:
    file = tmp_path / "images.json"
    file.write_text('{"unreachable": ')
    memory = Memory(file)
    assert memory.unreachable("docker.io") is None
    memory.remember_unreachable("docker.io", "no such host")
    assert memory.unreachable("docker.io") == "no such host"
