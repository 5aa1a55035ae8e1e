"""What a person reads before a promotion: all that differs and nothing else."""

from dataclasses import replace
from typing import Any

from bough.release.difference import difference
from bough.release.record import Release
from bough.release.releases import Known

RELEASE = Release(
    application="notes",
    commit="1",
    tree="2",
    images={"web": "notes@sha256:3"},
    configuration="4",
    schema={"db": "5"},
)
DESCRIPTION: dict[str, Any] = {
    "services": [{"name": "web", "memory": 64, "command": ["a", "b"]}],
    "config": {"size": "20"},
}


def test_the_same_release_has_no_difference() -> None:
    assert difference(Known(RELEASE, DESCRIPTION), Known(RELEASE, dict(DESCRIPTION))) == {}


def test_each_fact_is_named_by_its_path() -> None:
    services = [
        {"name": "web", "memory": 128, "command": ["a"]},
        {"name": "worker", "memory": 64},
    ]
    new = Known(
        replace(RELEASE, commit="9", images={"web": "notes@sha256:8"}),
        {"services": services, "config": {}},
    )
    assert difference(Known(RELEASE, DESCRIPTION), new) == {
        "commit": ("1", "9"),
        "config.size": ("20", None),
        "images.web": ("notes@sha256:3", "notes@sha256:8"),
        "services.web.command": (["a", "b"], ["a"]),
        "services.web.memory": (64, 128),
        "services.worker.memory": (None, 64),
        "services.worker.name": (None, "worker"),
    }
