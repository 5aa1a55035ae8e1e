import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bough.requirements.engines import ENGINES
from bough_setup.main import INTERRUPTED, main, steps

ROOT = Path(__file__).resolve().parents[3]


def test_what_takes_minutes_comes_last() -> None:
    names = list(steps(ROOT))
    assert names[:3] == ["system-packages", "python-packages", "docker"]
    assert names[3:] == [engine.name for engine in ENGINES]


def test_an_unknown_step_is_refused_with_those_that_exist(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(ROOT, ["engine"]) == 1
    error = capsys.readouterr().err
    assert "no step engine" in error
    assert "python-packages" in error


def test_what_cannot_be_had_is_two_lines_and_exit_1(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    assert main(ROOT, ["docker"]) == 1
    lines = capsys.readouterr().err.strip().splitlines()
    assert lines[0].startswith("bootstrap: Docker >= 20.10 is needed")
    assert lines[1].startswith("  to mend: ")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_with_a_line_that_says_how_to_go_on(
    number: signal.Signals, tmp_path: Path
) -> None:
    go = tmp_path / "go"
    go.write_text('#!/bin/sh\n[ "$1" = version ] && echo go1.26.8 || sleep 60\n')
    go.chmod(0o755)
    environment = os.environ | {
        "PATH": f"{tmp_path}:/usr/bin:/bin",
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
    }
    child = subprocess.Popen(
        [sys.executable, ROOT / "scripts" / "bootstrap", "consul"],
        env=environment,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    while not list(tmp_path.glob("cache/bough/engines/*.part")):
        time.sleep(0.02)
    child.send_signal(number)
    _, error = child.communicate(timeout=20)
    assert child.returncode == INTERRUPTED
    assert "run it again to go on" in error
    assert not list(tmp_path.glob("cache/bough/engines/*.part"))
