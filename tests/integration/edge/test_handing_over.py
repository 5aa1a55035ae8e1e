"""One edge takes the place of another, and nothing is dropped."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from tests.support import witness
from tests.support.edges import failures, instance, traffic
from tests.support.waiting import until

from bough_components.errors import BoughError
from bough_components.local.edge import container, control, draining

if TYPE_CHECKING:
    from tests.support.edges import Edge

pytestmark = pytest.mark.timeout(180)


def edges(made: Edge) -> list[str]:
    label = f"label=bough.platform={made.home.settings.name}"
    return witness.docker("ps", "-a", "--format", "{{.ID}}", "--filter", label).split()


def test_nothing_is_dropped(made: Edge) -> None:
    (before,) = edges(made)
    with instance("one") as one, instance("two") as two:
        made.route(one.server)
        with traffic(made.port) as found:
            until(lambda: draining.in_flight(made.home, one.server) > 10, 20, "traffic")
            made.ensure(settings="another")
            assert before in edges(made)
            # its clients are told of changes where they are
            made.route(two.server)
            assert not control.workers(made.home)[0].leaving
            until(lambda: made.ask().text == "two", 5, "served by the new one")
            time.sleep(3)
        assert failures(found) == {}
        # the old edge ends with its last client
        until(lambda: not ended_edges_left(made), 30, "the old one is gone")
        assert len(edges(made)) == 1
        assert before not in edges(made)


def ended_edges_left(made: Edge) -> bool:
    container.sweep(made.home)
    return len(edges(made)) > 1


def test_one_that_cannot_start_leaves_the_old_one(made: Edge) -> None:
    before = edges(made)
    with instance("one") as one:
        made.route(one.server)
        file = made.home.root / "edge/configuration/waiting.lua"
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(container, "_START_SECONDS", 3)
            patch.setattr("bough_components.local.edge.rendering.waiting", lambda: "this is no Lua")
            with pytest.raises(BoughError, match="the old one still does"):
                made.ensure(settings="broken")
        assert file.read_text() == "this is no Lua"
        assert edges(made) == before
        assert made.ask().text == "one"
        made.ensure(settings="mended")
        assert made.ask().text == "one"
