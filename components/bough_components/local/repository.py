"""Manifests and blobs of one repository of the registry; what is read is checked by its digest."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from bough_components.errors import UnavailableError, UnverifiedError
from bough_components.local import registry
from bough_components.local.clients import engine_errors

if TYPE_CHECKING:
    import requests

    from bough_components.local.home import Home

Descriptor = dict[str, Any]


def digest_of(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def descriptor(content: bytes, media_type: str) -> Descriptor:
    return {"mediaType": media_type, "digest": digest_of(content), "size": len(content)}


@dataclass(frozen=True)
class Repository:
    """Raises `UnverifiedError` where the registry gives other bytes than a digest stands for."""

    home: Home
    name: str

    def manifest(self, reference: str) -> tuple[bytes, str] | None:
        """A manifest's bytes and media type, by its tag or digest."""
        answer = self._ask("GET", f"manifests/{reference}", Accept=", ".join(registry.MANIFESTS))
        # a tag has no digest of its own: the registry says what it points to
        wanted = answer.headers.get("Docker-Content-Digest", reference)
        content = self._checked(answer, reference if ":" in reference else wanted)
        return None if content is None else (content, answer.headers["Content-Type"])

    def blob(self, digest: str) -> bytes | None:
        return self._checked(self._ask("GET", f"blobs/{digest}"), digest)

    def referrers(self, digest: str) -> bytes | None:
        """The registry's own list of what refers to a manifest; None when it keeps none."""
        answer = self._ask("GET", f"referrers/{digest}")
        return None if answer.status_code == 404 else _said(answer).content

    def put_blob(self, content: bytes) -> None:
        """Store a blob; one that is there stays."""
        digest = digest_of(content)
        if self._ask("HEAD", f"blobs/{digest}").ok:
            return
        begun = _said(self._ask("POST", "blobs/uploads/"))
        where = urljoin(begun.url, begun.headers["Location"])
        with engine_errors():
            stored = self._http.put(where, params={"digest": digest}, data=content, timeout=30)
        _said(stored)

    def put_manifest(self, content: bytes, media_type: str, tag: str | None = None) -> bool:
        """Store a manifest under its digest, or a tag; whether the registry itself keeps the list
        of what refers to its `subject`."""
        path = f"manifests/{tag or digest_of(content)}"
        answer = _said(self._ask("PUT", path, content, **{"Content-Type": media_type}))
        return "OCI-Subject" in answer.headers

    def delete_manifest(self, digest: str) -> None:
        """Delete a manifest; nothing there is success."""
        answer = self._ask("DELETE", f"manifests/{digest}")
        if answer.status_code != 404:
            _said(answer)

    def _ask(
        self, method: str, path: str, content: bytes | None = None, **headers: str
    ) -> requests.Response:
        url = f"http://{registry.host(self.home)}/v2/{self.name}/{path}"
        with engine_errors():
            return self._http.request(method, url, data=content, headers=headers, timeout=30)

    def _checked(self, answer: requests.Response, reference: str) -> bytes | None:
        if answer.status_code == 404:
            return None
        content: bytes = _said(answer).content
        if ":" in reference and digest_of(content) != reference:
            raise UnverifiedError(
                f"{reference} in repository {self.name} of the registry is not what was stored"
                " there: it was tampered with, or its disk is damaged",
                hint="find out which; `bough release withdraw` takes an attestation away, so that"
                " its gate can be asked again, and an image has to be built anew",
            )
        return content

    @cached_property
    def _http(self) -> requests.Session:
        return registry.session(self.home)


def _said(answer: requests.Response) -> requests.Response:
    if not answer.ok:
        raise UnavailableError(
            f"the registry answered HTTP {answer.status_code} to {answer.request.method}"
            f" {answer.request.path_url}: {' '.join(answer.text.split())[:300]}",
            "see `bough platform status`; something in it may be damaged",
        )
    return answer
