from pathlib import Path

import pytest

from bough_secrets.run.memory import in_memory


def test_what_does_not_exist_yet_lies_where_its_folder_lies(memory: Path) -> None:
    assert in_memory(memory)
    assert in_memory(memory / "a" / "b")


@pytest.mark.parametrize("path", ["/proc/a", "/sys/a/b"])
def test_other_file_systems_are_not_memory(path: str) -> None:
    assert not in_memory(Path(path))
