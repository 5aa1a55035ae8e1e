"""A second release beside the first: which clients it gets, and that none is lost."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
import requests
from tests.support.edges import HOST, SLUG, failures, instance, traffic
from tests.support.waiting import until

from bough_components.errors import RefusedError
from bough_components.local import edge
from bough_components.local.edge import Canary, control, draining

if TYPE_CHECKING:
    from tests.support.edges import Edge

pytestmark = pytest.mark.timeout(180)
COOKIE = "bough-canary"


def cookie(number: int, release: str = "r2") -> dict[str, str]:
    return {"Cookie": f"theirs=1; {COOKIE}={release}:{number}"}


def test_the_share_of_clients(made: Edge) -> None:
    with instance("stable") as stable, instance("canary") as canary:
        made.route(stable.server, canary=Canary(release="r2", servers=[canary.server], share=20))
        answers = [made.ask().text for _ in range(1000)]
        # 200 are expected; six standard deviations are 76
        assert 124 < answers.count("canary") < 276
        assert set(answers) == {"stable", "canary"}


def test_a_client_stays_where_it_is(made: Edge) -> None:
    with instance("stable") as stable, instance("canary") as canary:
        trial = Canary(release="r2", servers=[canary.server], share=50)
        made.route(stable.server, canary=trial)
        for _ in range(10):
            with requests.Session() as session:
                answers = {asked(made, session) for _ in range(5)}
                assert len(answers) == 1
        assert made.ask(headers=cookie(4999)).text == "canary"
        assert made.ask(headers=cookie(5000)).text == "stable"
        assert COOKIE not in made.ask(headers=cookie(1)).cookies
        # a bigger share takes none of its clients away, a smaller one gives it none
        edge.set_share(made.home, SLUG, 60)
        assert made.ask(headers=cookie(4999)).text == "canary"
        assert made.ask(headers=cookie(5000)).text == "canary"
        edge.set_share(made.home, SLUG, 10)
        assert made.ask(headers=cookie(4999)).text == "stable"


def asked(made: Edge, session: requests.Session) -> str:
    answer = session.get(f"http://127.0.0.1:{made.port}/", headers={"Host": HOST}, timeout=10)
    # what is sent to an address is kept for the address
    if COOKIE in answer.cookies:
        session.headers["Cookie"] = f"{COOKIE}={answer.cookies[COOKIE]}"
    return answer.text


def test_every_release_draws_anew(made: Edge) -> None:
    with instance("stable") as stable, instance("canary") as canary:
        made.route(stable.server, canary=Canary(release="r3", servers=[canary.server], share=100))
        answer = made.ask(headers=cookie(1, release="r2"))
        assert answer.cookies[COOKIE].startswith("r3:")


@pytest.mark.parametrize("value", ["", "r2", "r2:", "r2:x", "r2:99999", ":", "r2:1:2", "é"])
def test_a_cookie_that_is_none_of_ours(made: Edge, value: str) -> None:
    with instance("stable") as stable, instance("canary") as canary:
        made.route(stable.server, canary=Canary(release="r2", servers=[canary.server], share=50))
        assert made.ask(headers={"Cookie": f"{COOKIE}={value}".encode().decode("latin-1")}).ok


@pytest.mark.parametrize("share", [0, 100])
def test_a_header_pins(made: Edge, share: float) -> None:
    with instance("stable") as stable, instance("canary") as canary:
        made.route(stable.server, canary=Canary(release="r2", servers=[canary.server], share=share))
        for word, expected in (("always", "canary"), ("never", "stable")):
            answer = made.ask(headers={"X-Bough-Canary": word})
            assert answer.text == expected
            assert COOKIE not in answer.cookies


def test_without_a_canary_there_is_no_cookie(made: Edge) -> None:
    with instance("stable") as stable:
        made.route(stable.server)
        answer = made.ask(headers={"X-Bough-Canary": "always"})
        assert (answer.text, COOKIE in answer.cookies) == ("stable", False)


def test_a_canary_that_is_not_ready_costs_nobody_anything(made: Edge) -> None:
    with instance("stable") as stable, instance("canary") as canary:
        made.route(stable.server, canary=Canary(release="r2", servers=[canary.server], share=100))
        assert made.ask().text == "canary"
        canary.become(ready=503)
        until(lambda: made.ask().text == "stable", 5, "the stable release serves all")


def test_other_environments_are_not_concerned(made: Edge) -> None:
    with instance("stable") as stable, instance("canary") as canary:
        made.route(stable.server, canary=Canary(release="r2", servers=[canary.server], share=100))
        edge.set_route(
            made.home,
            edge.Routing(slug="other", host="other.localhost", health="/", servers=[stable.server]),
        )
        answer = made.ask(host="other.localhost")
        assert (answer.text, COOKIE in answer.cookies) == ("stable", False)


def test_a_route_says_all_of_it(made: Edge) -> None:
    with instance("stable") as stable, instance("new") as new, instance("canary") as canary:
        trial = Canary(release="r2", servers=[canary.server], share=0)
        made.route(stable.server, canary=trial)
        made.route(new.server, canary=trial)
        assert made.ask(headers=edge.PINNED).text == "canary"
        assert made.ask().text == "new"
        made.route(new.server)
        assert made.ask(headers=edge.PINNED).text == "new"


def test_one_that_was_stopped_stays_so_until_it_is_gone(made: Edge) -> None:
    with instance("stable") as stable, instance("canary") as canary:
        trial = Canary(release="r2", servers=[canary.server], share=100)
        made.route(stable.server, canary=trial)
        assert made.ask().text == "canary"
        edge.stop_canary(made.home, SLUG)
        assert made.ask().text == "stable"
        # an update that was on its way
        made.route(stable.server, canary=trial)
        assert made.ask().text == "stable"
        with pytest.raises(RefusedError, match="was stopped, and is not gone yet"):
            edge.set_share(made.home, SLUG, 100)
        made.route(stable.server)
        made.route(stable.server, canary=trial)
        assert made.ask().text == "canary"


def test_without_a_canary_there_is_nothing_to_share(made: Edge) -> None:
    edge.set_share(made.home, "nobody", 50)
    edge.stop_canary(made.home, "nobody")
    assert edge.find(made.home, "nobody") is None
    with instance("stable") as stable:
        made.route(stable.server)
        edge.set_share(made.home, SLUG, 50)
        assert made.ask(headers=edge.PINNED).text == "stable"


def test_the_share_is_true_after_a_crash(made: Edge) -> None:
    with instance("stable") as stable, instance("canary") as canary:
        made.route(stable.server, canary=Canary(release="r2", servers=[canary.server], share=0))
        edge.set_share(made.home, SLUG, 100)
        made.crash()
        until(lambda: made.answers("canary"), 20, "served again")


def test_nothing_is_dropped_from_a_canary_s_beginning_to_its_end(made: Edge) -> None:
    with instance("stable") as stable, instance("canary") as canary:
        made.route(stable.server)
        trial = Canary(release="r2", servers=[canary.server], share=30)
        with traffic(made.port) as found:
            until(lambda: draining.in_flight(made.home, stable.server) > 5, 20, "traffic")
            made.route(stable.server, canary=trial)
            until(lambda: draining.in_flight(made.home, canary.server) > 0, 10, "a share of it")
            workers = control.workers(made.home)
            began = time.monotonic()
            edge.stop_canary(made.home, SLUG)
            assert time.monotonic() - began < 5
            assert {made.ask().text for _ in range(50)} == {"stable"}
            # no worker of this change is a new one
            assert control.workers(made.home)[0] == workers[0]
            edge.drain(made.home, canary.server, 5)
            assert canary.stop() == 0
            made.route(stable.server)
            edge.forget(made.home, canary.server)
            time.sleep(1)
        assert failures(found) == {}
