"""The console script; it can say what is missing when nothing else can be imported."""

from __future__ import annotations

import sys


def main() -> None:
    try:
        from bough_secrets.run.cli import run
    except ModuleNotFoundError as error:
        missing = f"The package {(error.name or '').partition('.')[0]!r} is missing. Install bough-secrets[run]."
        sys.exit(f"bough-run: {missing}")
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
