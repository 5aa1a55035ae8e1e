"""A small registry that speaks HTTP, with or without OCI's referrers API; what it keeps can be
changed under its feet."""

from __future__ import annotations

import hashlib
import json
import re
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

INDEX = "application/vnd.oci.image.index.v1+json"


def digest_of(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


@dataclass
class Kept:
    """Of one registry: blobs and manifests by digest, tags; all of one repository."""

    has_referrers: bool = False
    is_full: bool = False
    blobs: dict[str, bytes] = field(default_factory=dict)
    manifests: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)

    def put(self, manifest: dict[str, Any]) -> str:
        content = json.dumps(manifest).encode()
        self.manifests[digest_of(content)] = (content, manifest["mediaType"])
        return digest_of(content)

    def referring(self, subject: str) -> bytes:
        found = []
        for digest, (content, kind) in self.manifests.items():
            manifest = json.loads(content)
            if manifest.get("subject", {}).get("digest") == subject:
                entry = {"mediaType": kind, "digest": digest, "size": len(content)}
                found.append(entry | {"artifactType": manifest["artifactType"]})
        return json.dumps({"mediaType": INDEX, "manifests": found}).encode()


class Registry:
    """Listens from construction to `close`."""

    def __init__(self, has_referrers: bool) -> None:
        self.kept = Kept(has_referrers)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self.kept))
        self._server.daemon_threads = True
        self.port: int = self._server.server_port
        serve = self._server.serve_forever
        threading.Thread(target=serve, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _handler(kept: Kept) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _any(self) -> None:
            url = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            match = re.fullmatch(r"/v2/notes/(manifests|blobs|referrers)/(.+)", url.path)
            assert match, url.path
            act = getattr(self, f"_{self.command.lower()}_{match[1]}")
            act(match[2], body, parse_qs(url.query))

        def _get_manifests(self, reference: str, *_: Any) -> None:
            digest = kept.tags.get(reference, reference)
            if digest not in kept.manifests:
                return self._say(404)
            content, kind = kept.manifests[digest]
            headers = {"Content-Type": kind, "Docker-Content-Digest": digest}
            return self._say(200, content, **headers)

        def _put_manifests(self, reference: str, body: bytes, _query: Any) -> None:
            manifest, digest = json.loads(body), digest_of(body)
            wanted = [each["digest"] for each in manifest.get("manifests", ())]
            blobs = [each["digest"] for each in manifest.get("layers", ())]
            if not (set(wanted) <= set(kept.manifests) and set(blobs) <= set(kept.blobs)):
                return self._say(400, b'{"errors": [{"code": "MANIFEST_BLOB_UNKNOWN"}]}')
            kept.manifests[digest] = (body, self.headers["Content-Type"])
            if reference != digest:
                kept.tags[reference] = digest
            has_subject = kept.has_referrers and "subject" in manifest
            given = {"OCI-Subject": manifest["subject"]["digest"]} if has_subject else {}
            return self._say(201, **given)

        def _delete_manifests(self, digest: str, *_: Any) -> None:
            self._say(202 if kept.manifests.pop(digest, None) else 404)

        def _get_blobs(self, digest: str, *_: Any) -> None:
            content = kept.blobs.get(digest)
            self._say(404) if content is None else self._say(200, content)

        _head_blobs = _get_blobs

        def _post_blobs(self, *_: Any) -> None:
            self._say(202, Location="/v2/notes/blobs/uploads/1?state=2")

        def _put_blobs(self, _upload: str, body: bytes, query: dict[str, list[str]]) -> None:
            assert query == {"state": ["2"], "digest": [digest_of(body)]}
            if kept.is_full:
                return self._say(507, b"no room")
            kept.blobs[digest_of(body)] = body
            return self._say(201)

        def _get_referrers(self, subject: str, *_: Any) -> None:
            self._say(200, kept.referring(subject)) if kept.has_referrers else self._say(404)

        def _say(self, status: int, content: bytes = b"", **headers: str) -> None:
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Stay silent."""

        do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = _any

    return Handler
