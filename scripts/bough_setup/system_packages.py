"""The distribution's packages that bough's programs need beside Docker."""

import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bough.requirements.apparmor import find_apparmor
from bough.requirements.errors import RequirementError
from bough.requirements.finding import as_this_user
from bough_setup import apt
from bough_setup.progress import Progress

CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


@dataclass(frozen=True)
class SystemPackage:
    """A package, whether it is there, and whether bough works without it."""

    name: str
    present: bool
    needed: bool


def system_packages() -> list[SystemPackage]:
    on_debian = shutil.which("apt-get") is not None
    return [
        SystemPackage("git", shutil.which("git") is not None, needed=True),
        SystemPackage("ca-certificates", CERTIFICATES.exists() or not on_debian, needed=on_debian),
        SystemPackage("apparmor", find_apparmor().serves, needed=on_debian),
        SystemPackage("mmdebstrap", shutil.which("mmdebstrap") is not None, needed=False),
        # with which mmdebstrap works for users who are not root
        SystemPackage("uidmap", shutil.which("newuidmap") is not None, needed=False),
    ]


def provide_system_packages(progress: Progress) -> str:
    """Installs what is missing as root on Debian; else names the command for what is needed."""
    missing = [package for package in system_packages() if not package.present]
    needed = [package.name for package in missing if package.needed]
    others = [package.name for package in missing if not package.needed]
    if needed and not apt.may_install():
        command = as_this_user(f"{{sudo}}apt-get install -y {' '.join(needed)}")
        raise RequirementError(f"missing: {', '.join(needed)}", command)
    if needed:
        apt.install(needed, progress)
    if others and not _installed_too(others, progress):
        return f"without {', '.join(others)} (see bough doctor)"
    return f"installed {', '.join(needed + others)}" if missing else "present"


def _installed_too(names: list[str], progress: Progress) -> bool:
    if apt.may_install():
        with suppress(RequirementError):
            apt.install(names, progress)
            return True
    return False
