"""YAML text to plain data, without YAML's surprises.

Only ``true``, ``false``, decimal integers and null are read as something else than text, as in YAML
1.2's core schema without floats: ``no``, ``on``, ``1.10``, ``22:30``, ``010`` and ``2025-01-01``
stay what was written.
"""

import re
from collections.abc import Iterator

import yaml

from bough.config.problems import path


class YamlError(Exception):
    """str(): the place and what is wrong there."""


class _Loader(yaml.SafeLoader):
    yaml_implicit_resolvers = {}  # noqa: RUF012 - the name and form that PyYAML looks for


_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"(~|null|)\Z"), ["~", "n", ""])
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"(true|false)\Z"), ["t", "f"])
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(r"(0|-?[1-9][0-9]{0,17})\Z"), [*"-0123456789"]
)
_Loader.add_implicit_resolver("tag:yaml.org,2002:merge", re.compile(r"<<\Z"), ["<"])


def read(text: str) -> tuple[object, list[str]]:
    """The data, and one problem for each key that is written twice. Raises YamlError."""
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        if node is None:
            return None, []
        # First, because construction copies merged keys into the nodes.
        repeated = list(_repeated(node, ()))
        return _construct(loader, node), repeated
    except yaml.MarkedYAMLError as error:
        raise YamlError(_where(error)) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise YamlError(f"line {line}: {error.reason}") from error
    except RecursionError as error:
        raise YamlError("nested too deeply") from error


def _construct(loader: _Loader, node: yaml.Node) -> object:
    try:
        return loader.construct_document(node)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        # PyYAML does not check a value that has an explicit tag, such as `!!int x`.
        raise YamlError(f"a value does not fit its tag: {error}") from error


def _where(error: yaml.MarkedYAMLError) -> str:
    mark = error.problem_mark or error.context_mark
    place = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
    return f"{place}{error.problem or error.context}"


def _repeated(
    node: yaml.Node, place: tuple[int | str, ...], seen: set[yaml.Node] | None = None
) -> Iterator[str]:
    # An alias leads to the same node again, and a chain of aliases to it very often.
    seen = set() if seen is None else seen
    if node in seen:
        return
    seen.add(node)
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from _repeated(item, (*place, index), seen)
    if isinstance(node, yaml.MappingNode):
        yield from _repeated_keys(node, place)
        for key, value in node.value:
            yield from _repeated(value, (*place, str(key.value)), seen)


def _repeated_keys(node: yaml.MappingNode, place: tuple[int | str, ...]) -> Iterator[str]:
    first: dict[str, int] = {}
    for key, _ in node.value:
        name, line = str(key.value), key.start_mark.line + 1
        if name in first:
            yield f"{path((*place, name))}: is written twice, in lines {first[name]} and {line}"
        first.setdefault(name, line)
