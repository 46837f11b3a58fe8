"""A small site with the real service worker, whose releases and network a test controls."""

import hashlib
import json
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from scripts.assets import DIST

WORKER = (DIST / "sw.js").read_bytes()
LANGUAGES = ("da", "kl")
PLACES = ("enhed/offline/", "enhed/log/", "enhed/")


def hash_of(content: bytes) -> str:
    """As ``devices.shell`` writes it."""
    return urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")


@dataclass
class Release:
    """One version of the site: what lies at which address, and what the worker is told of it.

    Its pages name it, and load a script that names it, too. ``unchanged`` is the same in all.
    """

    name: str
    script: str = field(init=False)
    files: dict[str, bytes] = field(init=False)
    shell: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        script = f"document.documentElement.dataset.script = '{self.name}';".encode()
        unchanged = b"document.documentElement.dataset.frame = 'all';"
        self.script = _named("device", script)
        assets = {self.script: script, _named("frame", unchanged): unchanged}
        pages = {
            language: {
                f"/{language}/{place}": self._page(language, place, assets) for place in PLACES
            }
            for language in LANGUAGES
        }
        self.files = {
            **assets,
            **{path: page for found in pages.values() for path, page in found.items()},
        }
        self.shell = {
            "release": self.name,
            "assets": {path: hash_of(content) for path, content in assets.items()},
            "pages": {
                language: {path: hash_of(page) for path, page in found.items()}
                for language, found in pages.items()
            },
            "offline": {language: f"/{language}/enhed/offline/" for language in LANGUAGES},
            "instead": {
                code: {f"/{code}/sessioner/ny/": f"/{code}/enhed/log/"} for code in LANGUAGES
            },
        }
        told = f"self.SHELL = {json.dumps(self.shell)};\n".encode()
        self.files["/sw.js"] = told + WORKER

    def _page(self, language: str, place: str, scripts: dict[str, bytes]) -> bytes:
        loads = "".join(f'<script src="{path}" defer></script>' for path in scripts)
        title = f"/{language}/{place} {self.name}"
        return f"<!doctype html><title>{title}</title>{loads}<h1>{title}</h1><textarea>".encode()


def _named(name: str, content: bytes) -> str:
    return f"/static/dist/{name}.{hashlib.sha256(content).hexdigest()[:12]}.js"


class Network:
    """The way between the browser and the site, and what went over it.

    ``release`` answers; ``instead`` answers before it; every other page below a language is there
    too and names its address. ``down`` hangs up, ``slow`` holds an answer back for so many seconds.
    """

    def __init__(self, release: Release) -> None:
        self.release = release
        self.instead: dict[str, tuple[int, bytes]] = {}
        self.slow: dict[str, float] = {}
        self.down = False
        self.cut: set[str] = set()
        self.asked: list[str] = []
        self.url = ""

    def answer(self, path: str) -> tuple[int, bytes] | None:
        """Status and body; nothing where the line is cut."""
        if self.down or path in self.cut:
            return None
        time.sleep(self.slow.get(path, 0))
        if path in self.instead:
            return self.instead[path]
        if path in self.release.files:
            return 200, self.release.files[path]
        if path.startswith(("/da/", "/kl/", "/admin/", "/api/")):
            return 200, f"<!doctype html><title>{path}</title><h1>{path}</h1>".encode()
        return 404, b""


@contextmanager
def online(release: Release) -> Iterator[Network]:
    """Serve ``release`` on a free port."""
    network = Network(release)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            network.asked.append(path if self.command == "GET" else f"{self.command} {path}")
            answer = network.answer(path)
            if answer is None:
                self.close_connection = True
                return
            status, body = answer
            self.send_response(status)
            kind = "text/javascript" if path.endswith(".js") else "text/html; charset=utf-8"
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            kept = "max-age=31536000, immutable" if "/static/" in path else "no-cache"
            self.send_header("Cache-Control", kept)
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        network.url = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield network
        finally:
            server.shutdown()
