import json
from dataclasses import asdict

import pytest

from bough_components.spec import (
    Build,
    Database,
    Environment,
    Queue,
    Service,
    Step,
    from_data,
)

BUILD = Build(repository="/r", tree="t", application="notes", args={}, bases={})
WEB = Service(
    name="web",
    build=BUILD,
    command=None,
    port=80,
    health="/",
    replicas=1,
    memory=1,
    needs=(),
    start_timeout=1,
    stop_timeout=1,
)


def test_a_service_by_its_name() -> None:
    environment = Environment(
        slug="main",
        ref="main",
        application="notes",
        commit="c",
        services=(WEB,),
        databases=(),
        route="web",
    )
    assert environment.service("web") is WEB
    with pytest.raises(KeyError, match="nope"):
        environment.service("nope")


def test_what_was_written_down_is_the_same_again() -> None:
    step = Step(service="web", command=("migrate",))
    environment = Environment(
        slug="main",
        ref="main",
        application="notes",
        commit="c",
        services=(WEB,),
        databases=(Database(name="db", migrations=step, seed=None, files={"m": "1"}, users=()),),
        route="web",
        config={"a": "b"},
        queues=(Queue(name="jobs", users=("web",)),),
    )
    assert from_data(json.loads(json.dumps(asdict(environment)))) == environment
