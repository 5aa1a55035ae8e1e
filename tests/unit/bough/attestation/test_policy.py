"""What must have been attested of a release before it may go on."""

from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.bough.attestation.signing import (
    NAME,
    NOON,
    NOTES,
    OTHER,
    WEB,
    WORKER,
    Signer,
)

from bough.attestation.evidence import Evidence
from bough.attestation.policy import DIGITS, Policy, verify_release
from bough.attestation.predicates import GATE, RELEASE, release_record
from bough_components.errors import UnverifiedError

OURS = Signer()
UNIT = Policy(gates={"test": ["unit"]})


def stands(*evidence: Evidence, policy: Policy = UNIT, now: datetime = NOON) -> list[str]:
    found = verify_release(evidence, OURS.keys, NAME, policy, now)
    assert found.release == NOTES
    return [each.attestation for each in found.statements]


def refused(*evidence: Evidence, policy: Policy = UNIT, release: str = NAME) -> str:
    with pytest.raises(UnverifiedError) as error:
        verify_release(evidence, OURS.keys, release, policy, NOON)
    assert error.value.message.startswith(f"the evidence of release {release[:12]} ")
    assert error.value.hint
    return "\n".join(error.value.problems)


def test_a_record_and_a_verdict() -> None:
    record, verdict = OURS.record(), OURS.verdict()
    assert stands(record, verdict) == [record.name, verdict.name]
    assert stands(verdict, record) == [verdict.name, record.name]


def test_the_name_is_the_record_s_hash() -> None:
    assert verify_release([OURS.record()], OURS.keys, NAME[:DIGITS], Policy()).release == NOTES
    for wrong in (NAME[: DIGITS - 1], "", "f" * DIGITS, NAME + "0"):
        assert "missing: the record of that release" in refused(OURS.record(), release=wrong)


def test_no_record() -> None:
    assert "missing: the record" in refused(OURS.verdict())
    assert "missing: the record" in refused()


def test_a_record_that_another_key_signed() -> None:
    theirs = Signer()
    said = refused(theirs.record(), OURS.verdict())
    assert f"not trusted ({theirs.id})" in said
    assert "missing: the record" in said


def test_a_record_that_lies_about_its_name() -> None:
    forged = release_record(replace(NOTES, commit="9" * 40))
    lie = OURS.state(RELEASE, {**forged, "release": NAME})
    assert "missing: the record" in refused(lie, OURS.verdict())


def test_a_record_stated_of_other_images() -> None:
    for images in ({"web": OTHER}, {"web": WEB}, {"web": WEB, "worker": WORKER, "x": OTHER}):
        lie = OURS.state(RELEASE, release_record(NOTES), images)
        assert "missing: the record" in refused(lie, OURS.verdict())


@pytest.mark.parametrize(
    "record",
    [
        None,
        [],
        {},
        {**asdict(NOTES), "images": None},
        {**asdict(NOTES), "images": {"web": 1}},
        {**asdict(NOTES), "more": 1},
        {key: value for key, value in asdict(NOTES).items() if key != "tree"},
    ],
)
def test_a_record_of_another_form(record: Any) -> None:
    odd = OURS.state(RELEASE, {"release": NAME, "record": record})
    assert "missing: the record" in refused(odd)


@pytest.mark.parametrize(
    "other",
    [{"stage": "staging"}, {"gate": "api"}, {"release": "f" * 64}, {"images": {"web": WEB}}],
)
def test_a_verdict_on_something_else(other: dict[str, Any]) -> None:
    said = refused(OURS.record(), OURS.verdict(**other))
    assert said == "missing: a verdict of gate unit in stage test"


def test_a_verdict_moved_from_another_release() -> None:
    moved = OURS.verdict(images={"web": OTHER})
    said = refused(OURS.record(), OURS.verdict(), moved)
    assert said == f"{moved.name} is about other images: {OTHER}"


def test_an_image_may_be_part_of_several_releases() -> None:
    other = replace(NOTES, configuration="4" * 64)
    failed = OURS.verdict("FAIL", release=other.id)
    record, verdict = OURS.record(), OURS.verdict()
    assert stands(OURS.record(other), failed, record, verdict) == [record.name, verdict.name]


@pytest.mark.parametrize("verdict", ["FAIL", "INCONCLUSIVE", "pass", "", "PASS "])
def test_whatever_is_no_pass(verdict: str) -> None:
    said = refused(OURS.record(), OURS.verdict(verdict))
    assert said == f"gate unit in stage test said {verdict}: a reason"


def test_the_newest_verdict_counts() -> None:
    record, before, now = OURS.record(), NOON - timedelta(hours=1), NOON
    assert "said FAIL" in refused(record, OURS.verdict("FAIL", at=now), OURS.verdict(at=before))
    assert stands(record, OURS.verdict("FAIL", at=before), OURS.verdict(at=now))
    for pair in ("FAIL", "PASS"), ("PASS", "FAIL"):
        assert "said FAIL" in refused(record, *(OURS.verdict(each, at=now) for each in pair))


def test_every_gate_that_is_wanted() -> None:
    policy = Policy(gates={"test": ["unit", "api"], "staging": ["unit"], "canary": []})
    said = refused(OURS.record(), OURS.verdict(), policy=policy)
    assert said.splitlines() == [
        "missing: a verdict of gate api in stage test",
        "missing: a verdict of gate unit in stage staging",
    ]


def test_without_a_list_every_gate_that_spoke() -> None:
    record, passed = OURS.record(), OURS.verdict()
    assert stands(record, passed, policy=Policy())
    assert "gate api in stage test said FAIL" in refused(
        record, passed, OURS.verdict("FAIL", gate="api"), policy=Policy()
    )
    assert stands(record, OURS.verdict("FAIL"), policy=Policy(gates={}))


def test_a_verdict_that_expired() -> None:
    policy = Policy(gates={"test": ["unit"]}, maximum_age=timedelta(days=1))
    fresh = OURS.verdict(at=NOON - timedelta(hours=23))
    assert stands(OURS.record(), fresh, policy=policy)
    said = refused(OURS.record(), OURS.verdict(at=NOON - timedelta(hours=25)), policy=policy)
    assert said.startswith("expired: gate unit in stage test said PASS at 2026-11-20T11:00")


def test_a_verdict_without_a_time_is_older_than_any() -> None:
    predicate = {"release": NAME, "stage": "test", "gate": "unit", "verdict": "PASS"}
    for at in (None, 1, "yesterday"):
        timeless = OURS.state(GATE, {**predicate, "at": at})
        assert stands(OURS.record(), timeless)
        assert "said FAIL" in refused(OURS.record(), timeless, OURS.verdict("FAIL"))
        aged = Policy(gates={"test": ["unit"]}, maximum_age=timedelta(days=9999))
        assert "expired" in refused(OURS.record(), timeless, policy=aged)
    local = OURS.state(GATE, {**predicate, "at": "2026-11-21T12:00:00"})
    assert stands(OURS.record(), local, now=datetime(2026, 11, 21, 12, tzinfo=UTC))


def test_other_statements_that_are_wanted() -> None:
    policy = Policy(predicate_types=["https://cyclonedx.org/bom"])
    bill = OURS.state("https://cyclonedx.org/bom", {"components": []}, {"web": WEB})
    assert stands(OURS.record(), bill, policy=policy)
    shared = OURS.state("https://cyclonedx.org/bom", {}, {"web": WEB, "other": OTHER})
    for evidence in ([], [shared]):
        said = refused(OURS.record(), *evidence, policy=policy)
        assert said == "missing: a statement of type https://cyclonedx.org/bom"


def test_what_was_changed_is_refused_even_where_the_rest_suffices() -> None:
    broken = Evidence("line 3", OURS.verdict("FAIL").content.replace(b"A", b"B"))
    assert "line 3 was changed" in refused(OURS.record(), OURS.verdict(), broken)


@given(st.lists(st.binary(max_size=100), max_size=3))
def test_nonsense_is_refused(lines: list[bytes]) -> None:
    refused(*(Evidence(f"line {number}", line) for number, line in enumerate(lines)))


@given(st.permutations(range(4)), st.integers(0, 3))
def test_the_order_does_not_matter_and_nothing_may_be_left_out(
    order: list[int], left_out: int
) -> None:
    gates = ["a", "b", "c"]
    evidence = [OURS.record(), *(OURS.verdict(gate=gate) for gate in gates)]
    policy = Policy(gates={"test": gates})
    assert stands(*(evidence[each] for each in order), policy=policy)
    del evidence[left_out]
    assert "missing" in refused(*evidence, policy=policy)
