import pytest

from bough_components.spec import Build, Environment, Service

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
