"""Whether the names that bough.yaml mentions exist.

It looks at the plain data, so that these problems are told together with those of wrong types;
whatever has a wrong type is passed over here.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from bough.config.application import default_route
from bough.config.graph import broken_stages
from bough.config.mentions import mapping, mentioned, sections, sequence, unknown
from bough.config.problems import path, shown, suggestion
from bough.config.stages import BRANCH

RESERVED_NEEDS = frozenset({"all", "bough", "consul", "golden", "platform", "vault"})


def broken_references(data: Mapping[str, Any]) -> list[str]:
    services, needs = sections(data.get("services")), sections(data.get("needs"))
    secrets, gates = sections(data.get("secrets")), sections(data.get("gates"))
    return [
        *(line for name in services for line in _of_service(name, services[name], needs, secrets)),
        *(line for name in needs for line in _of_need(name, needs[name], services)),
        *(line for name in gates for line in _of_gate(name, gates[name], services, needs)),
        *broken_stages(sections(data.get("stages")), services, gates),
        *_of_notices(sequence(data.get("notices")), mapping(data.get("stages"))),
        *_of_route(
            data.get("route"), {name: value.get("port") for name, value in services.items()}
        ),
    ]


def _of_service(
    name: str, service: Mapping[str, Any], needs: Mapping[str, Any], secrets: Mapping[str, Any]
) -> Iterator[str]:
    for kind, known in (("need", needs), ("secret", secrets)):
        yield from mentioned(("services", name, f"{kind}s"), kind, service.get(f"{kind}s"), known)
    build = mapping(service.get("build"))
    bases = mapping(build.get("bases"))
    for argument in filter(bases.__contains__, mapping(build.get("args"))):
        yield f"{path(('services', name, 'build', 'bases', argument))}: is in args too; keep one"


def _of_need(
    name: str, need: Mapping[str, Any], services: Mapping[str, Mapping[str, Any]]
) -> Iterator[str]:
    if name in RESERVED_NEEDS:
        yield f"{path(('needs', name))}: the name is reserved; choose another"
    for task in ("migrations", "seed"):
        service = mapping(need.get(task)).get("service")
        where = path(("needs", name, task, "service"))
        if not isinstance(service, str):
            continue
        yield from unknown(("needs", name, task, "service"), "service", service, services)
        if service in services and name not in sequence(services[service].get("needs")):
            yield f"{where}: service {shown(service)} does not have this need; add it to its needs"


def _of_gate(
    name: str, gate: Mapping[str, Any], services: Mapping[str, Any], needs: Mapping[str, Any]
) -> Iterator[str]:
    for kind, known in (("service", services), ("need", needs)):
        if isinstance(gate.get(kind), str):
            yield from unknown(("gates", name, kind), kind, gate[kind], known)
    need = gate.get("need")
    if isinstance(need, str) and need in needs and not needs[need].get("migrations"):
        where = path(("gates", name, "need"))
        yield f"{where}: need {shown(need)} has no migrations; add them, or choose another"


def _of_notices(notices: list[Any], stages: Mapping[str, Any]) -> Iterator[str]:
    known = [*stages, BRANCH]
    for index, notice in enumerate(map(mapping, notices)):
        place = ("notices", index, "stages")
        yield from mentioned(place, "stage", notice.get("stages"), known)
        if notice and notice in notices[:index]:
            yield f"{path(('notices', index))}: is already in the list"


def _of_route(route: object, ports: Mapping[str, object]) -> Iterator[str]:
    with_port = [name for name, port in ports.items() if port is not None]
    if route is None:
        if with_port and not default_route(ports):
            names = ", ".join(with_port)
            yield f"route: is missing; should be one of the services with a port: {names}"
    elif isinstance(route, str) and route not in ports:
        yield f"route: there is no service {shown(route)}{suggestion(route, with_port)}"
    elif isinstance(route, str) and route not in with_port:
        yield f"route: service {shown(route)} has no port; give it one, or choose another"
