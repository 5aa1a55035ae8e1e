"""What is refused before anything is signed; the home's Vault and registry do not answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.unit.bough.attestation.signing import NOTES

from bough.attestation import attest, collect
from bough_components.errors import RefusedError

if TYPE_CHECKING:
    from bough_components.local.home import Home


@pytest.mark.parametrize("odd", [float("nan"), float("inf"), b"x", {1, 2}, "\ud800"])
def test_what_json_cannot_hold(home: Home, odd: Any) -> None:
    with pytest.raises(RefusedError, match="cannot be written as JSON"):
        attest(home, NOTES.images, "urn:x", {"evidence": odd})


def test_images_by_digest_alone(home: Home) -> None:
    for refuse in (lambda: attest(home, {"web": "notes:main"}, "urn:x", {}),
                   lambda: collect(home, {"web": "notes:main"})):  # fmt: skip
        with pytest.raises(RefusedError, match="the image of web, 'notes:main', is not named by"):
            refuse()
