"""Takes jobs from the queue and writes their results, each once, whatever ends it half way."""

import json
import signal
import time
from threading import Event

import bough_secrets
from bough_secrets.connections import Connection
from bough_secrets.inbox import handle_once
from bough_secrets.message import Message

WORK = 0.02  # seconds that a job takes

stop = Event()
signal.signal(signal.SIGTERM, lambda *_: stop.set())


def work(connection: Connection, message: Message) -> None:
    job = json.loads(message.body)
    result = (job["batch"], job["job"], len(job["text"]))
    connection.execute("INSERT INTO results VALUES (%s, %s, %s)", result)
    time.sleep(WORK)


with bough_secrets.connect_or_exit() as session:
    database = session.database("db", max_size=1)
    for message in session.queue("jobs").messages(until=stop.is_set):
        handle_once(message, database, work)
