import json
import re
from dataclasses import asdict, replace

import pytest

from bough.config import parse
from bough_components.errors import ConfigurationError
from bough_components.local import edge
from bough_components.local.edge import Canary, Routing
from bough_components.local.edge.rendering import (
    SERVER,
    generation_of,
    render,
    shares_text,
    waiting,
)
from bough_components.local.home import Home

PORT = 8080
MAIN = Routing(
    slug="main",
    host="main.localhost",
    health="/health/ready",
    servers=["10.213.0.70:8000", "10.213.0.71:8000"],
)
OTHER = Routing(slug="feat-a", host="feat-a.localhost", health="/", servers=["10.213.0.134:80"])
TRIED = replace(MAIN, canary=Canary(release="r2", servers=["10.213.0.72:8000"], share=2.5))
EXPECTED = f"""\

backend env-feat-a
    option forwardfor
    option httpchk GET /
    http-check send hdr Host feat-a.localhost
    http-check expect rstatus ^2
    http-request lua.wait_for_server 10 if {{ nbsrv eq 0 }}
    server 10.213.0.134:80 10.213.0.134:80 {SERVER}

backend env-main
    option forwardfor
    option httpchk GET /health/ready
    http-check send hdr Host main.localhost
    http-check expect rstatus ^2
    http-request lua.wait_for_server 10 if {{ nbsrv eq 0 }}
    server 10.213.0.70:8000 10.213.0.70:8000 {SERVER}
    server 10.213.0.71:8000 10.213.0.71:8000 {SERVER}
"""
ODD_PATHS = ["/a'b", '/a"b', "/a\\", "/a#b", "/a b", "/a\nb", "/`x`", "/{{ slug }}", "/é", "a"]
FINE_PATHS = ["/", "/health/ready", "/a?b=c&d=%20", "/~a/b.c-d_e;f,g", "/$x/@(y)!*+:"]


def backends(configuration: str) -> str:
    return configuration.partition('under this name\\n"\n')[2]


def test_each_environment_has_a_backend() -> None:
    assert backends(render([MAIN, OTHER], PORT)) == EXPECTED


def test_without_environments() -> None:
    configuration = render([], PORT)
    assert backends(configuration) == ""
    assert "default_backend nowhere\n" in configuration
    assert configuration.endswith("\n")


def test_the_order_of_files_on_disk_does_not_matter() -> None:
    assert render([MAIN, OTHER], PORT) == render([OTHER, MAIN], PORT)


def test_loopback_alone_is_listened_on() -> None:
    assert re.findall("^ +bind (.*)", render([MAIN], 8081), re.M) == ["127.0.0.1:8081"]


def test_a_generation_tells_backends_apart() -> None:
    configurations = [
        render([], PORT),
        render([MAIN], PORT),
        render([OTHER], PORT),
        render([MAIN], PORT + 1),
        render([replace(MAIN, health="/")], PORT),
        render([TRIED], PORT),
    ]
    generations = [generation_of(configuration) for configuration in configurations]
    assert len(set(generations)) == len(configurations)
    for generation, configuration in zip(generations, configurations, strict=True):
        assert re.fullmatch("[0-9a-f]{16}", generation)
        assert configuration.count(generation) == 3


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (MAIN, replace(MAIN, servers=["10.213.0.90:8000"])),
        (TRIED, replace(TRIED, canary=Canary(release="r3", servers=[], share=50))),
    ],
)
def test_servers_and_shares_change_without_a_reload(before: Routing, after: Routing) -> None:
    first, second = render([before], PORT), render([after], PORT)
    assert first != second
    assert generation_of(first) == generation_of(second)


def test_a_canary_that_was_stopped_stays_so_until_it_is_gone() -> None:
    assert TRIED.canary is not None
    stopped = replace(TRIED, canary=replace(TRIED.canary, share=0, stopped=True))
    assert TRIED.after(stopped) == stopped
    assert MAIN.after(stopped) == MAIN
    another = replace(TRIED, canary=replace(TRIED.canary, release="r3"))
    assert another.after(stopped) == another
    assert TRIED.after(MAIN) == TRIED.after(TRIED) == TRIED.after(None) == TRIED
    assert Routing.from_data(asdict(stopped)) == stopped


def test_a_canary_has_a_backend_of_its_own() -> None:
    configuration = render([TRIED, OTHER], PORT)
    servers = re.findall(r"^backend (\S+)$|^ +server (\S+) ", configuration, re.M)
    assert [backend or server for backend, server in servers] == [
        "onward",
        "edge",
        "nowhere",
        "env-feat-a",
        *OTHER.servers,
        "env-main",
        *MAIN.servers,
        "canary-main",
        "10.213.0.72:8000",
    ]
    assert re.findall(r"use_backend (\S+) if", configuration) == ["canary-main", "onward"]
    assert "X-Bough-Canary" not in render([MAIN, OTHER], PORT)


@pytest.mark.parametrize(("share", "parts"), [(0, 0), (0.01, 1), (2.5, 250), (100, 10_000)])
def test_shares(share: float, parts: int) -> None:
    tried = replace(TRIED, canary=Canary(release="r2", servers=[], share=share))
    assert shares_text([OTHER, tried]) == f"main r2:{parts}\n"


def test_a_file_that_is_none_of_ours_has_no_generation() -> None:
    assert generation_of("global\n") == ""


def _with_health(path: str) -> str:
    return f"application: a\nservices: {{web: {{port: 80, health: {path!r}}}}}"


@pytest.mark.parametrize("path", ODD_PATHS)
def test_no_application_can_write_into_the_edge_s_configuration(path: str) -> None:
    with pytest.raises(ConfigurationError, match=r"services\.web\.health: should be"):
        parse(_with_health(path), "bough.yaml")


@pytest.mark.parametrize("path", FINE_PATHS)
def test_ordinary_paths_reach_the_edge_as_they_are(path: str) -> None:
    assert parse(_with_health(path), "bough.yaml").services["web"].health == path


def test_what_a_starting_edge_reads(home: Home) -> None:
    edge.configure(home)
    folder = home.root / "edge/configuration"
    texts = {path.name: path.read_text() for path in folder.iterdir()}
    expected = render([], home.settings.ports["edge"])
    assert texts == {"haproxy.cfg": expected, "shares.map": "", "waiting.lua": waiting()}
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o644}
    assert edge.routings(home) == []


def test_a_route_on_file_is_read_as_it_was_written() -> None:
    for routing in (MAIN, TRIED):
        assert Routing.from_data(json.loads(json.dumps(asdict(routing)))) == routing


def test_a_route_of_before_canaries() -> None:
    data = asdict(MAIN)
    del data["canary"]
    assert Routing.from_data(data) == MAIN
