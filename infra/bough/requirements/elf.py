"""Whether a program can be copied into a container image and still run there.

Layout of the headers: System V ABI, chapter 4 "Object files" (`Elf64_Ehdr`, `Elf64_Phdr`).
"""

import struct
from pathlib import Path

PT_INTERP = 3
HEADER_BYTES = 64
MOST_PROGRAM_HEADERS = 64


def is_static(program: Path) -> bool:
    """True for a 64-bit ELF program that needs no dynamic loader; False for all else."""
    with program.open("rb") as file:
        header = file.read(HEADER_BYTES)
        if len(header) < HEADER_BYTES or header[:5] != b"\x7fELF\x02":
            return False
        order = "<" if header[5] == 1 else ">"
        (offset,) = struct.unpack_from(order + "Q", header, 32)
        size, count = struct.unpack_from(order + "HH", header, 54)
        file.seek(offset)
        table = file.read(size * min(count, MOST_PROGRAM_HEADERS))
    kinds = (struct.unpack_from(order + "I", table, at)[0] for at in range(0, len(table), size))
    return PT_INTERP not in kinds
