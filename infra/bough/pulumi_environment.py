"""The variables with which Pulumi works on a platform's stacks, started by bough or not."""

from __future__ import annotations

import secrets
import shlex
import sys
from typing import TYPE_CHECKING

from bough.requirements import engine_environment
from bough_components.local.home import write_private

if TYPE_CHECKING:
    from pathlib import Path

    from bough_components.local.home import Home

_PYTHON = """#!/bin/sh
# Pulumi lists all Python packages at every start, half a second long, to find plug-ins to fetch.
# Nothing here needs one.
case "$*" in
"-m pip list -v --format json") echo '[]' ;;
*) exec {python} "$@" ;;
esac
"""


def environment(home: Home) -> dict[str, str]:
    """The variables; `RequirementError` when Pulumi is missing."""
    return {
        **engine_environment(),
        "BOUGH_HOME": str(home.root),
        "PULUMI_HOME": str(home.folder("pulumi/home")),
        "PULUMI_BACKEND_URL": f"file://{home.folder('pulumi/state')}",
        "PULUMI_CONFIG_PASSPHRASE_FILE": str(_passphrase(home)),
        "PULUMI_PYTHON_CMD": str(_python(home)),
    }


def _passphrase(home: Home) -> Path:
    """Pulumi wants one for every stack; no state of ours holds a secret that it would protect."""
    path = home.folder("keys/operator") / "pulumi"
    if not path.exists():
        write_private(path, secrets.token_urlsafe(32))
    return path


def _python(home: Home) -> Path:
    path = home.folder("pulumi") / "python"
    text = _PYTHON.format(python=shlex.quote(sys.executable))
    if not path.exists() or path.read_text() != text:
        write_private(path, text)
        path.chmod(0o700)
    return path
