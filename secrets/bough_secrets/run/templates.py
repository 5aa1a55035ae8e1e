"""Templates, in a sandbox where an undefined name is an error."""

from __future__ import annotations

from pathlib import Path

from jinja2 import StrictUndefined, TemplateSyntaxError, UndefinedError, meta
from jinja2 import Template as Parsed
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bough_secrets.errors import BoughSecretsError, ConfigurationError
from bough_secrets.run.answers import Answers
from bough_secrets.run.settings import Template

NAMES = ("database", "queue", "secret", "config", "service", "services", "environment", "instance")


class RenderingError(BoughSecretsError):
    """A template could not be filled."""


class Source:
    """One template, parsed. Raises ConfigurationError when it is missing or wrong."""

    def __init__(self, template: Template) -> None:
        where = f"The template {template.source}" if template.source else "The contents"
        self._name = f"{where} for {template.destination}"
        text = _read(Path(template.source)) if template.source else template.contents or ""
        environment = ImmutableSandboxedEnvironment(
            undefined=StrictUndefined, keep_trailing_newline=True
        )
        try:
            self._used = meta.find_undeclared_variables(environment.parse(text))
            self._parsed: Parsed = environment.from_string(text)
        except TemplateSyntaxError as error:
            raise ConfigurationError(
                f"{self._name} is wrong in line {error.lineno}: {error.message}",
                "Correct it",
            ) from None
        if unknown := self._used - {*NAMES, *environment.globals}:
            raise ConfigurationError(
                f"{self._name} uses {', '.join(sorted(unknown))}, unknown here",
                f"Use {', '.join(NAMES)}",
            )

    def render(self, answers: Answers) -> str:
        """Fill it. Raises RenderingError, and what the answers raise."""
        try:
            # Only what it uses, because to ask for the settings is to ask Consul.
            asked = {name: getattr(answers, name) for name in NAMES if name in self._used}
            return self._parsed.render(asked)
        except BoughSecretsError:
            raise
        except UndefinedError as error:
            problem = str(error)
        except Exception as error:  # whatever a template may do; its words could hold a secret
            problem = type(error).__name__
        raise RenderingError(f"{self._name} failed: {problem}", "Correct it")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        reason = error.strerror
    except UnicodeDecodeError:
        reason = "it is no UTF-8 text"
    raise ConfigurationError(f"Cannot read the template {path} ({reason})", "Put it in the image")
