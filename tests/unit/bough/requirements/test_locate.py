import json

import pytest
from tests.unit.bough.requirements.conftest import Machine
from tests.unit.bough.requirements.test_elf import PT_LOAD, elf

from bough.requirements.engines import CONSUL, ENGINES, LANGUAGE_HOST, PULUMI, VAULT_SERVER
from bough.requirements.engines import VAULT_PLUGINS as PLUGINS
from bough.requirements.locate import Located, locate


def static(machine: Machine, name: str, version: str) -> None:
    """A static program on PATH whose version is known already (it cannot run, only be copied)."""
    program = machine.program(name, "")
    program.write_bytes(elf(PT_LOAD))
    status = program.stat()
    stamp = f"{status.st_mtime_ns}:{status.st_size}"
    memory = machine.cache / "bough" / "versions.json"
    memory.parent.mkdir(parents=True)
    memory.write_text(json.dumps({str(program): {"stamp": stamp, "version": version}}))


def test_nothing_is_found_on_an_empty_machine(machine: Machine) -> None:
    assert machine.bin.is_dir()
    assert [locate(engine) for engine in ENGINES] == [None] * len(ENGINES)


def test_a_pulumi_on_path_that_serves_is_used(machine: Machine) -> None:
    machine.program("pulumi", "v3.240.1")
    machine.build(PULUMI)
    assert locate(PULUMI) == Located(machine.bin, "3.240.1", built=False)


@pytest.mark.parametrize("version", ["v3.229.9", "v4.0.0", "no number"])
def test_one_that_does_not_serve_gives_way_to_the_one_that_was_built(
    machine: Machine, version: str
) -> None:
    machine.program("pulumi", version)
    folder = machine.build(PULUMI)
    assert locate(PULUMI) == Located(folder, "3.230.0", built=True)


def test_an_official_installation_brings_its_own_language_host(machine: Machine) -> None:
    machine.program("pulumi", "v3.230.0")
    machine.build(LANGUAGE_HOST)
    for name in LANGUAGE_HOST.programs:
        machine.program(name, "")
    assert locate(LANGUAGE_HOST) == Located(machine.bin, "3.230.0", built=False)


def test_a_link_on_path_leads_to_its_language_host(machine: Machine) -> None:
    official = machine.bin.parent / "official"
    for name in ("pulumi", *LANGUAGE_HOST.programs):
        machine.program(name, "v3.230.0", official)
    (machine.bin / "pulumi").symlink_to(official / "pulumi")
    assert locate(LANGUAGE_HOST) == Located(official, "3.230.0", built=False)


def test_half_an_installation_does_not_serve_as_language_host(machine: Machine) -> None:
    machine.program("pulumi", "v3.230.0")
    machine.program("pulumi-language-python", "")
    folder = machine.build(LANGUAGE_HOST)
    assert locate(LANGUAGE_HOST) == Located(folder, "3.79.0", built=True)


def test_a_built_pulumi_is_not_paired_with_a_language_host_on_path(machine: Machine) -> None:
    for name in LANGUAGE_HOST.programs:
        machine.program(name, "")
    machine.build(PULUMI)
    assert locate(LANGUAGE_HOST) is None


def test_a_static_vault_on_path_is_used(machine: Machine) -> None:
    static(machine, "vault", "1.21.4")
    assert locate(VAULT_SERVER) == Located(machine.bin, "1.21.4", built=False)


def test_a_consul_that_could_not_run_in_a_container_is_not(machine: Machine) -> None:
    machine.program("consul", "Consul v1.21.0")
    assert locate(CONSUL) is None


def test_plugins_are_never_taken_from_path(machine: Machine) -> None:
    for name in PLUGINS.binaries:
        machine.program(name, "1.21.2")
    assert locate(PLUGINS) is None


def test_an_engine_that_bough_built_and_put_on_path_is_still_the_built_one(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = machine.build(PULUMI)
    monkeypatch.setenv("PATH", f"{folder}:{machine.bin}")
    assert locate(PULUMI) == Located(folder, "3.230.0", built=True)


def test_a_half_made_build_is_not_found(machine: Machine) -> None:
    folder = machine.build(PULUMI)
    folder.parent.rename(folder.parent.with_name(folder.parent.name + ".part"))
    assert locate(PULUMI) is None
