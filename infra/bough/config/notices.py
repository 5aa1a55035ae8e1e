"""Notices: who is told of deployments."""

from collections.abc import Mapping
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Discriminator, Field, Tag

from bough.config.fields import BETWEEN_FIELDS, Model, Name, SecretName, Should, wrong

_DEPLOYMENTS: Final = ("deployed", "rolled back")
_ATTEMPTS: Final = (*_DEPLOYMENTS, "deployment failed")
_EVENTS: Final = (*_ATTEMPTS, "promotion blocked", "approval wanted", "broke glass")

Deployment = Annotated[
    Literal["deployed", "rolled back"], Should(f"one of: {', '.join(_DEPLOYMENTS)}")
]
Attempt = Annotated[
    Literal["deployed", "rolled back", "deployment failed"],
    Should(f"one of: {', '.join(_ATTEMPTS)}"),
]
Event = Annotated[
    Literal[
        "deployed",
        "rolled back",
        "deployment failed",
        "promotion blocked",
        "approval wanted",
        "broke glass",
    ],
    Should(f"one of: {', '.join(_EVENTS)}"),
]

Slug = Annotated[
    str, Field(pattern="^[a-z0-9_-]{1,50}$"), Should("a slug as Sentry shows it, such as my-team")
]
EnvironmentName = Annotated[
    str,
    Field(pattern=r"^[A-Za-z0-9_.:-]{1,64}$"),
    Should("an environment's name: at most 64 letters, digits, '_', '.', ':' or '-'"),
]


def _some(values: tuple[str, ...]) -> tuple[str, ...]:
    # not by a least length: pydantic would also count what it refused
    return values or wrong("should name one at least")


Some = AfterValidator(_some)


class Addressee(Model):
    """What every addressee has."""

    secret: SecretName
    """Name of the secret that it is reached with: `bough secrets set NAME --notice`. It also says
    where notices go, so that no branch can send them elsewhere."""

    stages: Annotated[tuple[Name, ...], Some] | None = None
    """Stages whose events it is told of; `branch`: what happens in branches' environments. Default:
    all stages, without branch."""


class Sentry(Addressee):
    """Sentry is told of releases and deploys."""

    kind: Literal["sentry"]
    """Who is told."""

    organization: Slug
    """Sentry's organization."""

    projects: Annotated[tuple[Slug, ...], Some]
    """Sentry's projects that the application reports to."""

    environment: EnvironmentName | None = None
    """What Sentry calls the stage. Default: the stage's name."""

    events: Annotated[tuple[Deployment, ...], Some] = _DEPLOYMENTS
    """Which events."""


class Rollbar(Addressee):
    """Rollbar is told of deploys."""

    kind: Literal["rollbar"]
    """Who is told."""

    environment: EnvironmentName | None = None
    """What Rollbar calls the stage. Default: the stage's name."""

    events: Annotated[tuple[Attempt, ...], Some] = _ATTEMPTS
    """Which events."""


class Slack(Addressee):
    """A channel of Slack, by an incoming webhook."""

    kind: Literal["slack"]
    """Who is told."""

    events: Annotated[tuple[Event, ...], Some] = _EVENTS
    """Which events."""


class Webhook(Addressee):
    """Any program that takes signed JSON (https://www.standardwebhooks.com)."""

    kind: Literal["webhook"]
    """Who is told."""

    events: Annotated[tuple[Event, ...], Some] = _EVENTS
    """Which events."""


def _kind(notice: object) -> str:
    """Of what bough.yaml says, or of the model that is written down again."""
    found = notice.get("kind") if isinstance(notice, Mapping) else getattr(notice, "kind", "")
    return str(found)


Notice = Annotated[
    Annotated[Sentry, Tag("sentry")]
    | Annotated[Rollbar, Tag("rollbar")]
    | Annotated[Slack, Tag("slack")]
    | Annotated[Webhook, Tag("webhook")],
    Discriminator(
        _kind,
        custom_error_type=BETWEEN_FIELDS,
        custom_error_message="should be a known kind: sentry, rollbar, slack or webhook",
        custom_error_context={"field": "kind"},
    ),
]
