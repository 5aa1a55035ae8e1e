"""What may be destroyed, decided before any engine is asked."""

import pytest

from bough import destroying, platform, registry
from bough_components.errors import RefusedError
from bough_components.local.home import Home

PRODUCTION = "notes-production"


@pytest.fixture(autouse=True)
def _stage(home: Home) -> None:
    registry.claim_stage(home, PRODUCTION, "notes", "production", "stage:production")


@pytest.mark.parametrize("typed", [None, "", "production", "notes-productio"])
def test_a_stage_goes_only_when_its_name_was_typed(
    home: Home, lines: list[str], typed: str | None
) -> None:
    with pytest.raises(RefusedError, match=f"--permanent {PRODUCTION}"):
        destroying.destroy(home, PRODUCTION, lines.append, typed=typed)
    assert registry.find(home, PRODUCTION) is not None
    assert lines == []


def test_a_stage_whose_name_was_typed_may_go(home: Home) -> None:
    destroying.require_typed([PRODUCTION], home, PRODUCTION)


def test_a_platform_with_a_stage_stays(home: Home, lines: list[str]) -> None:
    with pytest.raises(RefusedError, match="is the stage production of notes"):
        platform.down(home, environments_too=True, purge=True, report=lines.append)
    assert lines == []


def test_a_branch_s_environment_may_go(home: Home) -> None:
    destroying.require_typed(["main", "never-was"], home, None)
