"""Two releases in one stage: what is declared of both."""

from dataclasses import replace

import pytest

from bough.release import beside
from bough.release.canary import Canary
from bough_components.errors import RefusedError
from bough_components.spec import Database, Environment, Queue, Secret, Service

WEB = Service(
    name="web",
    build=None,
    image="old",
    command=None,
    port=80,
    health="/",
    replicas=3,
    memory=1,
    needs=("db",),
    start_timeout=1,
    stop_timeout=1,
)
WORKER = replace(WEB, name="worker", port=None, health=None, replicas=1)
DB = Database(name="db", migrations=None, seed=None, files={}, users=("web", "worker"))
STABLE = Environment(
    slug="notes-production",
    ref="stage:production",
    application="notes",
    commit="c",
    services=(WEB, WORKER),
    databases=(DB,),
    route="web",
    config={"size": "1"},
    stage="production",
)
NEW = tuple(replace(each, image="new") for each in STABLE.services)
TRIAL = replace(STABLE, services=NEW)
CANARY = Canary(release="r" * 64, instances=1, share=10)


def tried(trial: Environment = TRIAL, canary: Canary = CANARY) -> Environment:
    return beside.environment(STABLE, trial, canary=canary)


def numbers(made: Environment) -> dict[str, tuple[int, int]]:
    """Of each service, how many instances are of which release."""
    assert made.canary
    own = {each.name: each.replicas for each in made.canary.services}
    return {each.name: (each.replicas, own.get(each.name, 0)) for each in made.services}


@pytest.mark.parametrize(
    ("instances", "expected"),
    [
        (1, {"web": (2, 1), "worker": (1, 0)}),
        (2, {"web": (1, 2), "worker": (1, 0)}),
    ],
)
def test_one_of_each_stays(instances: int, expected: dict[str, tuple[int, int]]) -> None:
    made = tried(canary=replace(CANARY, instances=instances))
    assert numbers(made) == expected
    assert {each.image for each in made.services} == {"old"}
    assert made.canary
    assert {each.image for each in made.canary.services} == {"new"}
    assert (made.canary.release, made.canary.share) == ("r" * 12, 10)


def test_more_than_there_is_to_take_out_is_refused() -> None:
    with pytest.raises(RefusedError) as caught:
        tried(canary=replace(CANARY, instances=3))
    assert str(caught.value) == (
        "notes-production has 3 of web, of which at least one stays with the release that serves:"
        " 3 cannot become a canary. name fewer with --instances, or more under"
        " stages.production.replicas in bough.yaml."
    )


def test_workers_alone() -> None:
    stable, trial = (
        replace(each, services=(replace(each.services[1], replicas=2),), route=None)
        for each in (STABLE, TRIAL)
    )
    many = replace(CANARY, instances=9)
    assert numbers(beside.environment(stable, trial, canary=many)) == {"worker": (1, 1)}
    stable = replace(stable, services=(WORKER,))
    with pytest.raises(RefusedError, match="has 1 of worker, of which at least one stays"):
        beside.environment(stable, trial, canary=CANARY)


def test_a_service_that_only_one_of_them_has() -> None:
    mail = replace(WORKER, name="mail", image="new", replicas=5)
    assert numbers(tried(replace(TRIAL, services=(*NEW, mail)))) == {
        "web": (2, 1),
        "worker": (1, 0),
        "mail": (0, 1),
    }
    assert numbers(tried(replace(TRIAL, services=NEW[:1]))) == {"web": (2, 1), "worker": (1, 0)}


def test_each_service_may_use_what_either_release_needs() -> None:
    web = replace(NEW[0], needs=("jobs",), secrets=("smtp",))
    smtp = Secret(name="smtp", generate=None, shared=False)
    jobs = Queue(name="jobs", users=("web",))
    made = tried(replace(TRIAL, services=(web, NEW[1]), queues=(jobs,), secrets=(smtp,)))
    assert made.service("web").needs == ("db", "jobs")
    assert made.uses()["web"] == {"needs": ["db", "jobs"], "secrets": ["smtp"]}
    assert (made.queues, made.secrets) == ((jobs,), (smtp,))
    assert made.databases == (DB,)


@pytest.mark.parametrize(
    "trial",
    [
        replace(TRIAL, route="worker"),
        replace(TRIAL, services=(replace(NEW[0], health="/ready"), NEW[1])),
    ],
)
def test_another_way_in_is_refused(trial: Environment) -> None:
    with pytest.raises(RefusedError, match="its way in is another than that of what notes-prod"):
        tried(trial)
