"""The lab with a letter box: it receives sessions as the site does, and lies as networks do."""

import json
import threading
import time
import uuid
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from http.cookies import SimpleCookie
from http.server import ThreadingHTTPServer
from typing import Any

from core.canonical import content_hash
from tests.browser.device.lab import Lab, _Handler

SESSIONS = "/api/v1/sessions/"
KITS = "/api/v1/device/kit/"
#: What a network, or a server in trouble, may answer in the place of a receipt.
LIES = (
    *("sign-in page", "redirect", "empty", "too large for a proxy", "broken", "cut"),
    *("somebody else's receipt", "bare", "receipt of another content", "receipt in a page"),
    *("half a receipt", "not found by a proxy"),
)
#: Pages of a network, by their status.
PAGES = {
    "sign-in page": 200,
    "empty": 204,
    "too large for a proxy": 413,
    "not found by a proxy": 404,
    "broken": 500,
}
#: Stands for a date in a header.
IN_TWO_MINUTES = "in two minutes"
#: What the site itself may answer: status, words, headers.
REFUSALS: dict[str, tuple[int, dict[str, Any], dict[str, str]]] = {
    "failed": (500, {"error": "failed"}, {}),
    "busy": (503, {"error": "failed"}, {"Retry_After": "120"}),
    "busy for a moment": (503, {"error": "failed"}, {"Retry_After": "2"}),
    "closed for a day": (503, {"error": "failed"}, {"Retry_After": "86400"}),
    "too many": (429, {"error": "failed"}, {"Retry_After": IN_TWO_MINUTES}),
    "refused": (422, {"error": "invalid", "fields": {"minutes": ["Skriv et tal."]}}, {}),
    "look again": (422, {"error": "look_again", "warnings": {"went_well": [["age", 0, 4]]}}, {}),
}


@dataclass
class Post(Lab):
    """What has arrived by version, how often each was sent, and what to answer instead."""

    stored: dict[str, dict[str, Any]] = field(default_factory=dict)
    sent: list[str] = field(default_factory=list)
    #: By version: what to answer, one after the other; the last again and again for "always".
    lies: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    always: dict[str, str] = field(default_factory=dict)
    for_all: str = ""
    database: str = "first"
    #: What a page needs without net, by name; of whatever is not here somebody has none.
    kits: dict[str, Any] = field(default_factory=dict)
    lock: Any = field(default_factory=threading.Lock)

    def receive(self, session: str, letter: dict[str, Any]) -> dict[str, Any]:
        """Store it once, and give its receipt: the same however often it comes."""
        version = letter["version"]
        with self.lock:
            stored = self.stored.setdefault(version, {"session": session, **letter})
        return receipt(session, version, stored["content"]) | {"sent_as": version}


def receipt(session: str, version: str, content: Any) -> dict[str, Any]:
    return {
        "code": version[:4].upper() + "-" + version[-4:].upper(),
        "session": session,
        "version": version,
        "number": 1,
        "sha256": content_hash(content),
        "received_at": "2027-06-15T16:00:00+00:00",
    }


class PostHandler(_Handler):
    lab: Post

    def do_GET(self) -> None:  # noqa: N802  so the standard library calls it
        if not self.path.startswith(KITS):
            return super().do_GET()
        kit = self.lab.kits.get(self.path.removeprefix(KITS).strip("/"))
        if kit is None:
            return self._answer(204, b"", "")
        etag = f'"{content_hash(kit)}"'
        if self.headers["If-None-Match"] == etag:
            return self._answer(304, b"", "application/json", ETag=etag)
        return self._say(200, kit, ETag=etag)

    def do_PUT(self) -> None:  # noqa: N802  so the standard library calls it
        length = int(self.headers.get("Content-Length") or 0)
        letter = json.loads(self.rfile.read(length))
        session = self.path.removeprefix(SESSIONS)
        version = letter["version"]
        self.lab.sent.append(version)
        cookie = SimpleCookie(self.headers.get("Cookie", "")).get("who")
        if cookie is None:
            return self._say(401, {"error": "sign_in"})
        if self.headers["X-Sidemand-Owner"] != cookie.value:
            return self._say(403, {"error": "other_owner"})
        waiting = self.lab.lies.get(version)
        lie = waiting.pop(0) if waiting else self.lab.always.get(version, self.lab.for_all)
        if lie:
            return self._lie(lie, session, letter)
        return self._say(201, self.lab.receive(session, letter))

    def _say(self, status: int, told: Any, **headers: str) -> None:
        body = json.dumps(told).encode()
        self._answer(status, body, "application/json", **headers)

    def _answer(self, status: int, body: bytes, kind: str, **headers: str) -> None:
        self.send_response(status)
        if status not in {204, 304}:
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Sidemand-Database", self.lab.database)
        for name, value in headers.items():
            date = formatdate(time.time() + 120, usegmt=True)
            self.send_header(name.replace("_", "-"), date if value == IN_TWO_MINUTES else value)
        self.end_headers()
        if status not in {204, 304}:
            self.wfile.write(body)

    def _cut(self) -> None:
        self.close_connection = True
        self.connection.close()

    def _lie(self, lie: str, session: str, letter: dict[str, Any]) -> None:
        version, content = letter["version"], letter["content"]
        own = receipt(session, version, content)
        if lie in PAGES:
            self._answer(PAGES[lie], b"<!doctype html><title>Log ind</title>", "text/html")
        elif lie in REFUSALS:
            status, told, headers = REFUSALS[lie]
            self._say(status, told, **headers)
        elif lie == "beside another":  # kept, for somebody who reads it no more
            stored = self.lab.receive(session, letter)
            kept = {"version": version, "content": content, "sha256": stored["sha256"]}
            self._say(409, {"error": "conflict", "kept": kept, "receipt": stored})
        elif lie == "redirect":
            self._answer(302, b"", "text/html", Location="/log-ind/")
        elif lie == "lost":  # it has arrived, and nobody hears of it
            self.lab.receive(session, letter)
            self._cut()
        elif lie == "cut":
            self._cut()
        else:
            self._wrong_receipt(lie, own)

    def _wrong_receipt(self, lie: str, own: dict[str, Any]) -> None:
        if lie == "receipt in a page":
            self._answer(200, json.dumps(own).encode(), "text/html")
            return
        other = str(uuid.uuid4())
        told = {
            "bare": {},
            "half a receipt": {key: own[key] for key in ("session", "version", "code")},
            "receipt of another content": own | {"sha256": content_hash({"minutes": 1})},
            "somebody else's receipt": own | {"session": other, "version": other},
        }
        self._say(200, told[lie])


@contextmanager
def running() -> Iterator[Post]:
    """A letter box behind a port of its own."""
    post = Post()
    handler = type("Handler", (PostHandler,), {"lab": post})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    post.url = f"http://localhost:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield post
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
