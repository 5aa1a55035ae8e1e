"""Whether the names that bough.yaml mentions exist.

It looks at the plain data, so that these problems are told together with those of wrong types;
whatever has a wrong type is passed over here.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from bough.config.application import default_route
from bough.config.problems import path, shown, suggestion

RESERVED_NEEDS = frozenset({"all", "bough", "consul", "golden", "platform", "vault"})


def broken_references(data: Mapping[str, Any]) -> list[str]:
    services = {
        str(name): _mapping(value) for name, value in _mapping(data.get("services")).items()
    }
    needs = {str(name): _mapping(value) for name, value in _mapping(data.get("needs")).items()}
    secrets = _mapping(data.get("secrets"))
    gates = {str(name): _mapping(value) for name, value in _mapping(data.get("gates")).items()}
    return [
        *(line for name in services for line in _of_service(name, services[name], needs, secrets)),
        *(line for name in needs for line in _of_need(name, needs[name], services)),
        *(line for name in gates for line in _of_gate(name, gates[name], services, needs)),
        *_of_route(
            data.get("route"), {name: value.get("port") for name, value in services.items()}
        ),
    ]


def _of_service(
    name: str, service: Mapping[str, Any], needs: Mapping[str, Any], secrets: Mapping[str, Any]
) -> Iterator[str]:
    for kind, known in (("need", needs), ("secret", secrets)):
        yield from _mentioned(("services", name, f"{kind}s"), kind, service.get(f"{kind}s"), known)
    build = _mapping(service.get("build"))
    bases = _mapping(build.get("bases"))
    for argument in filter(bases.__contains__, _mapping(build.get("args"))):
        yield f"{path(('services', name, 'build', 'bases', argument))}: is in args too; keep one"


def _mentioned(
    place: tuple[str, ...], kind: str, value: object, known: Mapping[str, Any]
) -> Iterator[str]:
    names = _list(value)
    for index, name in enumerate(names):
        where = path((*place, index))
        if not isinstance(name, str):
            continue
        if name not in known:
            yield f"{where}: there is no {kind} {shown(name)}{suggestion(name, [*known])}"
        elif name in names[:index]:
            yield f"{where}: {shown(name)} is already in the list"


def _of_need(
    name: str, need: Mapping[str, Any], services: Mapping[str, Mapping[str, Any]]
) -> Iterator[str]:
    if name in RESERVED_NEEDS:
        yield f"{path(('needs', name))}: the name is reserved; choose another"
    for task in ("migrations", "seed"):
        service = _mapping(need.get(task)).get("service")
        where = path(("needs", name, task, "service"))
        if not isinstance(service, str):
            continue
        if service not in services:
            yield f"{where}: there is no service {shown(service)}{suggestion(service, [*services])}"
        elif name not in _list(services[service].get("needs")):
            yield f"{where}: service {shown(service)} does not have this need; add it to its needs"


def _of_gate(
    name: str, gate: Mapping[str, Any], services: Mapping[str, Any], needs: Mapping[str, Any]
) -> Iterator[str]:
    for kind, known in (("service", services), ("need", needs)):
        mentioned = gate.get(kind)
        where = path(("gates", name, kind))
        if not isinstance(mentioned, str):
            continue
        if mentioned not in known:
            yield f"{where}: there is no {kind} {shown(mentioned)}{suggestion(mentioned, [*known])}"
        elif kind == "need" and not known[mentioned].get("migrations"):
            yield f"{where}: need {shown(mentioned)} has no migrations; add them, or choose another"


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


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
