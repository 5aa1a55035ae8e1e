"""What was recorded on a platform whose ledger does not answer."""

import json
from typing import Any

from bough.ledger.waiting import waiting
from bough_components.local.home import Home


def recorded(home: Home) -> list[dict[str, Any]]:
    return [json.loads(entry.text) for entry in waiting(home).values()]
