"""Examines everything that bough needs on this machine."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from bough.requirements.finding import Requirement, as_this_user

COLUMNS = ("", "dependency", "found", "needed", "to mend")


@dataclass(frozen=True)
class Checkup:
    """One dependency: what was found, what is needed, and the command that mends it."""

    name: str
    serves: bool
    found: str | None
    needed: str
    problem: str
    mend: str
    only: str
    where: str

    @property
    def fatal(self) -> bool:
        return not (self.serves or self.only)


def examine(requirement: Requirement) -> Checkup:
    finding = requirement.find()
    mend = "" if finding.serves else as_this_user(finding.mend or requirement.mend)
    return Checkup(
        name=requirement.name,
        serves=finding.serves,
        found=finding.version,
        needed=requirement.needed,
        problem=finding.problem,
        mend=mend,
        only=requirement.only,
        where=finding.where,
    )


def as_data(checkups: Iterable[Checkup]) -> list[dict[str, object]]:
    """For `--json`: one object a dependency."""
    return [asdict(checkup) | {"fatal": checkup.fatal} for checkup in checkups]


def as_table(checkups: Iterable[Checkup]) -> str:
    rows = [COLUMNS, *(_row(checkup) for checkup in checkups)]
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    lines = ("  ".join(c.ljust(w) for c, w in zip(r, widths, strict=True)) for r in rows)
    return "\n".join(line.rstrip() for line in lines)


def _row(checkup: Checkup) -> tuple[str, ...]:
    mark = "ok" if checkup.serves else "MISSING" if checkup.fatal else "-"
    needed = checkup.needed + (f" ({checkup.only})" if checkup.only else "")
    remedy = f"{checkup.mend}   [{checkup.problem}]" if checkup.mend else ""
    return (mark, checkup.name, checkup.found or "-", needed, remedy)
