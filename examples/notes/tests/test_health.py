from conftest import MemoryNotes, Who
from starlette.testclient import TestClient


def test_ready_when_the_database_answers(client: TestClient) -> None:
    assert client.get("/health/ready").status_code == 200


def test_alive_but_not_ready_while_the_database_is_away(
    client: TestClient, notes: MemoryNotes
) -> None:
    notes.away = True
    assert client.get("/health/ready").status_code == 503
    assert client.get("/health/live").status_code == 200


def test_not_ready_once_the_identity_was_revoked(client: TestClient, who: Who) -> None:
    who.valid = False
    assert client.get("/health/ready").status_code == 503
