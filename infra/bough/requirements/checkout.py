"""Where bough runs from: a checkout with a lock file, or an installed package."""

from pathlib import Path

LOCK = "requirements.lock"


def checkout() -> Path | None:
    """The root of the checkout that this module belongs to; None for an installed package."""
    root = Path(__file__).resolve().parents[3]
    return root if (root / LOCK).is_file() else None
