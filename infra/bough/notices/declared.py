"""bough.yaml's notices as the ledger has them. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bough.config import Application


def words(application: Application) -> list[dict[str, Any]]:
    """Defaults filled in: whoever reads them later need not know them."""
    return [notice.model_dump(mode="json") for notice in application.notices]
