from dataclasses import replace
from pathlib import Path

import pytest
from tests.unit.bough.repositories import APPLICATION, Repository

from bough import secret_stores
from bough.secret_stores import Store
from bough_components.errors import NotFoundError, RefusedError
from bough_components.spec import Secret

SMTP = Secret(name="smtp", generate=None, shared=True)
A = Store(title="a", mount="env/a/kv", application="notes", declared={"smtp": SMTP}, slug="a")
B = replace(A, title="b", mount="env/b/kv", slug="b")


def test_a_secret_that_nobody_declares() -> None:
    secret_stores.require_declared(A, "smtp")
    with pytest.raises(NotFoundError, match=r"declares no secret 'smpt'; it declares: smtp"):
        secret_stores.require_declared(A, "smpt")


def test_what_is_shared_may_be_copied() -> None:
    secret_stores.require_shared(A, B, "smtp")


@pytest.mark.parametrize("closed", [0, 1])
def test_both_sides_must_agree(closed: int) -> None:
    stores = [A, B]
    declared = {"smtp": replace(SMTP, shared=False)}
    stores[closed] = replace(stores[closed], declared=declared)
    with pytest.raises(RefusedError, match=f"of {'ab'[closed]} does not let smtp be copied"):
        secret_stores.require_shared(stores[0], stores[1], "smtp")


def test_secrets_stay_within_their_application() -> None:
    with pytest.raises(RefusedError, match="a is of notes, b is of shop"):
        secret_stores.require_shared(A, replace(B, application="shop"), "smtp")


def test_what_notices_are_sent_with_is_a_store_of_its_own(tmp_path: Path) -> None:
    notices = "notices: [{kind: slack, secret: chat}, {kind: rollbar, secret: rollbar}]\n"
    files = {"bough.yaml": f"{APPLICATION}{notices}", "Dockerfile": "FROM scratch\n"}
    store = secret_stores.of_notices(Repository.create(tmp_path / "r", files).folder)
    assert (store.mount, store.slug, [*store.declared]) == (
        *("app/notes/notices", None),
        ["chat", "rollbar"],
    )
    with pytest.raises(NotFoundError, match="or name it under `notices`, commit and deploy"):
        secret_stores.require_declared(store, "smtp")
