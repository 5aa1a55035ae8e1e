"""The console script; it can say what is missing when nothing else can be imported."""

from __future__ import annotations

import sys


def main() -> None:
    try:
        from bough_secrets.run.cli import run
    except ModuleNotFoundError as error:
        package = str(error.name).partition(".")[0]
        sys.exit(f"bough-run: The package {package!r} is missing. Install bough-secrets[run].")
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
