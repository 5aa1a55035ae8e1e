import pytest

from bough.requirements import RequirementError
from bough.requirements.finding import Finding
from bough_setup.docker_engine import provide_docker, unserved
from bough_setup.progress import Progress


def test_an_engine_elsewhere_is_never_installed_here(
    progress: Progress, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")
    with pytest.raises(RequirementError, match="unix:///nowhere"):
        provide_docker(progress)


@pytest.mark.parametrize(
    ("finding", "said"),
    [
        (Finding(None, "no answer"), "is needed: no answer"),
        (Finding("19.03", "another version is needed"), "found 19.03, another version is needed"),
    ],
)
def test_the_error_says_what_was_found(finding: Finding, said: str) -> None:
    assert said in unserved(finding).message


def test_a_user_outside_the_group_is_told_how_to_join() -> None:
    finding = Finding(None, "answers only to the group docker", "{sudo}usermod -aG docker $USER")
    assert "usermod -aG docker $USER" in unserved(finding).hint
