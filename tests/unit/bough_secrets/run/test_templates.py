from pathlib import Path

import pytest

from bough_secrets import ConfigurationError, MissingError, Session
from bough_secrets.run.answers import Answers
from bough_secrets.run.settings import Template
from bough_secrets.run.templates import RenderingError, Source
from bough_secrets.testing import Platform


def rendered(session: Session, contents: str) -> str:
    template = Template(destination="/run/x", contents=contents)
    return Source(template).render(Answers(session, lambda: None))


@pytest.fixture
def smtp(platform: Platform) -> None:
    platform.vault.kv["env/main/kv/data/secrets/smtp"] = {"password": "hunter2"}


@pytest.mark.usefixtures("smtp")
def test_everything_that_a_template_may_ask_for(platform: Platform, session: Session) -> None:
    platform.consul.kv["env/main/config/title"] = "Notes"
    for number in (1, 2):
        entry = {"name": "main--search", "address": f"10.0.0.{number}", "port": 9200}
        platform.consul.services[f"main--search-{number}"] = entry
    text = rendered(
        session,
        "{% set db = database('db') %}{{ db.user }}:{{ db.password }} {{ db.host }} {{ db.name }}\n"
        "{{ secret('smtp')['password'] }} {{ config['title'] }} {{ environment }} {{ instance }}\n"
        "{% for each in services('search') %}{{ each.host }} {% endfor %}\n",
    )
    [(user, password)] = platform.vault.accounts.items()
    assert text == (
        f"{user}:{password} 127.0.0.1 app\nhunter2 Notes main web-1-abcdef\n10.0.0.1 10.0.0.2 \n"
    )
    assert rendered(session, "{{ service('search') }}") in ("10.0.0.1:9200", "10.0.0.2:9200")


@pytest.mark.parametrize(
    ("contents", "complaint"),
    [
        ("{{ databas('db') }}", "uses databas, unknown here. Use database, queue, secret"),
        ("a\n{{ = }}", "is wrong in line 2"),
        ("{% for x in y %}", "is wrong in line 1"),
    ],
)
def test_a_wrong_template_is_refused_before_anything_runs(contents: str, complaint: str) -> None:
    with pytest.raises(ConfigurationError, match=complaint):
        Source(Template(destination="/run/x", contents=contents))


def test_a_template_that_is_not_in_the_image(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"Cannot read .*a.j2 \(No such file"):
        Source(Template(destination="/run/x", source=str(tmp_path / "a.j2")))


@pytest.mark.usefixtures("smtp")
@pytest.mark.parametrize(
    "contents",
    [
        "{{ database('db').pasword }}",
        "{{ config['nope'] }}",
        "{{ secret('smtp').password + 1 }}",
        "{% include secret('smtp').password %}",
        "{{ secret('smtp').password.__class__.__mro__ }}",
    ],
)
def test_a_failure_names_the_template_and_shows_no_secret(session: Session, contents: str) -> None:
    with pytest.raises(RenderingError, match="The contents for /run/x failed") as error:
        rendered(session, contents)
    assert "hunter2" not in str(error.value)
    assert error.value.__context__ is None


def test_what_does_not_exist_is_named(session: Session) -> None:
    with pytest.raises(MissingError, match="secrets/nope"):
        rendered(session, "{{ secret('nope').x }}")
    with pytest.raises(MissingError, match="'search' is healthy"):
        rendered(session, "{{ service('search') }}")
