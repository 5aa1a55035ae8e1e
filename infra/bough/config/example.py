"""The commented bough.yaml: documentation, test data, and what `bough init` writes."""

import re
from importlib.resources import files


def example() -> str:
    return files(__package__).joinpath("example.yaml").read_text(encoding="utf-8")


def every_option(text: str) -> str:
    """The example with all that it hides switched on: each "#" that is not one of prose is gone."""
    return re.sub(r"^( *)#(?! \S)", r"\1", text, flags=re.MULTILINE)


def filled_in(application: str, port: int) -> str:
    """The example for an application of another name and port."""
    text = re.sub(r"^application: .*$", f"application: {application}", example(), flags=re.M)
    return re.sub(r"^    port: .*$", f"    port: {port}", text, flags=re.M)
