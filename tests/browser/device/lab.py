"""A tiny site of its own for the scripts of a device: their sources as they are, and a server that
answers what they ask of ours, so that each can be made to go wrong.

``tests/browser/device/test_vault.py`` shows how it is used; the real server answers in
``tests/devices``.
"""

import base64
import json
import mimetypes
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from devices import keys

SCRIPTS = Path(__file__).resolve().parents[3] / "assets" / "js"
WORKER = """
import { keepKey } from "/js/device/keeping.js";
keepKey(self);
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
"""
PAGE = """<!doctype html><meta charset="utf-8"><title>Lab</title><link rel="icon" href="data:,">
<main><textarea id="text" autocomplete="off"></textarea></main>
<script type="module">
import { hasCprLike } from "/js/identity.js";
globalThis.hasCprLike = hasCprLike; // as the script of every page does
const found = await navigator.serviceWorker.register("/sw.js", { type: "module" });
await navigator.serviceWorker.ready;
if (!navigator.serviceWorker.controller) {
  await new Promise((resolve) =>
    navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true }));
}
window.ready = true;
</script>"""


@dataclass
class Lab:
    """What the little server knows, and how it is to behave."""

    url: str = ""
    devices: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[tuple[str, str, Any]] = field(default_factory=list)
    refusals: dict[str, tuple[int, dict[str, Any]]] = field(default_factory=dict)

    def refuse(self, path: str, status: int, error: str) -> None:
        """Answer this address with a refusal from now on."""
        self.refusals[path] = (status, {"error": error})

    def answer(self, who: uuid.UUID | None, method: str, path: str, said: Any) -> tuple[int, Any]:
        """What the API answers; ``who`` has signed in."""
        self.asked.append((method, path, said))
        if path in self.refusals:
            return self.refusals[path]
        if who is None:
            return 401, {"error": "sign_in"}
        if (method, path) == ("GET", "/api/v1/device/"):
            key_id, spki = keys.public_key()
            return 200, {"owner": str(who), "key": {"id": key_id, "spki": spki}}
        if (method, path) == ("POST", "/api/v1/device/"):
            self.devices[said["device"]] = {"owner": who, **said}
            return 201, {"device": said["device"]}
        return self._about_device(who, path, said)

    def _about_device(self, who: uuid.UUID, path: str, said: Any) -> tuple[int, Any]:
        device = self.devices.get(said["device"])
        if device is None or device["owner"] != who:
            return 404, {"error": "not_found"}
        if path == "/api/v1/device/open/":
            opened = keys.unwrap(
                base64.b64decode(said["wrapped"]),
                key_id=said["key"],
                owner=who,
                device=uuid.UUID(said["device"]),
            )
            return 200, {"opened": base64.b64encode(opened).decode()}
        device.update(said)
        return 200, {}


class _Handler(BaseHTTPRequestHandler):
    lab: Lab
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path.startswith("/api/"):
            self._api()
        elif path.startswith("/js/"):
            file = SCRIPTS / path.removeprefix("/js/")
            self._send(200, file.read_bytes(), mimetypes.guess_type(file.name)[0] or "")
        elif path == "/sw.js":
            self._send(200, WORKER.encode(), "text/javascript")
        else:
            self._send(200, PAGE.encode(), "text/html; charset=utf-8")

    def do_POST(self) -> None:
        self._api()

    def _api(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        said = json.loads(self.rfile.read(length)) if length else None
        cookie = SimpleCookie(self.headers.get("Cookie", "")).get("who")
        who = uuid.UUID(cookie.value) if cookie else None
        status, told = self.lab.answer(who, self.command, self.path, said)
        self._send(status, json.dumps(told).encode(), "application/json")

    def _send(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def running() -> Iterator[Lab]:
    """A lab behind a port of its own."""
    lab = Lab()
    server = ThreadingHTTPServer(
        ("127.0.0.1", 0), type("Handler", (_Handler,), {"lab": lab}), bind_and_activate=True
    )
    server.daemon_threads = True
    lab.url = f"http://localhost:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield lab
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
