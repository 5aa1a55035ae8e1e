"""The table that the bench prints: a line for each thing measured."""

from collections.abc import Iterable

from bough_bench import starts
from bough_bench.samples import Line, Verdict

ROLLOUTS = tuple(
    line
    for way in ("bough", "kamal-proxy")
    for line in (
        Line(f"{way}: rollouts", unit=""),
        Line(f"{way}, steady: requests", unit=""),
        Line(f"{way}, steady: failed", unit=""),
        Line(f"{way}, steady: p50", "direct: p50", unit="ms"),
        Line(f"{way}, steady: p99", "direct: p99", unit="ms"),
        Line(f"{way}, rolling out: requests", unit=""),
        Line(f"{way}, rolling out: websocket messages", unit=""),
        *(
            Line(f"{way}, rolling out: failed, {kind}", unit="")
            for kind in ("keep-alive", "new", "slow", "upload", "websocket", "events")
        ),
        Line(
            f"{way}, rolling out: failed",
            unit="",
            limit=0.0 if way == "bough" else None,
        ),
        Line(f"{way}, rolling out: p50", f"{way}, steady: p50", unit="ms"),
        Line(f"{way}, rolling out: p99", f"{way}, steady: p99", unit="ms"),
        Line(f"{way}, rolling out: slowest", unit="ms"),
    )
)
"""Of quick requests; the slow and the long ones say nothing about a proxy's speed."""

LINES = (
    Line("direct: requests", unit=""),
    Line("direct: p50", unit="ms"),
    Line("direct: p99", unit="ms"),
    *ROLLOUTS,
    Line("create: floor"),
    Line("create: bough up", "create: floor", times=3.0),
    Line("create: pulumi up", "create: floor"),
    Line("create: stack of its own", "create: floor"),
    Line("create: bough up", "create: stack of its own", times=0.25),
    Line("no-op: floor"),
    Line("no-op: bare pulumi up"),
    Line("no-op: bare pulumi up, no bough env", "no-op: bare pulumi up"),
    Line("no-op: bough up", "no-op: bare pulumi up", times=1.5),
    Line("no-op: pulumi up", "no-op: bare pulumi up", times=1.5),
    Line("release: floor"),
    Line("release: bough up", "release: floor"),
    Line("release: pulumi up", "release: floor"),
    Line("destroy: floor"),
    Line("destroy: bough destroy", "destroy: floor"),
    Line("destroy: pulumi destroy", "destroy: floor"),
    Line("destroy: stack of its own", "destroy: floor"),
    *(Line(f"start: {part}", unit="ms") for part in starts.PARTS),
    Line("start: whole", unit="ms"),
    Line("start: library", unit="ms", limit=150.0),
    Line("many: first environments"),
    Line("many: last environments", "many: first environments"),
    Line("many: first environments, in bare pulumi ups", unit=""),
    Line(
        "many: last environments, in bare pulumi ups",
        "many: first environments, in bare pulumi ups",
        times=1.3,
        unit="",
    ),
    *(
        line
        for way in ("in-process", "restarted")
        for line in (
            Line(f"{way}: rotations", unit=""),
            Line(f"{way}, steady: requests", unit=""),
            Line(f"{way}, steady: p99", unit="ms"),
            Line(f"{way}, rotating: requests", unit=""),
            Line(
                f"{way}, rotating: failed requests",
                unit="",
                limit=0.0 if way == "in-process" else None,
            ),
            Line(f"{way}, rotating: held over 1 s", unit=""),
            Line(
                f"{way}, rotating: p99",
                f"{way}, steady: p99",
                times=1.5 if way == "in-process" else None,
                unit="ms",
            ),
            Line(f"{way}, rotating: slowest", unit="ms"),
        )
    ),
    Line("memory: platform at rest", unit="MB", limit=600.0),
    Line("memory: one instance", unit="MB"),
    Line("memory: the engine's shim of one instance", unit="MB"),
    Line("memory: one more environment, beyond its instances", unit="MB", limit=10.0),
    Line("memory: stack of its own, beyond its instances", unit="MB"),
)


def table(verdicts: Iterable[Verdict]) -> str:
    rows = [("", "median", "ratio", "target", ""), *(_row(verdict) for verdict in verdicts)]
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    return "\n".join(_joined(row, widths) for row in rows)


def _row(verdict: Verdict) -> tuple[str, str, str, str, str]:
    ratio = "" if verdict.ratio is None else f"{verdict.ratio:.2f} x {verdict.against}"
    unit = verdict.unit if verdict.ratio is None else "x"
    target = "" if verdict.target is None else f"at most {verdict.target:g} {unit}".rstrip()
    met = {None: "", True: "met", False: "NOT MET"}[verdict.met]
    return verdict.name, f"{verdict.median:.2f} {verdict.unit}", ratio, target, met


def _joined(row: tuple[str, ...], widths: list[int]) -> str:
    name, median, *rest = row
    cells = [f"{name:<{widths[0]}}", f"{median:>{widths[1]}}"]
    cells += [f"{cell:<{width}}" for cell, width in zip(rest, widths[2:], strict=True)]
    return "  ".join(cells).rstrip()
