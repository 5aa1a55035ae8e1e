import httpx
from notes.memory import MemoryNotes, Who


def test_ready_when_the_database_answers(client: httpx.Client) -> None:
    assert client.get("/health/ready").status_code == 200


def test_alive_but_not_ready_while_the_database_is_away(
    client: httpx.Client, notes: MemoryNotes
) -> None:
    notes.away = True
    assert client.get("/health/ready").status_code == 503
    assert client.get("/health/live").status_code == 200


def test_not_ready_once_logged_out(client: httpx.Client, who: Who) -> None:
    who.valid = False
    assert client.get("/health/ready").status_code == 503
