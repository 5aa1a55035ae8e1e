"""What goes wrong with a requirement.

RequirementError
    A dependency is missing or does not serve; `hint` is the command that mends it.
"""


class RequirementError(Exception):
    """A dependency is missing or does not serve."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(f"{message}: {hint}")
        self.message = message
        self.hint = hint
