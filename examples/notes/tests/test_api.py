from typing import Any

import httpx
import pytest


def test_a_note_is_added_and_found_again(client: httpx.Client) -> None:
    made = client.post("/notes", json={"text": "hello", "attachments": ["a.txt"]})
    assert made.status_code == 201
    found = client.get(made.headers["Location"]).json()
    assert found == {
        "id": 1,
        "text": "hello",
        "attachments": ["a.txt"],
        "created_at": "2025-01-01T00:00:00+00:00",
        "words": None,
    }


def test_lists_the_newest_first_up_to_a_page(client: httpx.Client) -> None:
    for text in ("one", "two", "three"):
        client.post("/notes", json={"text": text})
    assert [note["text"] for note in client.get("/notes").json()] == ["three", "two"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ([], "JSON object"),
        ({}, "text"),
        ({"text": " "}, "text"),
        ({"text": "x" * 10_001}, "text"),
        ({"text": "nul \0"}, "text"),
        ({"text": "x", "attachments": "a.txt"}, "attachments"),
        ({"text": "x", "attachments": [""]}, "attachments"),
    ],
)
def test_a_wrong_note_is_refused(client: httpx.Client, body: Any, field: str) -> None:
    answer = client.post("/notes", json=body)
    assert answer.status_code == 422
    assert field in answer.json()["error"]


def test_what_is_no_json_is_refused(client: httpx.Client) -> None:
    assert client.post("/notes", content=b"{").status_code == 400


def test_an_unknown_note_is_404(client: httpx.Client) -> None:
    answer = client.get("/notes/7")
    assert (answer.status_code, answer.json()) == (404, {"error": "there is no note 7"})


def test_the_page_shows_notes_and_environment_escaped(client: httpx.Client) -> None:
    client.post("/notes", json={"text": "<script>", "attachments": ["<b>.png"]})
    page = client.get("/").text
    assert "feature-7-tags" in page
    assert "&lt;script&gt;" in page
    assert "&lt;b&gt;.png" in page
    assert "<script>" not in page


def test_whoami(client: httpx.Client) -> None:
    assert client.get("/whoami").json() == {
        "environment": "feature-7-tags",
        "instance": "web-1-abcdef",
        "database_user": "v-web-1",
    }
