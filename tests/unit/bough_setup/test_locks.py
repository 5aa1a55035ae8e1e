import fcntl
import threading
from pathlib import Path

from bough_setup.locks import locked
from bough_setup.progress import Progress


def test_the_second_waits_for_the_first(tmp_path: Path, progress: Progress) -> None:
    order: list[str] = []

    def second() -> None:
        with locked(tmp_path / "locks" / "thing", progress):
            order.append("second")

    with locked(tmp_path / "locks" / "thing", progress):
        other = threading.Thread(target=second)
        other.start()
        other.join(0.1)
        order.append("first")
    other.join()
    assert order == ["first", "second"]


def test_the_lock_is_given_back(tmp_path: Path, progress: Progress) -> None:
    with locked(tmp_path / "thing", progress):
        pass
    with (tmp_path / "thing").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        assert not file.closed
