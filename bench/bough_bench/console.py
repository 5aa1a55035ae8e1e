"""Progress on standard error; results alone go to standard output."""

import sys
import time

_start = time.monotonic()


def say(line: str) -> None:
    print(f"{time.monotonic() - _start:7.1f}s  {line}", file=sys.stderr, flush=True)
