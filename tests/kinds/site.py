"""The production server with the world of ``world`` behind it, and a browser that visits it."""

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection

from bench.server import BIN, ROOT, free_port
from tests.databases import in_turn, migrated_postgres, migrated_sqlite

LANGUAGES = ("da", "kl")


@dataclass
class Site:
    """Where it answers, who has signed in, and the ids to fill addresses with."""

    url: str
    people: dict[str, str]
    at: dict[str, str]

    def address(self, path: str, language: str = "da") -> str:
        """The whole address of ``path`` below ``language``."""
        return f"{self.url}/{language}/{self.fill(path)}"

    def fill(self, text: str) -> str:
        """``text`` with the ids it names."""
        return text.format(**self.at)


@contextmanager
def served(folder: Path, shared: Path | None) -> Iterator[Site]:
    """Copy the migrated test database, fill it, and serve it as production does.

    What one process of the suite has filled, the next finds in ``shared``.
    """
    with _filled_database(folder, shared) as (url, world):
        port = free_port()
        command = [
            str(BIN / "gunicorn"), "config.wsgi:application", "--threads", "4",
            "--bind", f"127.0.0.1:{port}", "--log-level", "critical", "--timeout", "120",
        ]  # fmt: skip
        with (
            (folder / "server.log").open("w") as log,
            subprocess.Popen(command, cwd=ROOT, env=_env(folder, url), stderr=log) as process,
        ):
            try:
                _wait_for(f"http://127.0.0.1:{port}/healthz")
                yield Site(f"http://localhost:{port}", **world)
            finally:
                process.terminate()


def _env(folder: Path, url: str) -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.kinds.settings",
        "DATABASE_URL": url,
        "SIDEMAND_VAR": str(folder),
        "SIDEMAND_MEDIA": str(folder / "media"),
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'site'}",
    }


@contextmanager
def _filled_database(folder: Path, shared: Path | None) -> Iterator[tuple[str, dict[str, Any]]]:
    if connection.vendor == "sqlite" and shared is not None:
        with in_turn(shared / "world.lock"):
            filled = shared / "world"
            if not filled.exists():
                unfinished = shared / "world-unfinished"
                unfinished.mkdir()
                with _copied_database(unfinished) as url:
                    world = _fill(unfinished, url)
                (unfinished / "world.json").write_text(json.dumps(world))
                unfinished.rename(filled)
        shutil.copytree(filled, folder, dirs_exist_ok=True)
        yield (
            f"sqlite:///{folder / 'db.sqlite3'}",
            json.loads((folder / "world.json").read_text()),
        )
        return
    with _copied_database(folder) as url:
        yield url, _fill(folder, url)


def _fill(folder: Path, url: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.kinds.world"],
        cwd=ROOT, env=_env(folder, url), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return dict(json.loads(done.stdout))


@contextmanager
def _copied_database(folder: Path) -> Iterator[str]:
    """A database of its own that is migrated already; its address.

    Not a copy of this process's own: a browser test flushes what the migrations have written.
    """
    if connection.vendor == "sqlite":
        shutil.copyfile(migrated_sqlite(), folder / "db.sqlite3")
        yield f"sqlite:///{folder / 'db.sqlite3'}"
        return
    own = connection.settings_dict
    name = f"{own['NAME']}_kinds"
    try:
        _maintain(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        _maintain(f'CREATE DATABASE "{name}" TEMPLATE "{migrated_postgres()}"')
        user, host, port = (own[key] for key in ("USER", "HOST", "PORT"))
        yield f"postgres://{user}@{host}:{port}/{name}"
    finally:
        _maintain(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _maintain(statement: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)


def _wait_for(url: str) -> None:
    for _ in range(150):
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
        else:
            return
    raise AssertionError("The server did not answer within 30 seconds.")


# --- The browser --------------------------------------------------------------------------------

SEND = """([selector, values]) => {
    const form = document.querySelector(selector);
    for (const [name, sent] of Object.entries(values)) {
        for (const field of [...form.elements].filter(e => e.name === name)) field.disabled = true;
        for (const value of sent ?? []) {
            const field = document.createElement('input');
            Object.assign(field, {type: 'hidden', name, value});
            form.append(field);
        }
    }
    HTMLFormElement.prototype.submit.call(form);
}"""


@dataclass
class Traffic:
    """What one view took: requests by address with their kind and bytes on the wire."""

    requests: dict[str, tuple[str, str, int]] = field(default_factory=dict)

    def size(self, *kinds: str, but: str = "") -> int:
        """Bytes of these kinds of resource; of all but one where none is named."""
        return sum(
            size
            for _url, kind, size in self.requests.values()
            if (kind in kinds if kinds else kind != but)
        )

    def count(self, but: str = "") -> int:
        """Requests that reached the server, without those of one kind of resource."""
        return sum(kind != but and size > 0 for _url, kind, size in self.requests.values())

    @property
    def urls(self) -> list[str]:
        """The addresses asked for, without those that the page itself carries."""
        return [url for url, _kind, _size in self.requests.values()]


class Visitor:
    """A browser in which one person has signed in, or nobody."""

    def __init__(self, site: Site, browser: Any, who: str = "") -> None:
        self.site = site
        self.context = browser.new_context()
        if who:
            cookie = {"name": "sessionid", "value": site.people[who], "url": site.url}
            self.context.add_cookies([cookie])
        self.page = self.context.new_page()
        self.cdp = self.context.new_cdp_session(self.page)
        self.cdp.send("Network.enable")
        self.traffic = Traffic()
        self.complaints: list[str] = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.cdp.on("Network.responseReceived", self._begun)
        self.cdp.on("Network.loadingFinished", self._ended)

    def _hear(self, message: Any) -> None:
        refused = "Failed to load resource"  # the status is looked at by itself
        if message.type == "error" and refused not in message.text:
            self.complaints.append(message.text)

    def _begun(self, event: dict[str, Any]) -> None:
        url = event["response"]["url"]
        if url.startswith("http"):
            self.traffic.requests[event["requestId"]] = (url, event["type"], 0)

    def _ended(self, event: dict[str, Any]) -> None:
        if known := self.traffic.requests.get(event["requestId"]):
            size = int(event["encodedDataLength"])
            self.traffic.requests[event["requestId"]] = (known[0], known[1], size)

    def forget(self) -> None:
        """As on the first visit of all: nothing is kept from before."""
        self.cdp.send("Network.clearBrowserCache")

    def rest(self) -> None:
        """Leave the page, which would go on drawing while somebody else is looked at."""
        if self.page.url != "about:blank":
            self.page.goto("about:blank")

    def go(self, path: str, language: str = "da", wait_until: str = "load") -> int:
        """Open a page; its status."""
        self.rest()  # what the page before still asks for is not this one's
        self.traffic = Traffic()
        self.complaints.clear()
        response = self.page.goto(self.site.address(path, language), wait_until=wait_until)
        return int(response.status)

    def send(self, form: str, values: dict[str, list[str] | None]) -> int:
        """Send a form as it would go without script; the status of the answer."""
        filled = {
            self.site.fill(name): None
            if sent is None
            else [self.site.fill(value) for value in sent]
            for name, sent in values.items()
        }
        with self.page.expect_navigation(wait_until="load") as answer:
            self.page.evaluate(SEND, [form, filled])
        return int(answer.value.status)
