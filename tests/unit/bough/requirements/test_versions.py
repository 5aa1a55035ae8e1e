import pytest

from bough.requirements.versions import Range, first_version, parts


@pytest.mark.parametrize(
    ("output", "version"),
    [
        ("v3.230.0\n", "3.230.0"),
        ("Vault v1.21.2, built 2025-11-21T01:56:18Z (cgo)", "1.21.2"),
        ("Consul v1.21.0\nRevision 1.2.3", "1.21.0"),
        ("go version go1.26.8 linux/amd64", "1.26.8"),
        ("git version 2.39.5", "2.39.5"),
        ("Protocol 2 spoken by default", None),
        ("", None),
    ],
)
def test_the_first_dotted_number_is_the_version(output: str, version: str | None) -> None:
    assert first_version(output) == version


def test_numbers_are_compared_as_numbers() -> None:
    assert parts("1.9.0") < parts("1.21.0")
    assert parts("20.10.24+dfsg1") == (20, 10, 24)
    assert parts("unknown") == ()


@pytest.mark.parametrize(
    ("version", "serves"),
    [("1.21.1", False), ("1.21.2", True), ("1.30", True), ("2.0.0", False), ("x", False)],
)
def test_a_range_includes_its_minimum_and_excludes_its_end(version: str, serves: bool) -> None:
    assert (version in Range("1.21.2", below="2")) is serves


def test_a_range_without_an_end_is_open() -> None:
    assert "99.0" in Range("3.11")
    assert 3.11 not in Range("3.11")


def test_a_range_reads_as_it_is_meant() -> None:
    assert str(Range("1.21.2", below="2")) == ">= 1.21.2, < 2"
    assert str(Range("3.11")) == ">= 3.11"
