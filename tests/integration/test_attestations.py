"""Evidence in the real Vault and the real registry: signed, attached, verified, changed, gone."""

from __future__ import annotations

import io
import subprocess
import tarfile
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click
import pytest
import requests
from click.testing import CliRunner
from hvac.exceptions import Forbidden
from tests.support import witness

from bough import ledger
from bough.attestation import (
    GATE,
    RELEASE,
    Policy,
    attest,
    collect,
    export_bundle,
    gate_verdict,
    load_bundle,
    release_record,
    verify_release,
    withdraw,
)
from bough.attestation.dsse import Envelope
from bough.attestation.keys import from_pem, of_platform, to_pem
from bough.cli import attestations
from bough.release.record import Release
from bough.release.releases import RELEASED
from bough_components.errors import NotFoundError, UnverifiedError
from bough_components.local import registry, signing
from bough_components.local.clients import docker_client, vault_client
from bough_components.local.home import Home

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from hvac.api.secrets_engines import Transit
    from tests.support.platforms import Platform

DATA = "/var/lib/registry/docker/registry/v2/blobs/sha256"
PASSED = Policy(gates={"test": ["unit"]})


@pytest.fixture
def home(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("BOUGH_HOME", str(platform.root))
    return Home.current()


@pytest.fixture
def release(home: Home) -> Release:
    """A release whose image nobody else has, and the statement that holds its record."""
    return recorded(home, pushed(home))


def recorded(home: Home, image: str) -> Release:
    release = Release(
        application=image.partition("@")[0],
        commit="1" * 40,
        tree="2" * 40,
        images={"web": image},
        configuration="3" * 64,
        schema={},
    )
    attest(home, release.images, RELEASE, release_record(release))
    return release


def pushed(home: Home) -> str:
    """An image of one file, `repository@sha256:…`."""
    name, api = f"attested-{uuid.uuid4().hex[:6]}", docker_client().api
    api.import_image_from_data(_layer(name), repository=name)
    try:
        return registry.push(home, f"{name}:latest", name, "built").partition("/")[2]
    finally:
        api.remove_image(f"{name}:latest")


def _layer(text: str) -> bytes:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as tar:
        entry = tarfile.TarInfo("name")
        entry.size = len(text)
        tar.addfile(entry, io.BytesIO(text.encode()))
    return content.getvalue()


def passes(home: Home, release: Release, verdict: str = "PASS", gate: str = "unit") -> str:
    predicate = gate_verdict(
        release=release.id, stage="test", gate=gate, kind="checks", verdict=verdict,
        why="12 tests", evidence={"tests": 12}, at=datetime.now(UTC),
    )  # fmt: skip
    return attest(home, release.images, GATE, predicate)


def verified(home: Home, release: Release, policy: Policy = PASSED) -> list[str]:
    evidence = collect(home, release.images)
    found = verify_release(evidence, of_platform(home), release.id, policy)
    assert found.release == release
    return [each.attestation for each in found.statements]


def damage(platform: Platform, digest: str) -> None:
    """Change a byte of what the registry has on its disk."""
    path = f"{DATA}/{digest[7:9]}/{digest[7:]}/data"
    change = f"test -s {path} && printf X | dd of={path} bs=1 seek=20 conv=notrunc"
    witness.docker("exec", platform.container("registry"), "sh", "-c", change)


def test_what_is_attached_is_verified(home: Home, release: Release) -> None:
    with pytest.raises(UnverifiedError, match="missing: a verdict of gate unit in stage test"):
        verified(home, release)
    first = passes(home, release, "FAIL")
    with pytest.raises(UnverifiedError, match="gate unit in stage test said FAIL: 12 tests"):
        verified(home, release)
    second = passes(home, release)
    assert verified(home, release)[1:] == [first, second]


def test_the_same_statement_is_one(home: Home, release: Release) -> None:
    before = verified(home, release, Policy())
    stated = release_record(release)
    assert attest(home, release.images, RELEASE, stated) == before[0]
    assert verified(home, release, Policy()) == before


def test_many_at_once(home: Home, release: Release) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda each: passes(home, release, gate=f"g{each}"), range(16)))
    assert sorted(verified(home, release, Policy())[1:]) == sorted(made)
    name = release.application
    tags = registry.session(home).get(f"http://{registry.host(home)}/v2/{name}/tags/list")
    image = release.images["web"].partition("@")[2]
    assert sorted(tags.json()["tags"]) == ["built", image.replace(":", "-")]


def test_another_program_verifies_it_too(home: Home, release: Release, tmp_path: Path) -> None:
    (evidence,) = collect(home, release.images)
    envelope = Envelope.decode(evidence.content)
    (tmp_path / "key.pem").write_text(to_pem(dict([list(of_platform(home).items())[-1]])))
    (tmp_path / "signature").write_bytes(envelope.signatures[0].value)
    command = "openssl pkeyutl -verify -pubin -rawin -inkey key.pem -in message -sigfile signature"
    for message, status in ((envelope.signed, 0), (envelope.signed + b" ", 1)):
        (tmp_path / "message").write_bytes(message)
        done = subprocess.run(command.split(), cwd=tmp_path, capture_output=True, check=False)
        assert done.returncode == status, done


def test_a_rotated_key_still_vouches_for_what_it_signed(
    home: Home, release: Release, tmp_path: Path
) -> None:
    path, old = tmp_path / "bundle", to_pem(of_platform(home))
    first = passes(home, release)
    version = signing.rotate(home)
    assert sorted(signing.public_keys(home)) == list(range(1, version + 1))
    second = passes(home, release, gate="api")
    assert verified(home, release)[1:] == [first, second]
    export_bundle(collect(home, release.images), path)
    for keys, stands in ((to_pem(of_platform(home)), True), (old, False)):
        trusted = from_pem(keys, "keys.pem")
        if stands:
            assert verify_release(load_bundle(path), trusted, release.id, PASSED)
        else:
            with pytest.raises(UnverifiedError, match=r"line 3 of bundle .* not trusted"):
                verify_release(load_bundle(path), trusted, release.id, PASSED)


def test_a_damaged_envelope_is_refused_until_it_is_withdrawn(
    platform: Platform, home: Home, release: Release
) -> None:
    passed = passes(home, release)
    damage(platform, passed)
    with pytest.raises(UnverifiedError, match=f"{passed} in repository .* is not what was stored"):
        verified(home, release)
    withdraw(home, release.images, passed)
    with pytest.raises(UnverifiedError, match="missing: a verdict of gate unit"):
        verified(home, release)
    again = passes(home, release)
    assert verified(home, release)[1:] == [again]


def test_a_damaged_manifest(platform: Platform, home: Home, release: Release) -> None:
    passes(home, release)
    index = _index(home, release)
    manifest = index["manifests"][-1]["digest"]
    damage(platform, manifest)
    with pytest.raises(UnverifiedError, match=manifest):
        verified(home, release)
    withdraw(home, release.images, manifest)
    assert len(verified(home, release, Policy())) == 1


def test_a_manifest_that_was_deleted(home: Home, release: Release) -> None:
    passes(home, release)
    manifest = _index(home, release)["manifests"][-1]["digest"]
    _delete(home, release, manifest)
    with pytest.raises(UnverifiedError, match=f"{manifest} is listed as attached .* and gone"):
        verified(home, release)


def test_an_image_that_was_deleted(home: Home, release: Release) -> None:
    passes(home, release)
    _delete(home, release, release.images["web"].partition("@")[2])
    with pytest.raises(UnverifiedError, match="is gone from the registry"):
        verified(home, release)
    with pytest.raises(NotFoundError, match="nothing can be attached to"):
        passes(home, release)


def test_a_verdict_moved_to_another_image(home: Home, release: Release) -> None:
    other = recorded(home, pushed(home))
    passes(home, release)
    moved = collect(home, release.images)[-1]
    evidence = [*collect(home, other.images), moved]
    with pytest.raises(UnverifiedError, match=f"{moved.name} is about other images"):
        verify_release(evidence, of_platform(home), other.id, Policy())


def test_the_commands(
    home: Home, release: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(command: click.Command, *words: str) -> str:
        result = CliRunner().invoke(command, words, catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.output

    name, bundle, keys = release.id, str(tmp_path / "bundle"), tmp_path / "keys.pem"
    facts = {"application": release.application, "record": asdict(release), "description": {}}
    ledger.record(home, RELEASED, release=name, branch="main", authors=[], **facts)
    failed, passed = passes(home, release, "FAIL"), passes(home, release)
    run(attestations.withdraw, name[:12], failed)
    assert passed in run(attestations.verify, name[:12], "--gate", "test/unit")
    run(attestations.export, name[:12], bundle)
    assert "version" in run(attestations.rotate_key)
    keys.write_text(run(attestations.keys))
    known = [event["event"] for event in ledger.events(home)]
    assert {"attestation withdrawn", "signing key rotated"} <= set(known)

    monkeypatch.setenv("BOUGH_HOME", str(tmp_path / "nowhere"))
    said = run(attestations.verify, name, "--bundle", bundle, "--keys", str(keys))
    assert (passed in said, failed in said) == (True, False)


def test_the_registry_lets_nobody_else_push(home: Home, release: Release) -> None:
    url = f"http://{registry.host(home)}/v2/{release.application}"
    for method, path in (("POST", "blobs/uploads/"), ("PUT", "manifests/x"), ("GET", "tags/list")):
        assert requests.request(method, f"{url}/{path}", timeout=5).status_code == 401


def test_the_key_never_leaves_vault(home: Home) -> None:
    facts = vault_client(home).secrets.transit.read_key("bough")["data"]
    wanted = {
        "type": "ed25519",
        "exportable": False,
        "deletion_allowed": False,
        "allow_plaintext_backup": False,
        "derived": False,
    }
    assert {key: facts[key] for key in wanted} == wanted


@pytest.mark.parametrize(
    "attempt",
    [
        lambda transit: transit.export_key("bough", "signing-key"),
        lambda transit: transit.backup_key("bough"),
        lambda transit: transit.delete_key("bough"),
        lambda transit: transit.trim_key("bough", 1),
        lambda transit: transit.update_key_configuration("bough", deletion_allowed=True),
        lambda transit: transit.update_key_configuration("bough", exportable=True),
        lambda transit: transit.create_key("mine", key_type="ed25519", exportable=True),
        lambda transit: transit.create_key("bough", key_type="ed25519", exportable=True),
        lambda transit: transit.list_keys(),
    ],
)
def test_what_the_operator_may_not_do_with_it(
    home: Home, attempt: Callable[[Transit], Any]
) -> None:
    with pytest.raises(Forbidden):
        attempt(vault_client(home).secrets.transit)


def _index(home: Home, release: Release) -> dict[str, Any]:
    name, _, digest = release.images["web"].partition("@")
    answer = registry.session(home).get(
        f"http://{registry.host(home)}/v2/{name}/manifests/{digest.replace(':', '-')}",
        headers={"Accept": "application/vnd.oci.image.index.v1+json"},
        timeout=5,
    )
    index: dict[str, Any] = answer.json()
    return index


def _delete(home: Home, release: Release, digest: str) -> None:
    name = release.application
    url = f"http://{registry.host(home)}/v2/{name}/manifests/{digest}"
    assert registry.session(home).delete(url, timeout=5).status_code == 202
