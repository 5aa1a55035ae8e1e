import json
import logging
import sys

from notes.logs import Json


def test_a_line_is_one_json_object_with_the_extra_fields() -> None:
    record = logging.makeLogRecord(
        {"name": "n", "levelname": "INFO", "msg": "a %s", "args": ("b",)}
    )
    record.status = 200
    line = json.loads(Json(environment="main").format(record))
    assert (line["message"], line["level"], line["status"]) == ("a b", "info", 200)
    assert line["environment"] == "main"


def test_an_exception_stays_on_the_line() -> None:
    try:
        raise KeyError("x")
    except KeyError:
        record = logging.makeLogRecord({"msg": "failed", "exc_info": sys.exc_info()})
    text = Json().format(record)
    assert "\n" not in text
    assert "KeyError" in json.loads(text)["exception"]
