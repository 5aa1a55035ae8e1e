"""Addresses, tried from a container on the environment's own network."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING

from bough_components import names
from bough_components.local import containers, network, subnets
from bough_components.local.isolation.verdicts import OWN, Door

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bough_components.local.home import Home

    Ask = Callable[[list[str], float], dict[str, str]]
    """What addresses answer within so many seconds."""

SECONDS = (0.5, 2, 5)
"""How long an address may take to answer: it is on this machine, and so is one that must answer.
Where one that must does not, the machine is busy: all are tried again, with more time."""

_KNOCK = """
enter() {
    exec 3<>/dev/tcp/$1/$2 || exit 1
    [ -z "$3" ] && exit
    printf 'GET / HTTP/1.1\\r\\nHost: %s\\r\\nConnection: close\\r\\n\\r\\n' "$3" >&3
    read -r _ status _ <&3 && echo "HTTP $status"
}
export -f enter
knock() {
    IFS=/ read -r host port asked <<<"$1"
    if said=$(timeout {seconds} bash -c "enter $host $port $asked" 2>&1); then
        echo "$1 ${said:-open}"
    elif [[ $said == *refused* ]]; then echo "$1 refused"
    else echo "$1 silent"; fi
}
for each in {targets}; do knock "$each" & done
wait
"""
_SERVED = "HTTP 2"


@dataclass(frozen=True, kw_only=True)
class Target:
    """An address, `host/port`, or a web server's with the name it is asked for, `host/port/name`.

    `near` when one gets to that machine, and nobody must listen.
    """

    of: str
    what: str
    address: str
    near: bool = False


def doors(home: Home, slug: str, image: str, targets: Iterable[Target]) -> list[Door]:
    """All targets are tried at once, when the first door is."""
    wanted = list(targets)
    answers = Answers(partial(_ask, home, slug, image), wanted)
    return [
        Door(engine="network", of=each.of, what=each.what, knock=partial(answers.of, each))
        for each in wanted
    ]


class Answers:
    """Asked once, by whichever door is tried first."""

    def __init__(self, ask: Ask, targets: list[Target]) -> None:
        self._ask, self._addresses = ask, [each.address for each in targets]
        self._own = [each for each in targets if each.of == OWN]
        self._known: dict[str, str] | None = None
        self._lock = Lock()

    def of(self, target: Target) -> tuple[bool, str]:
        with self._lock:
            self._known = self._known or self._learned()
        return _judged(target, self._known[target.address])

    def _learned(self) -> dict[str, str]:
        known: dict[str, str] = {}
        for seconds in SECONDS:
            heard = {at: said for at, said in known.items() if said != "silent"}
            known = self._ask(self._addresses, seconds) | heard
            if all(_judged(each, known[each.address])[0] for each in self._own):
                break
        return known


def _judged(target: Target, answer: str) -> tuple[bool, str]:
    if answer.startswith("HTTP"):
        return answer.startswith(_SERVED), answer
    # "refused" comes from a machine that was reached
    return answer == "open" or (answer == "refused" and not target.near), answer


def _ask(home: Home, slug: str, image: str, addresses: list[str], seconds: float) -> dict[str, str]:
    script = _KNOCK.replace("{seconds}", str(seconds))
    script = script.replace("{targets}", " ".join(map(shlex.quote, addresses)))
    container = containers.create(_plan(home, slug, image, script))
    try:
        container.start()
        container.wait(timeout=60)
        said: bytes = container.logs(stdout=True, stderr=False)
    finally:
        container.remove(force=True)
    lines = [line.partition(" ") for line in said.decode().splitlines()]
    return {address: answer for address, _, answer in lines}


def _plan(home: Home, slug: str, image: str, script: str) -> containers.Plan:
    """Under an address of its own, so that it takes no instance's."""
    platform = home.settings.name
    name = names.environment_network(platform, slug)
    found = network.find(name)
    return containers.Plan(
        name=names.instance_container(platform, slug, "probe"),
        image=image,
        labels=names.environment_labels(platform, slug, "probe"),
        network=name,
        address=subnets.probe_address(network.subnet_of(found)) if found else None,
        entrypoint=("bash", "-c", script),
        memory=64 << 20,
        restart=False,
    )


def own(subnet: str) -> list[Target]:
    """What must answer, or nothing was tried: one for each way of asking."""
    vault, consul = (subnets.platform_address(subnet, role) for role in ("vault", "consul"))
    return [
        Target(of=OWN, what="its Vault", address=f"{vault}/8200"),
        Target(of=OWN, what="a page of its Consul", address=f"{consul}/8500/consul.bough"),
    ]
