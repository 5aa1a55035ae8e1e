"""Gates: what a release must pass in a stage before it may go further."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from bough.config.fields import BETWEEN_FIELDS, Command, Model, Name, Seconds, Should, Text

Percent = Annotated[
    int, Field(strict=True, ge=1, le=100), Should("a whole number of per cent from 1 to 100")
]


class Checks(Model):
    """The application's own checks and unit tests, run inside the built image."""

    kind: Literal["checks"]
    """What it is."""

    service: Name
    """Service whose image is checked and holds the command."""

    command: Command
    """What to run; any exit status but 0 fails."""

    coverage: Percent | None = None
    """Least coverage of the tests, in per cent. Without a figure from the command: INCONCLUSIVE."""

    timeout: Seconds = 600
    """Seconds that it may take; then it is ended and INCONCLUSIVE."""


class Integration(Model):
    """Tests against the whole environment of a stage, with only that environment's credentials."""

    kind: Literal["integration"]
    """What it is."""

    service: Name
    """Service whose image holds the command, and whose credentials it gets."""

    command: Command
    """What to run; any exit status but 0 fails."""

    timeout: Seconds = 300
    """Seconds that it may take; then it is ended and INCONCLUSIVE."""


class Isolation(Model):
    """Tries a stage's real credentials on everything that is not its own."""

    kind: Literal["isolation"]
    """What it is."""

    timeout: Seconds = 300
    """Seconds that it may take; then it is ended and INCONCLUSIVE."""


class Migration(Model):
    """Migrates a clone of the next stage's database; the release that serves there must still pass
    its checks on the result."""

    kind: Literal["migration"]
    """What it is."""

    need: Name
    """Database whose schema it is about; it must have migrations."""

    command: Command
    """The checks that the older release must pass on the newer schema; in the image, and with the
    credentials, of the service that migrates."""

    histories: tuple[Text, ...] = ()
    """Tables in which your tool remembers the migrations that were applied, where it is not one of
    the usual ones: their rows are copied with the schema, and nobody else's."""

    timeout: Seconds = 600
    """Seconds that it may take; then it is ended and INCONCLUSIVE."""


class Program(Model):
    """Any program, by its exit status and the JSON verdict that it prints."""

    kind: Literal["command"]
    """What it is."""

    command: Command
    """What to run on the platform's machine."""

    verdict: Annotated[Literal["json", "exit-status"], Should('"json" or "exit-status"')] = "json"
    """Where its verdict is: in the JSON that it prints, or in its exit status alone."""

    timeout: Seconds = 300
    """Seconds that it may take; then it is ended and INCONCLUSIVE."""


def _kind(gate: object) -> str:
    return str(gate.get("kind")) if isinstance(gate, Mapping) else ""


Gate = Annotated[
    Annotated[Checks, Tag("checks")]
    | Annotated[Integration, Tag("integration")]
    | Annotated[Isolation, Tag("isolation")]
    | Annotated[Migration, Tag("migration")]
    | Annotated[Program, Tag("command")],
    Discriminator(
        _kind,
        custom_error_type=BETWEEN_FIELDS,
        custom_error_message="should be a known kind: checks, integration, isolation, migration or"
        " command",
        custom_error_context={"field": "kind"},
    ),
]
