"""What deploying decides before it needs an engine; the rest is in tests/acceptance."""

import pytest
from tests.unit.bough.playing import Pulumi
from tests.unit.bough.repositories import Repository

from bough import deploying, registry
from bough_components.errors import BoughError
from bough_components.local.home import Home


def test_an_image_that_is_served_is_not_looked_for_again(
    home: Home, repository: Repository, pulumi: Pulumi, lines: list[str]
) -> None:
    source = repository.source()
    registry.claim(home, "main", "notes", source)
    registry.mark_deployed(home, "main", source.commit)
    pulumi.plays("same")
    # the engines of `home` were never set up
    outcome = deploying.up(home, source, lines.append)
    assert not outcome.changed
    assert pulumi.calls[-1].startswith("up ")


def test_the_image_of_another_commit_is_looked_for_before_anything_changes(
    home: Home, repository: Repository, pulumi: Pulumi, lines: list[str]
) -> None:
    source = repository.source()
    registry.claim(home, "main", "notes", source)
    registry.mark_deployed(home, "main", source.commit)
    repository.commit({"Dockerfile": "FROM scratch\nUSER 1\n"})
    with pytest.raises(BoughError, match="operator/registry is missing"):
        deploying.up(home, repository.source(), lines.append)
    assert not any(call.startswith("up ") for call in pulumi.calls)
