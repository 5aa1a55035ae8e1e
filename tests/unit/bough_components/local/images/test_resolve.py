import time
from dataclasses import replace

import pytest
from docker import APIClient

from bough_components.errors import UnavailableError
from bough_components.local.images import Recipe, Workshop, resolve
from bough_components.local.images.build import tag_of
from bough_components.local.images.memory import Memory

from .conftest import DIGEST, IMAGE_ID, Engine

RECIPE = Recipe(name="tool", official="vendor/tool:1", dockerfile="RUN true\n")


def local_tag(workshop: Workshop) -> str:
    return tag_of(RECIPE, workshop, Memory(workshop.cache / "images.json"))


def test_pulled_and_pinned(engine: Engine, workshop: Workshop) -> None:
    engine.offers["python:3.12"] = 200
    image = resolve("docker.io/library/python:3.12", workshop)
    assert (image.reference, image.digest) == (f"python@{DIGEST}", DIGEST)
    assert image.origin == "pulled"
    assert "pull python:3.12" in engine.asked


def test_the_second_time_no_registry_is_asked(engine: Engine, workshop: Workshop) -> None:
    engine.offers["python:3.12"] = 200
    first = resolve("python:3.12", workshop)
    engine.asked.clear()
    assert resolve("python:3.12", workshop) == first
    assert engine.asked == ["images python:3.12"]


def test_an_image_that_was_loaded_is_pinned_by_its_id(engine: Engine, workshop: Workshop) -> None:
    engine.hold("python:3.12")
    assert resolve("python:3.12", workshop).reference == IMAGE_ID


def test_official_before_local(engine: Engine, workshop: Workshop) -> None:
    engine.hold(local_tag(workshop))
    engine.hold("vendor/tool:1", digests=(f"vendor/tool@{DIGEST}",))
    assert resolve(RECIPE, workshop).origin == "pulled"


def test_what_was_built_stays_in_use(engine: Engine, workshop: Workshop) -> None:
    engine.hold(local_tag(workshop), tool="yes")
    engine.offers["vendor/tool:1"] = 200
    image = resolve(RECIPE, workshop)
    assert (image.reference, image.digest) == (local_tag(workshop), IMAGE_ID)
    assert (image.origin, image.labels) == ("built", {"tool": "yes"})


def test_a_silent_registry_is_asked_once(engine: Engine, workshop: Workshop) -> None:
    engine.silent = 1.0
    for _ in range(2):
        started = time.monotonic()
        with pytest.raises(UnavailableError, match=r"docker load.*python:3\.11-slim-bookworm"):
            resolve("vendor/other:1", workshop)
        assert time.monotonic() - started < 0.9
    assert engine.asked.count("distribution vendor/other:1") == 1


def test_a_registry_that_fails_at_once_is_asked_again(engine: Engine, workshop: Workshop) -> None:
    with pytest.raises(UnavailableError, match="registry says 500"):
        resolve("vendor/other:1", workshop)
    engine.offers["vendor/other:1"] = 200
    assert resolve("vendor/other:1", workshop).origin == "pulled"


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_registry_that_refuses_one_image_is_reachable(
    engine: Engine, workshop: Workshop, status: int
) -> None:
    engine.offers |= {"vendor/other:1": status, "vendor/tool:2": 200}
    with pytest.raises(UnavailableError, match=f"vendor/other:1 .*registry says {status}"):
        resolve("vendor/other:1", workshop)
    assert resolve("vendor/tool:2", workshop).origin == "pulled"


def test_a_pull_that_breaks_is_no_image(engine: Engine, workshop: Workshop) -> None:
    engine.offers["vendor/tool:2"] = 200
    engine.broken_pull = True
    with pytest.raises(UnavailableError, match="unexpected EOF"):
        resolve("vendor/tool:2", workshop)


def test_a_missing_program_is_named(workshop: Workshop) -> None:
    needy = replace(RECIPE, binaries=("vault",))
    with pytest.raises(UnavailableError, match=r"vault .*bough doctor"):
        resolve(needy, workshop)


def test_no_engine(workshop: Workshop) -> None:
    nobody = APIClient("http://127.0.0.1:9", version="1.41")
    with pytest.raises(UnavailableError, match="engine does not answer"):
        resolve("python:3.12", replace(workshop, engine=nobody))
    nobody.close()
