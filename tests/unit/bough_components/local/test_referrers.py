"""What is attached to an image, in registries of both kinds."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from tests.unit.bough_components.local.registries import INDEX, Registry

from bough_components.errors import NotFoundError, UnavailableError, UnverifiedError
from bough_components.local.home import Home, write_private
from bough_components.local.referrers import Artifact, attach, attached, detach

if TYPE_CHECKING:
    from collections.abc import Iterator

KIND = "application/vnd.test"
ONE = Artifact(kind=KIND, media_type="text/plain", content=b"one", annotations={"a": "b"})
TWO = replace(ONE, content=b"two")
FOREIGN = replace(ONE, kind="application/vnd.other", content=b"x")


@pytest.fixture(params=[False, True], ids=["tag", "api"])
def registry(request: pytest.FixtureRequest, home: Home) -> Iterator[Registry]:
    made = Registry(request.param)
    home.save(replace(home.settings, ports={**home.settings.ports, "registry": made.port}))
    login = json.dumps({"username": "bough", "password": "opaque"})
    write_private(home.folder("keys/operator") / "registry", login)
    yield made
    made.close()


@pytest.fixture
def image(registry: Registry) -> str:
    kind = "application/vnd.oci.image.manifest.v1+json"
    return "notes@" + registry.kept.put({"schemaVersion": 2, "mediaType": kind, "layers": []})


def contents(home: Home, image: str) -> list[bytes]:
    return [content for _, content in attached(home, image, KIND)]


def tag_of(image: str) -> str:
    return image.partition("@")[2].replace(":", "-")


def test_nothing(home: Home, image: str) -> None:
    assert contents(home, image) == []
    assert detach(home, image, ONE.digest) is False


def test_what_is_attached_is_listed_in_order(home: Home, registry: Registry, image: str) -> None:
    for each in (ONE, FOREIGN, TWO):
        attach(home, image, each)
    assert list(attached(home, image, KIND)) == [(ONE.digest, b"one"), (TWO.digest, b"two")]
    (manifest,) = [
        json.loads(content)
        for content, _ in registry.kept.manifests.values()
        if ONE.digest.encode() in content
    ]
    digest = image.partition("@")[2]
    assert manifest.pop("subject") == {
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "digest": digest,
        "size": len(registry.kept.manifests[digest][0]),
    }
    assert manifest == {
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "artifactType": KIND,
        "config": {
            "mediaType": "application/vnd.oci.empty.v1+json",
            "digest": "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
            "size": 2,
        },
        "layers": [{"mediaType": "text/plain", "digest": ONE.digest, "size": 3}],
        "annotations": {"a": "b"},
    }


def test_the_list_is_kept_for_a_registry_that_keeps_none(
    home: Home, registry: Registry, image: str
) -> None:
    attach(home, image, ONE)
    attach(home, image, TWO)
    kept = registry.kept
    if kept.has_referrers:
        assert kept.tags == {}
        return
    index = json.loads(kept.manifests[kept.tags[tag_of(image)]][0])
    assert (index["schemaVersion"], index["mediaType"]) == (2, INDEX)
    for entry in index["manifests"]:
        content, kind = kept.manifests[entry["digest"]]
        assert entry == {
            "mediaType": kind,
            "digest": entry["digest"],
            "size": len(content),
            "artifactType": KIND,
            "annotations": {"a": "b"},
        }
    indexes = [kind for _, kind in kept.manifests.values() if kind == INDEX]
    assert len(indexes) == 1, "an older list stays behind"


def test_twice_is_once(home: Home, registry: Registry, image: str) -> None:
    attach(home, image, ONE)
    before = dict(registry.kept.manifests)
    attach(home, image, ONE)
    assert registry.kept.manifests == before
    assert contents(home, image) == [b"one"]


def test_many_at_once_lose_nothing(home: Home, image: str) -> None:
    artifacts = [replace(ONE, content=str(number).encode()) for number in range(12)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda each: attach(home, image, each), artifacts))
    assert sorted(contents(home, image)) == sorted(each.content for each in artifacts)


def test_what_is_detached_is_gone(home: Home, registry: Registry, image: str) -> None:
    attach(home, image, ONE)
    attach(home, image, TWO)
    assert detach(home, image, ONE.digest) is True
    assert contents(home, image) == [b"two"]
    assert not any(ONE.digest.encode() in each for each, _ in registry.kept.manifests.values())
    assert detach(home, image, ONE.digest) is False
    assert detach(home, image, TWO.digest) is True
    assert contents(home, image) == []


def test_an_image_that_is_not_there(home: Home, registry: Registry, image: str) -> None:
    attach(home, image, ONE)
    del registry.kept.manifests[image.partition("@")[2]]
    with pytest.raises(NotFoundError, match="nothing can be attached to notes@sha256"):
        attach(home, image, TWO)
    with pytest.raises(UnverifiedError, match="is gone from the registry"):
        contents(home, image)


def test_a_blob_that_is_not_there(home: Home, registry: Registry, image: str) -> None:
    attach(home, image, ONE)
    del registry.kept.blobs[ONE.digest]
    with pytest.raises(UnverifiedError, match=f"{ONE.digest} is listed as attached .* and gone"):
        contents(home, image)
    assert detach(home, image, ONE.digest) is True
    assert contents(home, image) == []


def test_a_blob_that_was_changed(home: Home, registry: Registry, image: str) -> None:
    attach(home, image, ONE)
    registry.kept.blobs[ONE.digest] = b"eno"
    with pytest.raises(UnverifiedError, match=f"{ONE.digest} in repository notes .* is not what"):
        contents(home, image)
    assert detach(home, image, ONE.digest) is True


def test_a_manifest_that_was_changed(home: Home, registry: Registry, image: str) -> None:
    attach(home, image, ONE)
    kept = registry.kept
    (manifest,) = [name for name, (each, _) in kept.manifests.items() if b'"subject"' in each]
    content, kind = kept.manifests[manifest]
    other = content.replace(ONE.digest.encode(), TWO.digest.encode())
    kept.manifests[manifest] = (other, kind)
    with pytest.raises(UnverifiedError, match=f"{manifest} in repository notes"):
        contents(home, image)
    assert detach(home, image, manifest) is True
    assert contents(home, image) == []


def test_an_image_that_was_changed(home: Home, registry: Registry, image: str) -> None:
    digest = image.partition("@")[2]
    content, kind = registry.kept.manifests[digest]
    registry.kept.manifests[digest] = (content + b" ", kind)
    with pytest.raises(UnverifiedError, match="is not what was stored there"):
        contents(home, image)


@pytest.mark.parametrize("registry", [False], indirect=True)
def test_a_list_that_was_changed(home: Home, registry: Registry, image: str) -> None:
    attach(home, image, ONE)
    kept = registry.kept
    digest = kept.tags[tag_of(image)]
    kept.manifests[digest] = (b'{"manifests": []}', INDEX)
    with pytest.raises(UnverifiedError, match=f"{digest} in repository notes"):
        contents(home, image)


@pytest.mark.parametrize("registry", [False], indirect=True)
def test_a_tag_that_is_no_list(home: Home, registry: Registry, image: str) -> None:
    registry.kept.tags[tag_of(image)] = image.partition("@")[2]
    with pytest.raises(UnverifiedError, match="is not an image index"):
        contents(home, image)
    with pytest.raises(UnverifiedError, match="is not an image index"):
        attach(home, image, ONE)


def test_a_registry_that_says_no(home: Home, registry: Registry, image: str) -> None:
    registry.kept.is_full = True
    with pytest.raises(UnavailableError, match=r"HTTP 507 to PUT /v2/notes/blobs/.*: no room"):
        attach(home, image, ONE)
    assert contents(home, image) == []
