"""What can go wrong, as a small tree.

BoughSecretsError
 ├─ ConfigurationError      the instance lacks something that the run-time contract promises it
 ├─ LoginError              no valid credential, and none was delivered when asked for
 │   └─ InterceptionError   somebody else may have used the credential first
 ├─ UnreachableError        an engine did not answer, or answered that it cannot now; try again
 ├─ RefusedError            an engine understood the request and says it is wrong (HTTP 400)
 ├─ DeniedError             an engine says that this identity may not do this (HTTP 403)
 ├─ MissingError            there is no such secret, need, or healthy instance
 └─ ClosedError             the session was closed before it could answer

Every message says what happened, to what, and what to do next; none holds a secret.
"""

from __future__ import annotations


class BoughSecretsError(Exception):
    """The root of the tree: `happened` and what to `do`, one sentence each."""

    exit_code = 77

    def __init__(self, happened: str, do: str) -> None:
        super().__init__(f"{happened}. {do}.")
        self.happened = happened
        self.do = do


class ConfigurationError(BoughSecretsError):
    """The instance lacks something that the run-time contract promises it."""


class LoginError(BoughSecretsError):
    """There is no valid credential, and none was delivered when asked for."""


class InterceptionError(LoginError):
    """Somebody else may have used the credential before this instance did."""

    exit_code = 78

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(
            f"possible interception: {what}",
            "Look for the unwrapping in Vault's audit log, then deploy this service again",
        )


class UnreachableError(BoughSecretsError):
    """An engine did not answer, or answered that it cannot serve now."""


class RefusedError(BoughSecretsError):
    """An engine understood the request and says that it is wrong (HTTP 400)."""


class DeniedError(BoughSecretsError):
    """An engine says that this identity may not do this (HTTP 403)."""


class MissingError(BoughSecretsError):
    """There is no such secret, need, or healthy instance."""


class ClosedError(BoughSecretsError):
    """The session was closed before it could answer."""

    def __init__(self) -> None:
        super().__init__("This session is closed", "Ask before you close it")
