import pytest

from bough.config import Environments, refuse, refuse_push

ISSUE = Environments(
    names=r"(feature|fix)/[0-9]+-.*", protected=("main",), message="See the guide."
)
ANY = Environments()
NAMES = "gets no environment: its name should match (feature|fix)/[0-9]+-.*. See the guide."


@pytest.mark.parametrize(
    ("branch", "policy", "reason"),
    [
        ("anything/at-all", ANY, None),
        ("feature/42-login", ISSUE, None),
        ("refs/heads/feature/42-login", ISSUE, None),
        ("feature/login", ISSUE, f'branch "feature/login" {NAMES}'),
        ("my/feature/42-login", ISSUE, f'branch "my/feature/42-login" {NAMES}'),
        ("main", ISSUE, f'branch "main" {NAMES}'),
    ],
)
def test_refuse(branch: str, policy: Environments, reason: str | None) -> None:
    assert refuse(branch, policy) == reason


@pytest.mark.parametrize(
    ("branch", "policy", "reason"),
    [
        ("main", ANY, None),
        ("feature/42-login", ISSUE, None),
        ("feature/login", ISSUE, f'branch "feature/login" {NAMES}'),
        (
            "refs/heads/main",
            ISSUE,
            'branch "main" is protected: nobody pushes to it directly. See the guide.',
        ),
        (
            "main",
            Environments(protected=("main",)),
            'branch "main" is protected: nobody pushes to it directly',
        ),
    ],
)
def test_refuse_push(branch: str, policy: Environments, reason: str | None) -> None:
    assert refuse_push(branch, policy) == reason
