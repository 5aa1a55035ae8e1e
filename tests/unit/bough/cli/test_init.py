from pathlib import Path

import pytest
from click.testing import CliRunner

from bough.cli.init import init, next_steps
from bough.config import load
from bough.scaffold import Facts, Outcome

NEXT = "Next: look through bough.yaml, commit these files, then run `bough up`."


def run(folder: Path, *options: str) -> list[str]:
    arguments = ["--directory", str(folder), *options]
    return CliRunner().invoke(init, arguments, catch_exceptions=False).output.splitlines()


def test_what_is_written_is_told_and_can_be_used(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM x\nEXPOSE 80\n")
    assert run(tmp_path) == [
        "wrote bough.yaml",
        "wrote Pulumi.yaml",
        "wrote .bough/__main__.py",
        "wrote .bough/schema.json",
        "wrote .bough/.gitignore",
        "",
        NEXT,
    ]
    assert load(tmp_path).services["web"].port == 80
    assert run(tmp_path)[0] == "bough.yaml is up to date"


def test_what_is_there_is_left_alone(tmp_path: Path) -> None:
    mine = "application: mine\nservices: {web: {port: 1}}"
    (tmp_path / "bough.yaml").write_text(mine)
    assert run(tmp_path)[0] == (
        "left bough.yaml alone: it is there already (--force overwrites it)"
    )
    assert (tmp_path / "bough.yaml").read_text() == mine
    assert "each branch of mine\n" in (tmp_path / "Pulumi.yaml").read_text()
    assert run(tmp_path, "--force")[0] == "wrote bough.yaml"


WROTE = {"bough.yaml": Outcome.WROTE, "Pulumi.yaml": Outcome.WROTE}


@pytest.mark.parametrize(
    ("facts", "outcomes", "first"),
    [
        (Facts(application="a", has_dockerfile=True, port=1), WROTE, NEXT),
        (
            Facts(application="a", has_dockerfile=False, port=None),
            WROTE,
            "There is no Dockerfile yet: write one, or name yours in services.web.build.",
        ),
        (
            Facts(application="a", has_dockerfile=True, port=None),
            WROTE,
            "The Dockerfile exposes no port: 8000 was assumed in bough.yaml.",
        ),
        (
            Facts(application="a", has_dockerfile=True, port=1),
            {**WROTE, "Pulumi.yaml": Outcome.KEPT},
            "Pulumi.yaml is not bough's: bough needs its `main: .bough/` and its name.",
        ),
    ],
)
def test_next_steps(facts: Facts, outcomes: dict[str, Outcome], first: str) -> None:
    steps = next_steps(facts, outcomes)
    assert (steps[0], steps[-1]) == (first, NEXT)
