"""What a migration gate says of several stages, and when it has nothing to try."""

from dataclasses import replace

from tests.unit.bough.gates import samples

from bough.gates import Serving
from bough.gates.migration import Migration, together
from bough.gates.verdict import failed, inconclusive, passed
from bough_components.local.home import Home

GATE = Migration(name="schema", need="db", command=("check",))
SERVES = passed("works", serves="revision-a", log=[])
NOBODY = passed("nothing serves there yet", log=[])


def test_the_older_revisions_that_a_new_schema_serves() -> None:
    verdict = together({"canary": SERVES, "production": NOBODY}, "revision-b")
    assert verdict.passed
    assert (verdict.evidence["revision"], verdict.evidence["serves"]) == (
        "revision-b",
        ["revision-a"],
    )
    assert verdict.why == "canary: works; production: nothing serves there yet"


def test_the_worst_stage_decides() -> None:
    fails, unknown = failed("broken", serves="revision-c"), inconclusive("no answer")
    assert together({"a": SERVES, "b": unknown}, "r").result == "INCONCLUSIVE"
    worst = together({"a": unknown, "b": fails, "c": SERVES}, "r")
    assert worst.result == "FAIL"
    assert worst.evidence["serves"] == ["revision-a"], "what failed serves nobody"


def test_with_nothing_to_try_it_is_inconclusive(home: Home) -> None:
    last = GATE.run(samples.subject(home))
    assert (last.result, last.why) == (
        "INCONCLUSIVE",
        "no stage follows, so there is no schema to try them on",
    )
    ahead = (Serving(stage="production", environment="notes-production", release=None),)
    without = replace(samples.release(), migrations={})
    none = GATE.run(samples.subject(home, release=without, ahead=ahead))
    assert (none.result, none.why) == ("INCONCLUSIVE", "the release has no migrations of db")
