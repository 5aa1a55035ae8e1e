"""Making, changing and removing one environment directly, one call after the other."""

from ipaddress import IPv4Network

from docker.models.containers import Container

from bough_bench.direct import consul_calls, docker_calls, postgres_calls, vault_calls
from bough_bench.direct.wanted import COMMAND, PORT, SERVICE, Engines, Wanted


def make_space(engines: Engines, wanted: Wanted) -> None:
    """All that an instance finds when it starts; the network is there already."""
    postgres_calls.make_database(engines, wanted)
    vault_calls.make_space(engines.vault, wanted)
    password = vault_calls.new_password()
    postgres_calls.make_admin(engines, wanted, password)
    vault_calls.make_accounts(engines.vault, wanted, password)
    consul_calls.make_space(engines.consul, wanted.slug)


def start_instance(engines: Engines, wanted: Wanted, number: int) -> str:
    """Instance `number` of the service, ready to serve; its address with its port."""
    name = instance(number)
    container = _create(engines, wanted, name, COMMAND, number)
    container.start()
    address = str(IPv4Network(wanted.subnet)[docker_calls.FIRST_INSTANCE + number])
    docker_calls.wait_ready(container, address)
    return f"{address}:{PORT}"


def run_job(engines: Engines, wanted: Wanted, name: str, command: tuple[str, ...]) -> None:
    """Run a command in the service's image to its end."""
    container = _create(engines, wanted, name, command, 0)
    container.start()
    status = container.wait(timeout=60)["StatusCode"]
    if status:
        raise RuntimeError(f"{name} failed: {container.logs(tail=5)!r}")
    remove_instance(engines, wanted, name)


def remove_instance(engines: Engines, wanted: Wanted, name: str) -> None:
    docker_calls.remove_instance(engines, wanted, name)
    consul_calls.remove_instance(engines.consul, wanted.slug, name)
    vault_calls.remove_credential(engines.vault, wanted.slug, name)


def remove_space(engines: Engines, wanted: Wanted) -> None:
    vault_calls.remove_accounts(engines.vault, wanted.slug)
    vault_calls.remove_space(engines.vault, wanted.slug)
    consul_calls.remove_space(engines.consul, wanted.slug)
    postgres_calls.remove(engines, wanted.slug)
    docker_calls.remove_network(engines, wanted)


def instance(number: int) -> str:
    return f"{SERVICE}-{number}"


def _create(
    engines: Engines, wanted: Wanted, name: str, command: tuple[str, ...], number: int
) -> Container:
    folder = docker_calls.memory_folder(engines, wanted, name)
    token = consul_calls.make_token(engines.consul, wanted.slug, name)
    credential = vault_calls.make_credential(engines.vault, wanted.slug, name, token)
    docker_calls.deliver(folder, credential)
    return docker_calls.make_instance(engines, wanted, name, command, number)
