import io
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

from bough_components.local.images import Recipe, Workshop
from bough_components.local.images.build import labels_of, tag_of, write_context
from bough_components.local.images.memory import Memory
from bough_components.local.images.rootfs import command

RECIPE = Recipe(
    name="tool", official="vendor/tool:1", dockerfile="COPY tool /\n", binaries=("tool",)
)


@pytest.fixture
def supplied(workshop: Workshop, tmp_path: Path) -> Workshop:
    for name in ("tool", "ca.crt"):
        (tmp_path / name).write_text(name)
    binaries = {"tool": tmp_path / "tool"}
    return replace(workshop, binaries=binaries, ca_bundle=tmp_path / "ca.crt")


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    return Memory(tmp_path / "images.json")


def test_the_tag_names_the_content(supplied: Workshop, memory: Memory) -> None:
    name, _, version = tag_of(RECIPE, supplied, memory).partition(":")
    assert name == "bough/tool"
    assert len(version) == 12
    assert tag_of(RECIPE, supplied, memory) == f"{name}:{version}"


def test_every_part_changes_the_tag(supplied: Workshop, memory: Memory, tmp_path: Path) -> None:
    tags = {tag_of(RECIPE, supplied, memory)}
    tags.add(tag_of(replace(RECIPE, dockerfile="COPY tool /bin/\n"), supplied, memory))
    tags.add(tag_of(RECIPE, replace(supplied, ca_bundle=None), memory))
    (tmp_path / "tool").write_text("another build")
    tags.add(tag_of(RECIPE, supplied, memory))
    (tmp_path / "ca.crt").write_text("another authority")
    tags.add(tag_of(RECIPE, supplied, memory))
    assert len(tags) == 5


def test_labels_tell_the_programs(supplied: Workshop, memory: Memory) -> None:
    checksum = memory.sha256(supplied.binary("tool"))
    assert labels_of(RECIPE, supplied, memory) == {
        "bough.image": "tool",
        "bough.sha256.tool": checksum,
    }


def test_the_context_holds_dockerfile_and_programs(supplied: Workshop) -> None:
    file = io.BytesIO()
    write_context(RECIPE, "bough/debian:0", supplied, file)
    file.seek(0)
    with tarfile.open(fileobj=file) as tar:
        members = {member.name: member for member in tar}
        dockerfile = tar.extractfile("Dockerfile")
        assert dockerfile is not None
        assert dockerfile.read() == b"FROM bough/debian:0\nCOPY tool /\n"
    assert members["tool"].mode == 0o755
    assert {member.mtime for member in members.values()} == {0}


def test_the_bootstrap_brings_the_authorities_along(tmp_path: Path) -> None:
    hook = f"--customize-hook=upload {tmp_path}/ca.crt /etc/ssl/certs/ca-certificates.crt"
    assert hook in command(Path("out.tar"), tmp_path / "ca.crt")
    assert command(Path("out.tar"), None)[-2:] == ["bookworm", "out.tar"]
