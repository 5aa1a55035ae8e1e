"""Folders of the cache that exist only when they are complete, named by what they were made of."""

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def digest(*files: Path) -> str:
    """First 12 hexadecimal digits of the SHA-256 of the files' bytes, one after the other."""
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


@contextmanager
def finished(home: Path) -> Iterator[Path]:
    """A folder to fill, which becomes `home` at the end; the caller holds the lock of `home`."""
    draft = home.with_name(home.name + ".part")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    try:
        yield draft
        draft.rename(home)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
