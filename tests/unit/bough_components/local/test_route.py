"""Whether the edge still does what a route says."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from bough_components.local.edge import Canary, Routing
from bough_components.local.home import Home
from bough_components.local.route import RouteProvider

TRIAL = {"release": "r2", "servers": ["10.0.0.3:80", "10.0.0.4:80"], "share": 10}
PROPS: dict[str, Any] = {
    "platform": "p",
    "slug": "main",
    "health": "/",
    "servers": ["10.0.0.1:80", "10.0.0.2:80"],
    "port": 8080,
}
ALONE = Routing(
    slug="main", host="main.localhost", health="/", servers=["10.0.0.2:80", "10.0.0.1:80"]
)


def canary(**changed: Any) -> Routing:
    turned = {**TRIAL, "servers": ["10.0.0.4:80", "10.0.0.3:80"], "share": 10.0, **changed}
    return Routing(
        slug="main",
        host="main.localhost",
        health="/",
        servers=PROPS["servers"],
        canary=Canary(**turned),
    )


@pytest.mark.parametrize(
    ("known", "wanted", "same"),
    [
        (ALONE, None, True),
        (ALONE, TRIAL, False),
        (canary(), None, False),
        (canary(), TRIAL, True),
        (canary(share=0), TRIAL, False),
        (canary(release="r3"), TRIAL, False),
        (canary(servers=[]), TRIAL, False),
        (None, None, False),
    ],
)
def test_is_it_there(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    known: Routing | None,
    wanted: dict[str, Any] | None,
    same: bool,
) -> None:
    monkeypatch.setenv("BOUGH_HOME", str(tmp_path))
    if known:
        file = Home.current().folder("edge/routes") / f"{known.slug}.json"
        file.write_text(json.dumps(asdict(known)))
    assert RouteProvider().present({**PROPS, "canary": wanted}) is same
