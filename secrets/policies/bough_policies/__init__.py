"""The rules that Vault and Consul enforce, as files; `render` fills one in."""

from importlib.resources import files
from typing import Any


def render(name: str, **values: Any) -> str:
    """The text of the rule file `name`; a name in it that `values` lack is an error."""
    text = files(__name__).joinpath(name).read_text()
    if not name.endswith(".j2"):
        return text
    from jinja2 import StrictUndefined, Template

    template = Template(text, undefined=StrictUndefined, autoescape=False)
    rules: str = template.render(values)
    return rules
