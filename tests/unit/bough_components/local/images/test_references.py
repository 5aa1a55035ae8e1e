import pytest

from bough_components.local.images.references import (
    digest_among,
    familiar,
    registry_of,
    repository_and_tag,
)

DIGEST = "sha256:" + "a" * 64


@pytest.mark.parametrize(
    ("written", "short"),
    [
        ("python", "python:latest"),
        ("docker.io/library/python:3.11", "python:3.11"),
        ("library/python:3.11", "python:3.11"),
        ("docker.io/hashicorp/vault:1", "hashicorp/vault:1"),
        ("127.0.0.1:5000/library/app:1", "127.0.0.1:5000/library/app:1"),
        ("127.0.0.1:5000/app", "127.0.0.1:5000/app:latest"),
        (f"python@{DIGEST}", f"python@{DIGEST}"),
    ],
)
def test_familiar(written: str, short: str) -> None:
    assert familiar(written) == short


@pytest.mark.parametrize(
    ("reference", "registry"),
    [
        ("python", "docker.io"),
        ("hashicorp/vault:1", "docker.io"),
        ("ghcr.io/a/b:1", "ghcr.io"),
        ("127.0.0.1:5000/a/b:1", "127.0.0.1:5000"),
    ],
)
def test_registry(reference: str, registry: str) -> None:
    assert registry_of(reference) == registry


@pytest.mark.parametrize(
    ("reference", "asked"),
    [
        ("python:3.11", ("python", "3.11")),
        ("python", ("python", "latest")),
        ("127.0.0.1:5000/a/b", ("127.0.0.1:5000/a/b", "latest")),
        (f"python:3.11@{DIGEST}", ("python", DIGEST)),
    ],
)
def test_what_the_engine_is_asked_for(reference: str, asked: tuple[str, str]) -> None:
    assert repository_and_tag(reference) == asked


def test_digest_of_the_repository_that_was_asked_for() -> None:
    known = [f"mirror.example/python@{DIGEST}", f"python@{DIGEST}"]
    assert digest_among(known, "docker.io/library/python:3.11") == f"python@{DIGEST}"
    assert digest_among(known, "mirror.example/python:3.11") == f"mirror.example/python@{DIGEST}"
    assert digest_among(known, "debian:12") is None
