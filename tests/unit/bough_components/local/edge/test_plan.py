"""What a worker is told; that HAProxy does it is in tests/integration."""

from bough_components.local.edge.control import Server
from bough_components.local.edge.plan import server_changes, share_changes
from bough_components.local.edge.rendering import SERVER

OLD, NEW = "10.213.0.70:8000", "10.213.0.71:8000"
MAP = "/etc/bough/shares.map"


def server(name: str, status: str = "UP") -> Server:
    return Server(name=name, status=status, busy=0)


MAIN = {"env-main": [server(OLD)]}


def test_nothing_to_do() -> None:
    found = {
        "env-main": [server(OLD), server(NEW, "DOWN 1/2")],
        "canary-main": [server(NEW, "no check")],
        "nowhere": [],
        "onward": [server("edge")],
    }
    wanted = {"env-main": [OLD, NEW], "canary-main": [NEW], "env-other": [NEW]}
    assert server_changes(found, wanted) == []


def test_what_is_new_comes_before_the_old_goes() -> None:
    assert server_changes(MAIN, {"env-main": [NEW]}) == [
        f"add server env-main/{NEW} {NEW} {SERVER}",
        f"enable health env-main/{NEW}",
        f"enable server env-main/{NEW}",
        f"set server env-main/{OLD} state drain",
    ]


def test_a_backend_without_servers_gets_its_first() -> None:
    commands = server_changes({"env-main": []}, {"env-main": [NEW]})
    assert commands == [
        f"add server env-main/{NEW} {NEW} {SERVER}",
        f"enable health env-main/{NEW}",
        f"enable server env-main/{NEW}",
    ]


def test_one_that_was_away_comes_back() -> None:
    for status in ("DRAIN", "MAINT", "MAINT (via env-main/x)"):
        found = {"env-main": [server(OLD, status)]}
        assert server_changes(found, {"env-main": [OLD]}) == [
            f"set server env-main/{OLD} state ready"
        ]


def test_a_backend_that_no_route_has_any_more_gets_nothing_new() -> None:
    found = {"env-main": [server(OLD), server(NEW, "MAINT")]}
    assert server_changes(found, {}) == [f"set server env-main/{OLD} state drain"]


def test_shares() -> None:
    found = {"gone": "r1:1", "same": "r1:2", "other": "r1:3"}
    wanted = {"same": "r1:2", "other": "r1:0", "new": "r2:500"}
    assert share_changes(found, wanted, MAP) == [
        f"del map {MAP} gone",
        f"add map {MAP} new r2:500",
        f"set map {MAP} other r1:0",
    ]
