from pathlib import Path

import pytest

from bough_secrets import ConfigurationError
from bough_secrets.run.loading import check_places, given, read
from bough_secrets.run.settings import Reaction, Settings, Stop, Template

PRIVATE = Path("/run/bough")


def test_yaml_and_toml_say_the_same(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        "databases: [db]\nstop: {signal: INT, timeout: 5}\n"
        "templates: [{destination: /run/x, contents: hello, on_change: {signal: HUP}}]\n"
    )
    (tmp_path / "a.toml").write_text(
        'databases = ["db"]\nstop = {signal = "INT", timeout = 5}\n[[templates]]\n'
        'destination = "/run/x"\ncontents = "hello"\non_change = {signal = "HUP"}\n'
    )
    template = Template(destination="/run/x", contents="hello", on_change=Reaction(signal="HUP"))
    expected = Settings(
        databases=("db",), stop=Stop(signal="INT", timeout=5), templates=(template,)
    )
    assert read(tmp_path / "a.yaml") == read(tmp_path / "a.toml") == expected


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("datbases: [db]", "unknown field `datbases`"),
        ("templates: [{destnation: /x}]", r"at templates\[0\]: .*unknown field `destnation`"),
        ("templates: [{contents: x}]", r"at templates\[0\]: .*missing .*`destination`"),
        ("templates: [{destination: /x}]", "either `source` or `contents`"),
        ("templates: [{destination: /x, contents: a, source: b}]", "either `source` or `contents`"),
        ("templates: [{destination: /x, contents: a, mode: '999'}]", r"templates\[0\]\.mode"),
        ("on_change: sometimes", "at on_change: .*'sometimes'"),
        ("on_change: {signal: KILL}", "at on_change.signal: .*'KILL'"),
        ("on_change: {signal: HUP, command: [x]}", "either `signal` or `command`"),
        ("on_change: {command: []}", "at on_change.command: .*length"),
        ("stop: {timeout: -1}", "at stop.timeout"),
        ("databases: [../db]", r"at databases\[.*\]"),
        ("a: [", "cannot be used"),
        ("", "got `null`"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, complaint: str) -> None:
    (tmp_path / "a.yaml").write_text(text)
    with pytest.raises(ConfigurationError, match=complaint) as error:
        read(tmp_path / "a.yaml")
    assert "\n" not in str(error.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="No such file"):
        read(tmp_path / "a.yaml")


def test_flags_are_checked_like_a_file() -> None:
    assert given({"databases": ["db"]}) == Settings(databases=("db",))
    with pytest.raises(ConfigurationError, match=r"command line .* at on_change.signal: .*'HU'"):
        given({"on_change": {"signal": "HU"}})


@pytest.mark.parametrize(
    ("destination", "complaint"),
    [
        ("files/x", "no absolute path"),
        ("/run/bough/files/../token", "no absolute path"),
        ("/run/bough/token", "the instance's credential"),
        ("/proc/x", "not on a memory file system"),
    ],
)
def test_places_that_will_not_do(memory: Path, destination: str, complaint: str) -> None:
    wrong = Template(destination=destination, contents="x")
    with pytest.raises(ConfigurationError, match=complaint):
        check_places(Settings(folder=str(memory), templates=(wrong,)), PRIVATE)


def test_two_templates_for_one_destination(memory: Path) -> None:
    template = Template(destination=str(memory / "x"), contents="x")
    with pytest.raises(ConfigurationError, match="two templates"):
        check_places(Settings(folder=str(memory), templates=(template, template)), PRIVATE)


def test_the_folder_of_the_credential_is_not_for_files(memory: Path) -> None:
    with pytest.raises(ConfigurationError, match="the instance's credential"):
        check_places(Settings(folder=str(memory)), memory)
    check_places(Settings(folder=str(memory / "files")), memory)


def test_a_disk_may_be_allowed() -> None:
    check_places(Settings(folder="/proc/files", allow_disk=True), PRIVATE)
