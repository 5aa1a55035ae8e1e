import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.unit.bough.repositories import APPLICATION, Repository

from bough import descriptions
from bough.config.example import every_option, example
from bough.describe import describe
from bough.descriptions import described
from bough_components.errors import ConfigurationError
from bough_components.local.home import Home


def test_it_is_what_describe_says_the_first_time_and_again(
    home: Home, repository: Repository
) -> None:
    source = repository.source()
    wanted = describe(source)
    assert described(home, source) == wanted
    assert described(home, source) == wanted


def test_the_second_time_nothing_is_read(home: Home, repository: Repository) -> None:
    source = repository.source()
    first = described(home, source)
    (repository.folder / ".git").rename(repository.folder / "away")
    assert described(home, source) == first


def test_another_commit_is_described_anew(home: Home, repository: Repository) -> None:
    assert described(home, repository.source()).service("web").replicas == 1
    changed = APPLICATION.replace("    port: 8000\n", "    port: 8000\n    replicas: 2\n")
    repository.commit({"bough.yaml": changed})
    assert described(home, repository.source()).service("web").replicas == 2


def test_another_place_of_the_same_commit_is_described_anew(
    home: Home, repository: Repository, tmp_path: Path
) -> None:
    described(home, repository.source())
    elsewhere = repository.bare(tmp_path / "bare.git").source()
    (service, *_) = described(home, elsewhere).services
    assert service.build is not None
    assert service.build.repository == str(tmp_path / "bare.git")


def test_another_bough_describes_anew(home: Home, repository: Repository) -> None:
    source = repository.source()
    described(home, source)
    file = home.root / "cache/descriptions/main.json"
    known = json.loads(file.read_text())
    known["asked"]["code"]["describe.py"] -= 1
    known["description"]["application"] = "of another bough"
    file.write_text(json.dumps(known))
    assert described(home, source).application == "notes"


def test_what_is_wrong_is_said_each_time(home: Home, repository: Repository) -> None:
    repository.commit({"bough.yaml": "services: 1\n"})
    for _ in range(2):
        with pytest.raises(ConfigurationError):
            described(home, repository.source())


def test_a_torn_file_is_no_answer(home: Home, repository: Repository) -> None:
    source = repository.source()
    wanted = described(home, source)
    (home.root / "cache/descriptions/main.json").write_text('{"asked"')
    assert described(home, source) == wanted


def test_forgotten(home: Home, repository: Repository) -> None:
    source = repository.source()
    described(home, source)
    for _ in range(2):
        descriptions.forget(home, source.slug)
    assert not list((home.root / "cache/descriptions").iterdir())


def test_the_validating_library_is_not_loaded_again(home: Home, repository: Repository) -> None:
    source = repository.source()
    described(home, source)
    program = (
        "import sys\n"
        "from bough.descriptions import described\n"
        "from bough.source import Source\n"
        "from bough_components.local.home import Home\n"
        "described(Home.current(), Source.told())\n"
        "sys.exit('pydantic' in sys.modules)\n"
    )
    variables = {**os.environ, **source.tell()}
    subprocess.run([sys.executable, "-c", program], env=variables, check=True)


def test_nothing_of_any_option_is_lost_on_the_way(home: Home, repository: Repository) -> None:
    paths = ("migrations/1.sql", "seeds/1.sql", "Dockerfile")
    repository.commit({"bough.yaml": every_option(example()), **dict.fromkeys(paths, "x")})
    source = repository.source()
    wanted = describe(source)
    assert wanted.secrets
    assert wanted.config
    for _ in range(2):
        assert described(home, source) == wanted
