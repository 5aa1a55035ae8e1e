import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bough.config.schema import json_schema, schema_text

PUBLISHED = Path(__file__).parents[4] / "docs" / "bough.schema.json"


def properties(schema: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(schema, dict):
        yield from schema.get("properties", {}).items()
        for value in schema.values():
            yield from properties(value)


def test_the_published_schema_is_the_models() -> None:
    assert PUBLISHED.read_text(encoding="utf-8") == schema_text(), (
        "write it again: bough config schema > docs/bough.schema.json"
    )


def test_every_key_is_described_and_no_title_repeats_it() -> None:
    found = list(properties(json_schema()))
    assert {"application", "port", "kind", "migrations", "ttl"} <= {name for name, _ in found}
    for name, schema in found:
        assert schema.get("description"), name
        assert "title" not in schema, name


def test_unknown_keys_are_refused_everywhere() -> None:
    definitions = json_schema()["$defs"]
    assert all(definition["additionalProperties"] is False for definition in definitions.values())
    assert json_schema()["properties"]["services"]["additionalProperties"] is False
    assert json.loads(schema_text())["$schema"].startswith("https://json-schema.org/")
