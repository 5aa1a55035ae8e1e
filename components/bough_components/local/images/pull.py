"""Images that come from a registry."""

import time
from typing import Any

from docker.auth import get_config_header
from docker.errors import APIError
from requests.exceptions import ConnectionError as NoConnection
from requests.exceptions import RequestException, Timeout

from bough_components.errors import UnavailableError
from bough_components.local.images.memory import Memory
from bough_components.local.images.progress import Pulling
from bough_components.local.images.references import (
    digest_among,
    familiar,
    registry_of,
    repository_and_tag,
)
from bough_components.local.images.workshop import ResolvedImage, Workshop


def in_engine(reference: str, workshop: Workshop) -> ResolvedImage | None:
    """The image as the engine has it, without asking a registry.

    One that was brought in by ``docker load`` has no registry's digest: its id pins it as well.
    """
    image = workshop.inspect(familiar(reference))
    if not image:
        return None
    pinned = digest_among(image.get("RepoDigests") or (), reference) or image["Id"]
    return ResolvedImage(
        reference=pinned,
        digest=pinned.rpartition("@")[2],
        origin="pulled",
        labels=image["Config"].get("Labels") or {},
    )


def pull(reference: str, workshop: Workshop, memory: Memory) -> ResolvedImage | str:
    """The image, pulled; or why it cannot be, in one line, after ``workshop.patience`` seconds.

    A registry that let us wait in vain is not asked again for an hour. One that fails at once is:
    it costs nothing, and the engine calls a missing ``docker login`` a failure, too.
    """
    registry = registry_of(reference)
    known = memory.unreachable(registry)
    if known:
        return known
    started = time.monotonic()
    why, answered = _offered(reference, workshop)
    if not why:
        why, answered = _fetched(reference, workshop), False
    if why and not answered and time.monotonic() - started >= workshop.patience / 3:
        memory.remember_unreachable(registry, why)
    return why or in_engine(reference, workshop) or f"the engine lost {reference}"


def _offered(reference: str, workshop: Workshop) -> tuple[str, bool]:
    """Why the registry does not offer this image ("" when it does), and whether it answered."""
    registry, engine = registry_of(reference), workshop.engine
    url = f"{engine.base_url}/v{engine.api_version}/distribution/{familiar(reference)}/json"
    header = get_config_header(engine, registry)
    try:
        answer = engine.get(
            url, timeout=workshop.patience, headers={"X-Registry-Auth": header} if header else {}
        )
    except Timeout:
        return f"{registry} did not answer within {workshop.patience:g} s", False
    except NoConnection as error:
        raise UnavailableError("The Docker engine does not answer", "start it") from error
    if answer.ok:
        return "", True
    # The engine says 500 when it got no answer from the registry, or none without a login.
    return _message(answer), answer.status_code < 500


def _message(answer: Any) -> str:
    try:
        return " ".join(str(answer.json()["message"]).split())
    except (ValueError, KeyError, TypeError):
        return f"the engine answered {answer.status_code}"


def _fetched(reference: str, workshop: Workshop) -> str:
    repository, tag = repository_and_tag(reference)
    progress = Pulling(familiar(reference), workshop.report)
    try:
        for event in workshop.engine.pull(repository, tag, stream=True, decode=True):
            if "error" in event:
                return str(event["error"])
            progress.take(event)
    except (APIError, RequestException) as error:
        return str(error)
    return ""
