import subprocess
from pathlib import Path

import pytest
import yaml

from bough.config import load, parse
from bough.scaffold import (
    Facts,
    Outcome,
    application_name,
    exposed_port,
    plan,
    survey,
    write,
)
from bough_components.errors import BoughError, ConfigurationError, UsageError

FACTS = Facts(application="shop", has_dockerfile=True, port=5000)
PATHS = [
    "bough.yaml",
    "Pulumi.yaml",
    ".bough/__main__.py",
    ".bough/schema.json",
    ".bough/.gitignore",
]


@pytest.mark.parametrize(
    ("dockerfile", "port"),
    [
        ("", None),
        ("FROM x\nEXPOSE 8080\n", 8080),
        ("from x\n  expose 8080/tcp 9000\n", 8080),
        ("FROM x AS a\nEXPOSE 1\nFROM y\nEXPOSE 2", 2),
        ("EXPOSE 53/udp", None),
        ("EXPOSE $PORT", None),
        ("EXPOSE 99999", None),
        ("# EXPOSE 80", None),
    ],
)
def test_exposed_port(dockerfile: str, port: int | None) -> None:
    assert exposed_port(dockerfile) == port


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("notes", "notes"),
        ("My Shop_2", "my-shop-2"),
        ("42-things", "things"),
        ("日本", "app"),
        ("x" * 30 + "-y", "x" * 30),
    ],
)
def test_application_name(text: str, name: str) -> None:
    assert application_name(text) == name
    parse(f"application: {name}\nservices: {{web: {{}}}}", "bough.yaml")


def test_plan() -> None:
    files = {file.path: file.content for file in plan(FACTS)}
    assert list(files) == PATHS
    application = parse(files["bough.yaml"], "bough.yaml")
    assert (application.application, application.services["web"].port) == ("shop", 5000)
    pulumi = yaml.safe_load(files["Pulumi.yaml"])
    assert (pulumi["name"], pulumi["runtime"], pulumi["main"]) == ("bough", "python", ".bough/")
    assert pulumi["stackConfigDir"] == ".bough/stacks"
    assert "/stacks/" in files[".bough/.gitignore"].splitlines()
    compile(files[".bough/__main__.py"], "__main__.py", "exec")


def test_write_leaves_alone_what_differs_unless_forced(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: mine\n")
    files = plan(FACTS)
    wrote = dict.fromkeys(PATHS, Outcome.WROTE)
    same = dict.fromkeys(PATHS, Outcome.SAME)
    assert write(tmp_path, files, force=False) == {**wrote, "Pulumi.yaml": Outcome.KEPT}
    assert write(tmp_path, files, force=False) == {**same, "Pulumi.yaml": Outcome.KEPT}
    assert (tmp_path / "Pulumi.yaml").read_text() == "name: mine\n"
    assert write(tmp_path, files, force=True) == {**same, "Pulumi.yaml": Outcome.WROTE}
    assert load(tmp_path).application == "shop"


def test_write_where_a_file_is_in_the_way(tmp_path: Path) -> None:
    (tmp_path / ".bough").write_text("")
    with pytest.raises(BoughError, match=r"\.bough.* cannot be written: "):
        write(tmp_path, plan(FACTS), force=False)


def test_survey_of_a_folder_without_git(tmp_path: Path) -> None:
    folder = tmp_path / "My Shop"
    folder.mkdir()
    assert survey(folder) == Facts(application="my-shop", has_dockerfile=False, port=None)
    (folder / "Dockerfile").write_text("FROM x\nEXPOSE 80\n")
    assert survey(folder) == Facts(application="my-shop", has_dockerfile=True, port=80)


@pytest.mark.parametrize(
    "remote",
    ["https://example.com/a/shop.git", "git@example.com:shop.git", "/srv/git/shop/", "../shop"],
)
def test_survey_prefers_the_remotes_name(tmp_path: Path, remote: str) -> None:
    git(tmp_path, "init", "-q")
    git(tmp_path, "remote", "add", "origin", remote)
    assert survey(tmp_path).application == "shop"


def test_survey_refuses_a_folder_inside_a_repository(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    inner = tmp_path / "src"
    inner.mkdir()
    with pytest.raises(UsageError, match="is not the root of its repository") as caught:
        survey(inner)
    assert caught.value.hint == f"Use `bough init --directory {tmp_path}`"


def test_survey_keeps_to_the_name_in_a_bough_yaml_that_stays(tmp_path: Path) -> None:
    (tmp_path / "bough.yaml").write_text("application: other\nservices: {web: {}}")
    assert survey(tmp_path).application == "other"
    assert survey(tmp_path, keep=False).application != "other"
    (tmp_path / "bough.yaml").write_text("application: 1")
    with pytest.raises(ConfigurationError):
        survey(tmp_path)


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(folder), *arguments], check=True)
