"""The images against the real engine: pinned, and run as the platform runs them."""

import base64
import io
import json
import os
import socket
import tarfile
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx
import pytest
from docker import APIClient

from bough.requirements import engine_path
from bough_components.errors import BuildError, UnavailableError
from bough_components.local.images import PLATFORM, VAULT_PLUGINS, Recipe, Workshop, resolve
from bough_components.local.images.build import tag_of
from bough_components.local.images.memory import Memory
from bough_components.local.images.recipes import APPLICATION_BASES
from bough_components.local.images.workshop import host_ca_bundle

pytestmark = pytest.mark.timeout(900)

USER = os.getuid() or 10001
BINARIES = ("vault", "consul", *VAULT_PLUGINS)
LABEL = {"bough.test": str(uuid.uuid4())}
WANTED: dict[str, Recipe | str] = {**PLATFORM, **{name: name for name in APPLICATION_BASES}}
PASSWORD = "pw"
# bcrypt of that password
HTPASSWD = "bough:$2y$05$abcdefghijklmnopqrstuuHIrMEWpUCQe2YqFR3sXwQ75u4od..9q\n"


@pytest.fixture(scope="module")
def engine() -> Iterator[APIClient]:
    client = APIClient(timeout=120)
    yield client
    label = "=".join(*LABEL.items())
    for image in client.images(filters={"label": label}):
        client.remove_image(image["Id"], force=True)
    client.close()


@pytest.fixture
def lines() -> list[str]:
    return []


@pytest.fixture
def workshop(engine: APIClient, tmp_path: Path, lines: list[str]) -> Workshop:
    return Workshop(
        engine=engine,
        cache=tmp_path / "cache",
        binaries={name: engine_path(name) for name in BINARIES},
        report=lines.append,
        ca_bundle=host_ca_bundle(),
    )


@dataclass
class Running:
    """A container of a platform image, under the limits that the platform sets."""

    engine: APIClient
    name: str
    folder: Path
    container: str = ""
    volumes: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://{self.address}"

    @property
    def address(self) -> str:
        (bound,) = self.engine.port(self.container, PLATFORM[self.name].port)
        return f"127.0.0.1:{bound['HostPort']}"

    def write(self, name: str, text: str) -> None:
        """A key file of the user it runs as."""
        file = self.folder / "keys" / name
        file.write_text(text)
        file.chmod(0o400)
        os.chown(file, USER, -1)

    def start(self, image: str) -> None:
        recipe = PLATFORM[self.name]
        for name, text in recipe.file_texts().items():
            (self.folder / "etc" / name).write_text(text)
        paths = [path for path in (recipe.data_dir, *recipe.volumes) if path]
        self.volumes = [self.engine.create_volume(labels=LABEL)["Name"] for _ in paths]
        self._own(image)
        limits = self.engine.create_host_config(
            binds=[
                f"{self.folder}/etc:/etc/bough:ro",
                f"{self.folder}/keys:/run/keys:ro",
                *(f"{volume}:{path}" for volume, path in zip(self.volumes, paths, strict=True)),
            ],
            tmpfs=dict.fromkeys(recipe.tmpfs, f"mode=0700,uid={USER},size=16m"),
            read_only=True,
            cap_drop=["ALL"],
            security_opt=["no-new-privileges"],
            port_bindings={recipe.port: ("127.0.0.1",)},
        )
        created = self.engine.create_container(
            image,
            entrypoint=list(recipe.command),
            user=f"{USER}:{USER}",
            labels=LABEL,
            host_config=limits,
            ports=[recipe.port],
            environment=dict(recipe.environment),
            stop_signal=recipe.stop_signal,
        )
        self.container = created["Id"]
        self.engine.start(self.container)

    def _own(self, image: str) -> None:
        """The volumes belong to the user: written through a container that never runs."""
        archive = io.BytesIO()
        with tarfile.open(fileobj=archive, mode="w") as tar:
            for volume in self.volumes:
                entry = tarfile.TarInfo(volume)
                entry.type, entry.mode, entry.uid, entry.gid = tarfile.DIRTYPE, 0o700, USER, USER
                tar.addfile(entry)
        binds = [f"{volume}:/volumes/{volume}" for volume in self.volumes]
        config = self.engine.create_host_config(binds=binds)
        helper = self.engine.create_container(image, ["true"], labels=LABEL, host_config=config)
        if self.volumes:
            self.engine.put_archive(helper["Id"], "/volumes", archive.getvalue())
        self.engine.remove_container(helper["Id"])

    def healthy(self) -> bool:
        if not self.engine.inspect_container(self.container)["State"]["Running"]:
            pytest.fail(f"{self.name} ended: {self.engine.logs(self.container, tail=20).decode()}")
        run = self.engine.exec_create(self.container, list(PLATFORM[self.name].health))["Id"]
        self.engine.exec_start(run)
        return bool(self.engine.exec_inspect(run)["ExitCode"] == 0)

    def kill_and_start(self) -> None:
        self.engine.kill(self.container, "SIGKILL")
        self.engine.wait(self.container)
        self.engine.start(self.container)

    def remove(self) -> None:
        if self.container:
            self.engine.remove_container(self.container, force=True, v=True)
        for volume in self.volumes:
            self.engine.remove_volume(volume)


@pytest.fixture
def running(engine: APIClient, tmp_path: Path) -> Iterator[Callable[[str], Running]]:
    everything: list[Running] = []

    def prepare(name: str) -> Running:
        for folder in ("etc", "keys"):
            (tmp_path / name / folder).mkdir(parents=True)
        os.chown(tmp_path / name / "keys", USER, -1)
        everything.append(Running(engine, name, tmp_path / name))
        return everything[-1]

    yield prepare
    for one in everything:
        one.remove()


def eventually(true: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.mark.parametrize("name", WANTED)
def test_every_image_is_there_and_pinned(engine: APIClient, workshop: Workshop, name: str) -> None:
    image = resolve(WANTED[name], workshop)
    assert image.digest.startswith("sha256:")
    assert engine.inspect_image(image.reference)["Id"]
    assert ("@sha256:" in image.reference) == (image.origin == "pulled")


@pytest.mark.parametrize("name", WANTED)
def test_the_second_time_is_quick(workshop: Workshop, lines: list[str], name: str) -> None:
    first = resolve(WANTED[name], workshop)
    lines.clear()
    seconds = []
    for _ in range(5):
        started = time.monotonic()
        assert resolve(WANTED[name], workshop) == first
        seconds.append(time.monotonic() - started)
    assert min(seconds) < 0.02
    assert lines == []


KEYS = {
    "registry": {"htpasswd": HTPASSWD},
    "postgres": {"postgres": PASSWORD},
    "consul": {
        "consul.json": json.dumps(
            {
                "encrypt": base64.b64encode(os.urandom(32)).decode(),
                "acl": {"tokens": {"initial_management": str(uuid.uuid4())}},
            }
        )
    },
    "haproxy": {},
    "mariadb": {"mariadb": PASSWORD},
    "rabbitmq": {"rabbitmq.conf": f"default_user = bough\ndefault_pass = {PASSWORD}\n"},
}


@pytest.mark.parametrize("name", KEYS)
def test_it_serves_without_any_right_and_after_a_kill(
    workshop: Workshop, running: Callable[[str], Running], name: str
) -> None:
    one = running(name)
    for key, text in KEYS[name].items():
        one.write(key, text)
    one.start(resolve(PLATFORM[name], workshop).reference)
    eventually(one.healthy)
    one.kill_and_start()
    eventually(one.healthy)


def test_vault_unseals_itself(workshop: Workshop, running: Callable[[str], Running]) -> None:
    vault = running("vault")
    vault.start(resolve(PLATFORM["vault"], workshop).reference)
    with httpx.Client(base_url=vault.url) as client:

        def initialised() -> bool:
            try:
                return client.get("/v1/sys/seal-status").json()["initialized"] is False
            except httpx.TransportError:
                return False

        eventually(initialised)
        one_key = {"secret_shares": 1, "secret_threshold": 1}
        answer = client.put("/v1/sys/init", json=one_key).json()
    assert not vault.healthy()
    vault.write("vault-unseal", answer["keys_base64"][0] + "\n")
    eventually(vault.healthy, seconds=10)
    vault.kill_and_start()
    eventually(vault.healthy, seconds=10)


def test_what_cannot_be_pulled_is_built(
    engine: APIClient, workshop: Workshop, lines: list[str]
) -> None:
    label = "".join(f"LABEL {key}={value}\n" for key, value in LABEL.items())
    nowhere = f"127.0.0.1:{free_port()}/tool:1"
    recipe = Recipe(name="test-tool", official=nowhere, dockerfile=f"{label}RUN echo made >/made\n")
    started = time.monotonic()
    image = resolve(recipe, workshop)
    assert (image.origin, image.reference.split(":")[0]) == ("built", "bough/test-tool")
    assert image.labels["bough.image"] == "test-tool"
    assert any("RUN echo made" in line for line in lines)
    assert time.monotonic() - started < 60
    engine.remove_image(image.reference)
    assert resolve(recipe, workshop).reference == image.reference


def test_a_build_that_fails_tells_its_last_lines(workshop: Workshop) -> None:
    nowhere = f"127.0.0.1:{free_port()}/tool:1"
    recipe = Recipe(name="test-bad", official=nowhere, dockerfile="RUN echo why not; exit 3\n")
    with pytest.raises(BuildError, match="why not"):
        resolve(recipe, workshop)


def test_an_interrupted_build_leaves_no_image(engine: APIClient, workshop: Workshop) -> None:
    nowhere = f"127.0.0.1:{free_port()}/tool:1"
    slow = "RUN for i in 1 2 3 4 5; do echo waiting $i; sleep 1; done\nRUN true\n"
    recipe = Recipe(name="test-slow", official=nowhere, dockerfile=slow)

    def interrupt(line: str) -> None:
        if line.startswith("test-slow: waiting"):
            raise KeyboardInterrupt

    impatient = replace(workshop, report=interrupt)
    with pytest.raises(KeyboardInterrupt):
        resolve(recipe, impatient)
    tag = tag_of(recipe, impatient, Memory(workshop.cache / "images.json"))
    time.sleep(6)
    assert not engine.images(name=tag)


def test_a_reference_that_nobody_has(workshop: Workshop) -> None:
    nowhere = f"127.0.0.1:{free_port()}/team/base:1"
    with pytest.raises(UnavailableError, match=f"{nowhere} cannot be pulled: .*refused"):
        resolve(nowhere, workshop)


def test_pulled_from_a_registry_with_a_password(
    engine: APIClient, workshop: Workshop, running: Callable[[str], Running]
) -> None:
    registry = running("registry")
    registry.write("htpasswd", HTPASSWD)
    registry.start(resolve(PLATFORM["registry"], workshop).reference)
    eventually(registry.healthy)
    with pytest.raises(UnavailableError, match="cannot be pulled"):
        resolve(f"{registry.address}/team/tiny:1", workshop)
    engine.login("bough", PASSWORD, registry=registry.address, reauth=True)
    digest = push_something_tiny(engine, f"{registry.address}/team/tiny")
    image = resolve(f"{registry.address}/team/tiny:1", workshop)
    assert image.origin == "pulled"
    assert image.reference == f"{registry.address}/team/tiny@{digest}"
    assert image.digest == digest
    assert resolve(image.reference, workshop) == image
    engine.remove_image(image.reference, force=True)


def push_something_tiny(engine: APIClient, repository: str) -> str:
    """Returns the digest that the registry gave it; the engine does not keep the image."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        tar.addfile(tarfile.TarInfo("tiny"))
    labels = [f"LABEL {key}={value}" for key, value in LABEL.items()]
    engine.import_image_from_data(archive.getvalue(), repository, "1", changes=labels)
    events = list(engine.push(repository, "1", stream=True, decode=True))
    assert not [event for event in events if "error" in event]
    engine.remove_image(f"{repository}:1")
    (digest,) = [event["aux"]["Digest"] for event in events if "Digest" in event.get("aux", {})]
    return str(digest)
