"""What need not be found out twice: registries that did not answer, hashes of large files."""

import hashlib
import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock

UNREACHABLE_SECONDS = 3600.0


@dataclass(frozen=True)
class Memory:
    """One small JSON file, shared by processes. Losing it costs time, nothing else."""

    file: Path
    clock: Callable[[], float] = time.time

    def unreachable(self, registry: str) -> str | None:
        """Why this registry could not be reached within the last hour, or None."""
        known = self._read("unreachable").get(registry)
        if not known or not 0 <= self.clock() - known["at"] < UNREACHABLE_SECONDS:
            return None
        return str(known["why"])

    def remember_unreachable(self, registry: str, why: str) -> None:
        self._write("unreachable", registry, {"at": self.clock(), "why": why})

    def sha256(self, path: Path) -> str:
        """The file's SHA-256, read anew only when its size or time of change differ."""
        now = path.stat()
        seen = [now.st_size, now.st_mtime_ns, now.st_ino]
        known = self._read("sha256").get(str(path))
        if not known or known["seen"] != seen:
            with path.open("rb") as file:
                known = {"seen": seen, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}
            self._write("sha256", str(path), known)
        return str(known["sha256"])

    def _read(self, section: str) -> dict[str, Any]:
        return dict(self._everything().get(section, {}))

    def _everything(self) -> dict[str, Any]:
        try:
            everything = json.loads(self.file.read_text())
        except (FileNotFoundError, ValueError):
            return {}
        return everything if isinstance(everything, dict) else {}

    def _write(self, section: str, key: str, value: object) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{self.file}.lock"):
            everything = self._everything()
            everything.setdefault(section, {})[key] = value
            partial = self.file.with_suffix(".partial")
            partial.write_text(json.dumps(everything, indent=1))
            os.replace(partial, self.file)
