import json
from pathlib import Path

import pytest

from bough_secrets import Session
from bough_secrets.run.answers import Answers
from bough_secrets.run.files import File
from bough_secrets.run.plan import Consequences, Plan, consequences, planned
from bough_secrets.run.settings import Change, Reaction, Settings, Template
from bough_secrets.testing import Platform

HUP, USR1 = Reaction(signal="HUP"), Reaction(signal="USR1")
CHECK = Reaction(command=("check",))


def made(plan: Plan, session: Session) -> list[File]:
    answers = Answers(session, lambda: None)
    return [file for part in plan for file in part(answers)]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ([], Consequences()),
        (["nothing"], Consequences()),
        ([HUP, HUP], Consequences(signals=("HUP",))),
        ([HUP, USR1, CHECK], Consequences(signals=("HUP", "USR1"), commands=(("check",),))),
        ([HUP, "restart", CHECK], Consequences(restart=True, commands=(("check",),))),
    ],
)
def test_each_thing_is_done_once_and_a_restart_needs_no_signal(
    changes: list[Change], expected: Consequences
) -> None:
    files = [File(Path(f"/{n}"), "", 0o400, change) for n, change in enumerate(changes)]
    assert consequences(files) == expected


def test_files_without_a_template(platform: Platform, session: Session) -> None:
    platform.vault.kv["env/main/kv/data/secrets/smtp"] = {"user": "u", "../token": "out"}
    entry = {"name": "main--search", "address": "10.0.0.7", "port": 9200}
    platform.consul.services["main--search-1"] = entry
    settings = Settings(databases=("db",), secrets=("smtp",), services=("search",), folder="/f")
    files = made(planned(settings), session)
    texts = {str(file.path): file.text for file in files}
    [(user, password)] = platform.vault.accounts.items()
    port = json.loads(platform.consul.kv["env/main/needs/db"])["port"]
    assert texts == {
        "/f/databases/db/user": user,
        "/f/databases/db/password": password,
        "/f/databases/db/host": "127.0.0.1",
        "/f/databases/db/port": str(port),
        "/f/databases/db/name": "app",
        "/f/databases/db/url": f"postgresql://{user}:{password}@127.0.0.1:{port}/app",
        "/f/secrets/smtp/user": "u",
        "/f/services/search": "10.0.0.7:9200\n",
    }
    assert {(file.mode, file.on_change) for file in files} == {(0o400, "restart")}


def test_a_template_has_a_mode_and_a_reaction_of_its_own(session: Session) -> None:
    own = Template(destination="/f/a", contents="a", mode="0440", on_change=HUP)
    inherited = Template(destination="/f/b", contents="b")
    settings = Settings(templates=(own, inherited), on_change="nothing")
    assert made(planned(settings), session) == [
        File(Path("/f/a"), "a", 0o440, HUP),
        File(Path("/f/b"), "b", 0o400, "nothing"),
    ]


def test_without_templates_jinja_is_not_imported() -> None:
    import subprocess
    import sys

    program = (
        "import sys; from bough_secrets.run import cli, plan, settings;"
        "plan.planned(settings.Settings(databases=('db',))); print('jinja2' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert run.stdout.strip() == b"False"
