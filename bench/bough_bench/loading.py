"""A load in a process of its own: `python -m bough_bench.loading HOST PORT`, until its standard
input ends; prints what came of it as JSON."""

import json
import sys

from bough.load import driven

SLOW_CLIENTS = 2


def main() -> None:
    host, port = sys.argv[1], int(sys.argv[2])
    with driven(host, port, "/") as load, driven(host, port, "/slow", SLOW_CLIENTS) as slow:
        sys.stdin.read()
    print(json.dumps({"load": load.facts(), "slow": slow.facts()}))


if __name__ == "__main__":
    main()
