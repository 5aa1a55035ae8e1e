"""Puts jobs on the queue and says how many are done.

`POST /jobs/<batch>` with a JSON list of texts asks for one job each, and asking again asks for the
same jobs. `GET /jobs/<batch>` answers how many were done and how many results that made.
"""

import json
import os
import signal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import bough_secrets

session = bough_secrets.connect_or_exit()
database, jobs = session.database("db"), session.queue("jobs")
DONE = "SELECT count(DISTINCT job), count(*) FROM results WHERE batch = %s"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        with database.connection() as connection:
            row = connection.execute(DONE, [self._batch]).fetchone()
        done, results = row or (0, 0)
        self._answer(200, {"done": done, "results": results, "user": jobs.user})

    def do_POST(self) -> None:
        texts = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        for job, text in enumerate(texts):
            body = json.dumps({"batch": self._batch, "job": job, "text": text})
            jobs.publish(body, id=f"{self._batch}-{job}")
        self._answer(202, {"accepted": len(texts)})

    @property
    def _batch(self) -> str:
        return self.path.rpartition("/")[2]

    def _answer(self, status: int, facts: dict[str, object]) -> None:
        body = json.dumps(facts).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


server = ThreadingHTTPServer(("", int(os.environ["PORT"])), Handler)
signal.signal(signal.SIGTERM, lambda *_: Thread(target=server.shutdown).start())
server.serve_forever()
session.close()
