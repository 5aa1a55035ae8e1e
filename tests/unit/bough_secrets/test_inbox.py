"""What needs no database; the rest is in tests/integration/test_rabbitmq.py."""

import pytest

from bough_secrets import ConfigurationError, Session
from bough_secrets.inbox import handle_once
from bough_secrets.testing import Platform


def test_a_message_that_nobody_would_know_again(platform: Platform, session: Session) -> None:
    jobs, database = session.queue("jobs"), session.database("db")
    jobs.publish(b"x")
    (stored,) = platform.rabbitmq.queues["jobs"]
    stored.properties.message_id = None
    done: list[bytes] = []
    for message in jobs.messages():
        with pytest.raises(ConfigurationError, match="has no id"):
            handle_once(message, database, lambda _, message: done.append(message.body))
        break
    assert done == []
