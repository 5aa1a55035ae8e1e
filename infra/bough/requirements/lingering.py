"""Whether what instances hold in memory outlives the session of the user who runs bough."""

import os
from pathlib import Path

from bough import user as users
from bough.requirements.finding import Finding

SYSTEMD = Path("/run/systemd/system")
LINGERING = Path("/var/lib/systemd/linger")
_FIRST_PERSON = 1000


def find_lingering(
    systemd: Path = SYSTEMD, lingering: Path = LINGERING, user: int | None = None
) -> Finding:
    """systemd-logind removes a person's files in /dev/shm with their last session, unless they
    linger; `user` is a numeric id."""
    person = (os.getuid() if user is None else user) >= _FIRST_PERSON
    if not (person and systemd.is_dir()):
        return Finding("not needed")
    if (lingering / users.name()).exists():
        return Finding("enabled")
    return Finding(None, "instances lose their logins when you log out, and are started anew")
