import json

import pytest

from bough_components.local.images.recipes import APPLICATION_BASES, PLATFORM, TMPFS, PlatformImage

every_image = pytest.mark.parametrize("image", PLATFORM.values(), ids=PLATFORM.keys())


@every_image
def test_pinned_by_a_version(image: PlatformImage) -> None:
    tag = image.official.rpartition(":")[2]
    assert tag[0].isdigit()


@every_image
def test_its_files_are_shipped(image: PlatformImage) -> None:
    texts = image.file_texts()
    assert texts.keys() == image.files.keys()
    assert all(texts.values())


@every_image
def test_its_command_reads_files_that_are_there(image: PlatformImage) -> None:
    mounted = {
        "/etc/bough",
        *(f"/etc/bough/{name}" for name in image.files),
        *(f"/run/keys/{name}" for name in image.keys),
    }
    paths = {
        word.rpartition("=")[2] for word in image.command if "/etc/" in word or "/keys/" in word
    }
    assert paths
    assert paths <= mounted


@every_image
def test_nothing_but_volumes_and_memory_is_written(image: PlatformImage) -> None:
    assert set(TMPFS) <= set(image.tmpfs)
    assert not set(image.tmpfs) & {image.data_dir, *image.volumes}


def test_no_password_in_the_environment() -> None:
    names = {name for image in PLATFORM.values() for name in image.environment}
    assert names == {"GOGC", "OTEL_TRACES_EXPORTER", "VAULT_ADDR"}


def test_consul_denies_and_gossips_with_nobody() -> None:
    consul = json.loads(PLATFORM["consul"].file_texts()["consul.json"])
    assert consul["acl"]["default_policy"] == "deny"
    assert consul["http_config"] == {"allow_write_http_from": ["127.0.0.0/8"]}
    assert consul["bind_addr"] == "127.0.0.1"
    assert {name for name, port in consul["ports"].items() if port > 0} == {"http"}


def test_bases_for_applications() -> None:
    assert set(APPLICATION_BASES) == {"debian:bookworm-slim", "python:3.11-slim-bookworm"}
