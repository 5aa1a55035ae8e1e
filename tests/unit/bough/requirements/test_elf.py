import struct
from pathlib import Path

import pytest

from bough.requirements.elf import PT_INTERP, is_static

PT_LOAD = 1


def elf(*segments: int, order: str = "<") -> bytes:
    """The headers of a 64-bit ELF program with these segments, and nothing else."""
    header = bytearray(64)
    header[:6] = b"\x7fELF\x02" + (b"\x01" if order == "<" else b"\x02")
    struct.pack_into(order + "Q", header, 32, 64)
    struct.pack_into(order + "HH", header, 54, 56, len(segments))
    return bytes(header) + b"".join(struct.pack(order + "I52x", kind) for kind in segments)


@pytest.mark.parametrize("order", ["<", ">"])
def test_a_program_without_a_loader_is_static(tmp_path: Path, order: str) -> None:
    (tmp_path / "program").write_bytes(elf(PT_LOAD, PT_LOAD, order=order))
    assert is_static(tmp_path / "program")


@pytest.mark.parametrize("order", ["<", ">"])
def test_a_program_that_names_a_loader_is_not(tmp_path: Path, order: str) -> None:
    (tmp_path / "program").write_bytes(elf(PT_LOAD, PT_INTERP, order=order))
    assert not is_static(tmp_path / "program")


@pytest.mark.parametrize("content", [b"", b"#!/bin/sh\n" + b"#" * 100, b"\x7fELF\x01" + b"\0" * 80])
def test_what_is_no_64_bit_program_is_not(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "program").write_bytes(content)
    assert not is_static(tmp_path / "program")
