import pytest

from bough import settings
from bough.settings import Layer, Setting
from bough_components.errors import UsageError

WEAK, STRONG = Layer("the weak", "w/"), Layer("the strong", "s/")


def test_layers_weakest_first() -> None:
    assert [layer.prefix for layer in settings.of_environment("main", "notes", "preview")] == [
        "app/notes/config/",
        "app/notes/stage/preview/config/",
        "env/main/config/",
        "env/main/overrides/",
    ]
    assert [layer.where for layer in settings.of_environment("main", "notes", "preview")] == [
        "application notes",
        "stage preview",
        "bough.yaml",
        "environment main",
    ]


def test_a_later_layer_wins() -> None:
    found = settings.effective([(WEAK, {"b": "1", "a": "1"}), (STRONG, {"b": "2", "c": "2"})])
    assert list(found.values()) == [
        Setting("a", "1", WEAK),
        Setting("b", "2", STRONG),
        Setting("c", "2", STRONG),
    ]


def test_what_is_missing_is_said_with_where_it_is() -> None:
    known = {"a": Setting("a", "1", WEAK)}
    layers = [WEAK, STRONG]
    assert "a is not set for the strong; its value comes from the weak" in str(
        settings.missing("a", layers, known)
    )
    assert str(settings.missing("b", layers, known)).startswith("b is not set for the strong. ")


@pytest.mark.parametrize("name", ["", "-", "1a", "a/b", "a b", "a\n", "é", "\udcff", "a" * 65])
def test_names_that_cannot_be(name: str) -> None:
    with pytest.raises(UsageError, match="KEY should be a setting's name"):
        settings.check(name)


@pytest.mark.parametrize("value", ["", "a\nb", "é", "x" * (512 * 1024)])
def test_values_that_can_be(value: str) -> None:
    settings.check("page-size", value)


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("\udcff", "it is no UTF-8"),
        ("x" * (512 * 1024 + 1), "it has 524289 bytes, the most is 524288"),
        ("é" * (256 * 1024 + 1), "it has 524290 bytes, the most is 524288"),
    ],
)
def test_values_that_cannot_be(value: str, why: str) -> None:
    with pytest.raises(UsageError, match=f"of page-size cannot be stored: {why}"):
        settings.check("page-size", value)


@pytest.mark.parametrize("stage", ["", "A", "-", "a--b", "a/b", "production\n", "a" * 17])
def test_stages_that_cannot_be(stage: str) -> None:
    with pytest.raises(UsageError, match="--stage should be at most 16"):
        settings.check_stage(stage)


def test_a_stage() -> None:
    settings.check_stage("production")
