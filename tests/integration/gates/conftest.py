"""An environment that stands for a stage, and releases of its application."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from tests.support import witness
from tests.support.applications import Application

from bough.describe import describe
from bough.gates import Release, Subject
from bough.source import Source
from bough_components.local import builder
from bough_components.local.home import Home

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.platforms import Platform


@dataclass(frozen=True)
class Stage:
    """`slug` is its environment's; the application's checkout is on its branch."""

    home: Home
    application: Application
    slug: str

    def release(self, schema: str = "one") -> Release:
        """What is committed, built; `schema` is the revision that it is said to have."""
        source = Source.in_checkout(self.application.folder)
        spec = describe(source)
        images = {
            service.name: builder.ensure_image(self.home, service.build, print).partition("/")[2]
            for service in spec.services
            if service.build
        }
        record = {
            "application": spec.application,
            "commit": source.commit,
            "images": images,
            "schema": {"db": schema},
        }
        steps = {each.name: each.migrations for each in spec.databases if each.migrations}
        return Release(id=(source.commit * 2)[:64], record=record, migrations=steps)

    def subject(self, release: Release, **facts: Any) -> Subject:
        known = {"home": self.home, "stage": "test", "environment": self.slug, "report": print}
        return Subject(**{**known, "release": release, **facts})


@pytest.fixture(scope="module")
def home(platform: Platform) -> Iterator[Home]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BOUGH_HOME", str(platform.root))
        for name, value in platform.env.items():
            patch.setenv(name, value)
        yield Home.current()


@pytest.fixture(scope="module")
def stage(
    platform: Platform, home: Home, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage]:
    application = Application.create(tmp_path_factory.mktemp("gates") / "checkout", platform)
    slug = application.branch("feature/1-stage")
    application.up()
    yield Stage(home, application, slug)
    platform.bough("destroy", slug).ended()
    assert witness.left_of(platform, slug) == []


@pytest.fixture(scope="module")
def released(stage: Stage) -> Release:
    """What the stage serves."""
    return stage.release()
