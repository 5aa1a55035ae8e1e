"""Docker starts no container under a kernel with AppArmor unless it finds the profiles' parser."""

import shutil
from pathlib import Path

from bough.requirements.finding import Finding

ENABLED = Path("/sys/module/apparmor/parameters/enabled")
PARSER = "apparmor_parser"
_SYSTEM_FOLDERS = "/usr/sbin:/sbin"
"""Not on an ordinary user's PATH, but on the Docker engine's."""


def find_apparmor(enabled: Path = ENABLED, folders: str = _SYSTEM_FOLDERS) -> Finding:
    """`enabled` is the kernel's word; the parser only matters where that says Y."""
    try:
        asked = enabled.read_text().strip() == "Y"
    except OSError:
        asked = False
    if not asked:
        return Finding("not enabled")
    where = shutil.which(PARSER) or shutil.which(PARSER, path=folders)
    if where is None:
        return Finding(None, f"the kernel has it, and Docker finds no {PARSER}")
    return Finding("present", where=where)
