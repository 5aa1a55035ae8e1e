"""Who runs this, by the operating system."""

from __future__ import annotations

import os
import pwd


def name() -> str:
    """The name of this process's user, which no environment variable changes."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        # a container's user may have none
        return str(os.getuid())
