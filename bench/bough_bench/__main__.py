"""`make bench`: what environments cost, as ratios measured in one run on a platform of its own."""

import argparse
import json
import sys
from dataclasses import asdict

from bough_bench import report, rollouts, rotation, starts
from bough_bench.console import say
from bough_bench.environments import stack_life
from bough_bench.preparing import prepare
from bough_bench.samples import Samples, judge
from bough_bench.sandbox import sandbox
from bough_components.local.home import Home


def main() -> int:
    arguments, samples = _arguments(), Samples()
    try:
        with sandbox() as home:
            if arguments.rollouts:
                rollouts.measure(home, samples, arguments.rollouts, arguments.requests)
            elif arguments.rotations:
                folder = home.root.parent / "rotating"
                rotation.measure(home, folder, samples, arguments.rotations, arguments.requests)
            else:
                measure(home, arguments, samples)
    except KeyboardInterrupt:
        say("interrupted")
        return 130
    verdicts = [verdict for line in report.LINES if (verdict := judge(samples, line))]
    if arguments.json:
        print(json.dumps([asdict(verdict) for verdict in verdicts], indent=2))
    else:
        print(report.table(verdicts))
    return 0


def measure(home: Home, arguments: argparse.Namespace, samples: Samples) -> None:
    """Everything, on a platform that is new and has no environment."""
    prepared = prepare(home, samples)
    for number in range(arguments.rounds):
        say(f"round {number + 1} of {arguments.rounds}")
        prepared.ways.life(samples, number)
        if number < arguments.stacks:
            stack_life(samples, prepared.stack, number)
    if arguments.starts:
        starts.measure(home, prepared.ways.application, samples, arguments.starts)
    if arguments.environments > 1:
        prepared.many.create(arguments.environments, samples)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    add = parser.add_argument
    add("--rounds", type=int, default=5, help="lives of an environment, each way (default: 5)")
    add("--stacks", type=int, default=3, help="of these, with a stack of its own (default: 3)")
    add("--starts", type=int, default=20, help="of an instance, in parts (default: 20)")
    add("--environments", type=int, default=50, help="side by side, at the end (default: 50)")
    add("--quick", action="store_true", help="one round, one stack, few of the others")
    add("--rotations", type=int, default=0, help="measure rotations instead, so many (target: 50)")
    add("--rollouts", type=int, default=0, help="measure rollouts instead, so many (target: 50)")
    add("--requests", type=int, default=200_000, help="and at least so many requests meanwhile")
    add("--json", action="store_true", help="print JSON")
    arguments = parser.parse_args()
    if arguments.quick:
        arguments.rounds, arguments.stacks = 1, 1
        arguments.starts, arguments.environments = 5, 6
    return arguments


if __name__ == "__main__":
    sys.exit(main())
