"""A static secret."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bough_secrets.errors import MissingError
from bough_secrets.sensitive import Sensitive
from bough_secrets.vault import Vault


class Secret(Mapping[str, Sensitive]):
    """The fields of one version of a secret; `value` is the field of that name."""

    def __init__(self, name: str, version: int, fields: Mapping[str, str]) -> None:
        self.name = name
        self.version = version
        self._fields = {field: Sensitive(str(text)) for field, text in fields.items()}

    @property
    def value(self) -> Sensitive:
        """The field `value`. Raises MissingError when the secret has other fields only."""
        return self["value"]

    def __getitem__(self, field: str) -> Sensitive:
        try:
            return self._fields[field]
        except KeyError:
            raise MissingError(
                f"The secret {self.name!r} has no field {field!r}",
                f"Use one of its fields: {', '.join(sorted(self._fields)) or 'it has none'}",
            ) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def __contains__(self, field: object) -> bool:
        return field in self._fields

    def __repr__(self) -> str:
        return f"Secret({self.name!r}, version {self.version}, {sorted(self._fields)})"


def read_secret(vault: Vault, path: str, name: str) -> Secret:
    """Read the newest version. Raises MissingError, DeniedError, UnreachableError."""
    data = vault.read(path)["data"]
    return Secret(name, data["metadata"]["version"], data["data"])
