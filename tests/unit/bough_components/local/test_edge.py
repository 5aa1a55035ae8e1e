import re

import pytest

from bough.config import parse
from bough_components.errors import ConfigurationError
from bough_components.local import edge
from bough_components.local.edge import Routing, generation_of, render
from bough_components.local.home import Home

CORE = "10.213.0.0/26"
MAIN = Routing(
    slug="main",
    host="main.localhost",
    health="/health/ready",
    servers=["10.213.0.70:8000", "10.213.0.71:8000"],
)
OTHER = Routing(slug="feat-a", host="feat-a.localhost", health="/", servers=["10.213.0.134:80"])
EXPECTED = """\

backend env-feat-a
    option httpchk GET /
    http-check send hdr Host feat-a.localhost
    http-check expect rstatus ^2
    server 1 10.213.0.134:80 check

backend env-main
    option httpchk GET /health/ready
    http-check send hdr Host main.localhost
    http-check expect rstatus ^2
    server 1 10.213.0.70:8000 check
    server 2 10.213.0.71:8000 check
"""
ODD_PATHS = ["/a'b", '/a"b', "/a\\", "/a#b", "/a b", "/a\nb", "/`x`", "/{{ slug }}", "/é", "a"]
FINE_PATHS = ["/", "/health/ready", "/a?b=c&d=%20", "/~a/b.c-d_e;f,g", "/$x/@(y)!*+:"]


def backends(configuration: str) -> str:
    return configuration.partition('under this name\\n"\n')[2]


def test_each_environment_has_a_backend() -> None:
    assert backends(render([MAIN, OTHER], [CORE])) == EXPECTED


def test_without_environments() -> None:
    configuration = render([], [CORE])
    assert backends(configuration) == ""
    assert "default_backend nowhere\n" in configuration
    assert configuration.endswith("\n")


def test_the_order_of_files_on_disk_does_not_matter() -> None:
    assert render([MAIN, OTHER], ["10.0.0.0/8", CORE]) == render(
        [OTHER, MAIN], [CORE, "10.0.0.0/8"]
    )


def test_only_trusted_sources_are_served() -> None:
    rejected = re.findall("connection reject if (.*)", render([], [CORE, "10.0.0.0/8"]))
    assert rejected == ["!{ src 127.0.0.0/8 10.0.0.0/8 10.213.0.0/26 }"]


def test_a_generation_tells_configurations_apart() -> None:
    configurations = [
        render([], [CORE]),
        render([MAIN], [CORE]),
        render([OTHER], [CORE]),
        render([MAIN], ["10.0.0.0/8"]),
    ]
    generations = [generation_of(configuration) for configuration in configurations]
    assert len(set(generations)) == 4
    for generation, configuration in zip(generations, configurations, strict=True):
        assert re.fullmatch("[0-9a-f]{16}", generation)
        assert configuration.count(generation) == 2
    assert generation_of(render([MAIN], [CORE])) == generations[1]


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
    edge.configure(home, CORE)
    path = home.root / "edge/configuration/haproxy.cfg"
    assert path.read_text() == render([], [CORE])
    assert path.stat().st_mode & 0o777 == 0o644
    assert edge.routings(home) == []
