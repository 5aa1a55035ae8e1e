"""Which files lie in memory only."""

from __future__ import annotations

import ctypes
import os
from pathlib import Path

# include/uapi/linux/magic.h
TMPFS, RAMFS = 0x01021994, 0x858458F6
_STATFS_SIZE = 256  # bytes; more than any Linux's struct statfs, which begins with the type


def in_memory(path: Path) -> bool:
    """Whether a file would lie on a tmpfs or a ramfs, when it and its folders were made."""
    there = next(folder for folder in (path, *path.parents) if os.path.exists(folder))
    return _filesystem(there) in (TMPFS, RAMFS)


def _filesystem(path: Path) -> int:
    statfs = ctypes.CDLL(None, use_errno=True).statfs
    answer = ctypes.create_string_buffer(_STATFS_SIZE)
    if statfs(os.fsencode(path), answer):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), str(path))
    return ctypes.c_ulong.from_buffer(answer).value & 0xFFFFFFFF
