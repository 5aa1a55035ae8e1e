"""What a stage should be, as it is told and remembered, and what the program makes of it."""

import json
from dataclasses import replace

import pytest
from tests.unit.bough.playing import Pulumi
from tests.unit.bough.release.naming import SLUG, image
from tests.unit.bough_components.recorder import Recorder, record

from bough import ledger, program, registry
from bough.release import deployment, releases
from bough.release.deployment import Deployment
from bough_components.errors import BoughError, RefusedError
from bough_components.local import running
from bough_components.local.home import Home
from bough_components.local.running import Running


def declare() -> Recorder:
    return record(lambda: program.declare(SLUG), SLUG)


def images(recorded: Recorder) -> dict[str, str]:
    """The digit of which each instance's image consists, by name."""
    return {each.name: each.inputs["image"][-1] for each in recorded.of("Instance")}


def test_what_is_told_is_what_is_heard(made: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    for each in (made, replace(made, canary=None)):
        monkeypatch.setenv(deployment.VARIABLE, each.tell()[deployment.VARIABLE])
        assert Deployment.told() == each
    monkeypatch.delenv(deployment.VARIABLE)
    assert Deployment.told() is None


def test_plain_pulumi_brings_back_both(home: Home, made: Deployment) -> None:
    made.remember(home)
    first = declare()
    assert images(first) == {"web-1": "a", "web-2": "b", "worker-1": "a", "worker-2": "b"}
    assert first.one("Schema").inputs["migrations"]["image"].endswith("b")
    known = registry.find(home, SLUG)
    assert known is not None
    assert Deployment.of(known) == made
    replace(made, canary=None).remember(home)
    assert images(declare()) == {"web-1": "a", "web-2": "a", "worker-1": "a", "worker-2": "a"}


def test_a_promotion_that_is_told_ends_what_is_remembered(
    home: Home, made: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.remember(home)
    wanted = replace(made, release=made.schema, canary=None)
    for name, value in wanted.tell().items():
        monkeypatch.setenv(name, value)
    assert images(declare()) == {"web-1": "b", "web-2": "b", "worker-1": "b", "worker-2": "b"}
    known = registry.find(home, SLUG)
    assert known is not None
    assert Deployment.of(known) == wanted


def test_the_record_of_a_stage_is_plain_json(home: Home, made: Deployment) -> None:
    made.remember(home)
    kept = json.loads((home.root / "environments" / f"{SLUG}.json").read_text())
    assert kept["canary"] == {"release": made.schema, "instances": 1, "share": 10}


def test_running_containers_are_of_exactly_these_releases(
    home: Home, made: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [
        Running(name=f"web-{digit}", service="web", images=frozenset({image(digit)}))
        for digit in "ab"
    ]
    monkeypatch.setattr(running, "instances", lambda *_: found)
    stable, trial = (releases.find(home, name).release for name in made.releases)
    deployment.require_running(home, SLUG, [stable, trial])
    with pytest.raises(RefusedError, match="web-b runs notes@sha256:bbb"):
        deployment.require_running(home, SLUG, [stable])
    found.append(Running(name="web-c", service="web", images=frozenset({image("c")})))
    with pytest.raises(RefusedError, match=f"{stable.short} and {trial.short} alone: web-c runs"):
        deployment.require_running(home, SLUG, [stable, trial])


def test_what_was_migrated_is_remembered_even_when_nothing_comes_of_it(
    home: Home, made: Deployment
) -> None:
    before = replace(made, schema=made.release, canary=None)
    before.remember(home)
    wanted = replace(made, release=made.schema, canary=None)
    wanted.remember_schema(home)
    known = registry.find(home, SLUG)
    assert known is not None
    assert Deployment.of(known) == replace(before, schema=wanted.schema)


def test_a_stage_goes_back_when_a_release_cannot_be_deployed(
    home: Home, made: Deployment, pulumi: Pulumi, lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deployment, "require_images", lambda *_: None)
    wanted = replace(made, release=made.schema, canary=None)
    pulumi.says("web does not start\n", status=1)
    with pytest.raises(BoughError, match="web does not start"):
        deployment.deploy(home, wanted, lines.append, rollback=False)
    ups = [call for call in pulumi.calls if call.startswith("up")]
    assert (len(ups), lines) == (1, []), "nothing served there before"

    before = replace(made, canary=None)
    before.remember(home)
    with pytest.raises(BoughError, match="web does not start"):
        deployment.deploy(home, wanted, lines.append, rollback=False)
    (said,) = [line for line in pulumi.environment if line.startswith(deployment.VARIABLE)]
    assert said.partition("=")[2] == before.tell()[deployment.VARIABLE]
    assert lines[0] == f"{SLUG} goes back to release {before.release[:12]}"
    assert "could not go back, `bough promote production" in lines[-1]
    first, second = ledger.events(home, "deployment failed")
    assert (first["migrated"], second["migrated"]) == (None, before.schema)
