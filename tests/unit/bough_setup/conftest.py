"""Quiet progress, and a checkout with engines so small that a shell script builds them."""

import io
from pathlib import Path

import pytest

from bough_setup.progress import Progress

# Does what the real commands do, as far as the folders are concerned.
GO = """#!/bin/sh
set -eu
echo "$@" >> "$0.calls"
case "$1" in
version) echo "go version go1.26.8 linux/amd64" ;;
mod) echo "{\\"Dir\\": \\"$MODULE_CACHE\\"}" ;;
install)
    echo "go: downloading example.org/thing v1.0.0"
    echo "example.org/thing/part"
    for package in "$@"; do :; done
    [ "$package" = broken ] && { echo "part.go:1: syntax error"; exit 1; }
    [ "$package" = slow ] && sleep 60
    mkdir -p "$GOBIN"
    [ "$package" = empty ] || echo "built with cgo $CGO_ENABLED" > "$GOBIN/thing"
    ;;
esac
"""


@pytest.fixture
def progress() -> Progress:
    return Progress("step", io.StringIO())


@pytest.fixture
def go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Go on PATH, and a cache of its own."""
    command = tmp_path / "bin" / "go"
    command.parent.mkdir()
    command.write_text(GO)
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{command.parent}:/usr/bin:/bin")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("MODULE_CACHE", str(tmp_path / "module"))
    return command


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A checkout with one engine's pins."""
    folder = tmp_path / "checkout" / "scripts" / "engines" / "thing"
    folder.mkdir(parents=True)
    (folder / "go.mod").write_text("module engines/thing\n")
    (folder / "go.sum").write_text("")
    return tmp_path / "checkout"
