"""From a recipe or a reference to an image that is in the engine and pinned."""

from docker.errors import APIError
from requests.exceptions import RequestException

from bough_components.errors import UnavailableError
from bough_components.local.images.build import build, built
from bough_components.local.images.memory import Memory
from bough_components.local.images.pull import in_engine, pull
from bough_components.local.images.recipes import APPLICATION_BASES, Recipe
from bough_components.local.images.references import familiar
from bough_components.local.images.workshop import ResolvedImage, Workshop


def resolve(wanted: Recipe | str, workshop: Workshop) -> ResolvedImage:
    """A recipe of ours, or any reference, e.g. the base image of an application.

    What the engine has is taken as it is (milliseconds, no network), then the registry is asked,
    then it is built when there is a recipe. Raises UnavailableError (engine, or a reference that
    can neither be pulled nor built) and BuildError.
    """
    recipe = wanted if isinstance(wanted, Recipe) else APPLICATION_BASES.get(familiar(wanted))
    reference = recipe.official if recipe else str(wanted)
    memory = Memory(workshop.cache / "images.json")
    try:
        return (
            in_engine(reference, workshop)
            or (recipe and built(recipe, workshop, memory))
            or _acquired(reference, recipe, workshop, memory)
        )
    except (APIError, RequestException) as error:
        raise UnavailableError(f"The Docker engine failed at {reference}: {error}") from error


def _acquired(
    reference: str, recipe: Recipe | None, workshop: Workshop, memory: Memory
) -> ResolvedImage:
    pulled = pull(reference, workshop, memory)
    if isinstance(pulled, ResolvedImage):
        return pulled
    if recipe:
        workshop.report(f"{recipe.name}: building it here, {reference} cannot be pulled: {pulled}")
        return build(recipe, workshop, memory)
    raise UnavailableError(
        f"The image {reference} cannot be pulled: {pulled}",
        "make its registry reachable ('docker login' if it is private), bring the image in with"
        f" 'docker load', or build on one of {', '.join(APPLICATION_BASES)}",
    )
