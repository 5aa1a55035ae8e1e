"""The images that a platform's engines run, pinned, and what the operator must know of them."""

from __future__ import annotations

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import TYPE_CHECKING

import bough_policies

from bough_components.local import images
from bough_components.local.clients import docker_client
from bough_components.local.engine_settings import image_of, settings_mark
from bough_components.local.workshop import workshop

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bough_components.local.home import Home

_CHECKSUM = "bough.sha256."


def platform_images(home: Home, report: Callable[[str], None]) -> dict[str, str]:
    """Role to an image by digest, pulled or built where it is missing."""
    shop, roles = workshop(home, report), home.settings.engines
    with ThreadPoolExecutor(2) as pool:
        resolved = pool.map(lambda role: _by_digest(images.resolve(image_of(role), shop)), roles)
        return dict(zip(roles, resolved, strict=True))


def declaration(home: Home, references: Mapping[str, str]) -> str:
    """A hash of all that the platform's stack declares: equal hashes, nothing to change."""
    facts = [
        asdict(home.settings),
        dict(references),
        vault_plugins(references),
        operator_rules_mark(),
        {role: settings_mark(role) for role in references},
    ]
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def operator_rules_mark() -> str:
    """A hash of what bough's own roles may do in Vault."""
    rules = "".join(bough_policies.render(f"{role}.hcl") for role in ("operator", "copier"))
    return hashlib.sha256(rules.encode()).hexdigest()[:16]


def _by_digest(image: images.ResolvedImage) -> str:
    """A pulled image's reference names the registry's digest; a built one has only its own."""
    return image.reference if image.origin == "pulled" else image.digest


def vault_plugins(references: Mapping[str, str]) -> dict[str, str]:
    """Plugins that Vault's image brings as programs of their own: name to SHA-256."""
    labels = docker_client().images.get(references["vault"]).labels
    programs = {key.removeprefix(_CHECKSUM): value for key, value in labels.items()}
    return {name: programs[name] for name in images.VAULT_PLUGINS if name in programs}
