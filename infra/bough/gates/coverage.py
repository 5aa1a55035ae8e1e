"""Reading how much of a program its tests run, from a Cobertura report: what every language's
tools can write. https://cobertura.github.io/cobertura/"""

from __future__ import annotations

from dataclasses import dataclass

FILE = "coverage.xml"
MOST = 32 << 20
"""Bytes that a report may have."""


class UnreadableError(Exception):
    """str(): what is wrong with the report."""


@dataclass(frozen=True)
class Coverage:
    """Lines that can be run, and those of them that were."""

    valid: int
    covered: int

    @property
    def percent(self) -> float:
        return 100 * self.covered / self.valid


def read(text: str) -> Coverage:
    """The totals of a report. Raises `UnreadableError` when it is none, or is about nothing."""
    import defusedxml
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        root = fromstring(text)
        valid, covered = (int(root.attrib[name]) for name in ("lines-valid", "lines-covered"))
    except (ParseError, defusedxml.DefusedXmlException) as error:
        raise UnreadableError(f"it is no sound XML: {error}") from None
    except KeyError as error:
        raise UnreadableError(f"it has no {error.args[0]}") from None
    except ValueError:
        raise UnreadableError("its totals are no whole numbers") from None
    if valid <= 0:
        raise UnreadableError("it is about no line at all")
    if not 0 <= covered <= valid:
        raise UnreadableError(f"it says that {covered} of {valid} lines were run")
    return Coverage(valid, covered)
