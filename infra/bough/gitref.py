"""Which branch names git accepts, decided without git.

The rules of ``git check-ref-format --branch`` (https://git-scm.com/docs/git-check-ref-format).
"""

import re

from bough_components.errors import UsageError

_RULES = (
    (re.compile(r"\A\Z"), "it is empty"),
    (re.compile(r"[\x00-\x1f\x7f]"), "it has a control character"),
    (re.compile(r" "), "it has a space"),
    (re.compile(r"\.\."), 'it has ".."'),
    (re.compile(r"[~^:?*\[\\]"), "it has one of ~ ^ : ? * [ \\"),
    (re.compile(r"@\{"), 'it has "@{"'),
    (re.compile(r"\A-"), 'it starts with "-"'),
    (re.compile(r"\A/|//|/\Z"), 'it has a "/" with nothing before or after it'),
    (re.compile(r"(\A|/)\."), 'it has a part that starts with "."'),
    (re.compile(r"\.\Z"), 'it ends with "."'),
    (re.compile(r"\.lock(/|\Z)"), 'it has a part that ends with ".lock"'),
    (re.compile(r"\AHEAD\Z"), "HEAD is not a branch"),
)


def check_ref(name: str) -> None:
    """name: without refs/heads/. Raises UsageError, which says why git refuses it."""
    if reason := why_refused(name):
        raise UsageError(f"{name!r} is not a branch name: {reason}")


def why_refused(name: str) -> str | None:
    return next((reason for pattern, reason in _RULES if pattern.search(name)), None)
