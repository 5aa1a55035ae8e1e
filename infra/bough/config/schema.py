"""The JSON Schema of bough.yaml, for editors; made from the models that validate it."""

import json
from typing import Any

from bough.config.application import Application

SCHEMA_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> dict[str, Any]:
    schema = _tidy(Application.model_json_schema())
    return {"$schema": SCHEMA_DIALECT, "title": "bough.yaml", **schema}


def schema_text() -> str:
    """The schema as files have it."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def _tidy(value: Any) -> Any:
    """Without the titles, which repeat each key, and with names that match no pattern forbidden."""
    if isinstance(value, list):
        return [_tidy(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    tidy = {
        key: _tidy(inner)
        for key, inner in value.items()
        if not (key == "title" and isinstance(inner, str))
    }
    return {**tidy, "additionalProperties": False} if "patternProperties" in tidy else tidy
