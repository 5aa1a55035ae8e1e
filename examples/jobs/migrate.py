"""Brings the schema up to date."""

import bough_secrets
from bough_secrets import inbox

with bough_secrets.connect_or_exit() as session, session.database("db").connection() as connection:
    connection.execute(inbox.TABLE.encode())
    # without a key on purpose: work that is done twice shows
    connection.execute("CREATE TABLE IF NOT EXISTS results (batch text, job int, length int)")
