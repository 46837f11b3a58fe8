"""How long a page takes until one can use it, on the links there are.

    python -m bench.slowlink                # the table of docs/bench.md
    python -m bench.slowlink --repeat 1     # once each, instead of the median of three
    python -m bench.slowlink --check        # and exit 1 where a bound is missed

A real Chromium, through the link of ``bench.link``. Usable is when the page is painted, its scripts
have run and what one came for is there: the latest of first contentful paint, the end of
``DOMContentLoaded`` and the field or heading of the page being seen. A first visit begins with an
empty browser, a later one with what the first has left there, on a connection of its own, as after
a night. With the service worker it has been on the start page in between, and a mentor has set the
device up there. How soon one can read is compared with the bare text of a lesson as a static file.
"""

import argparse
import gzip
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from bench.__main__ import seed
from bench.link import Link
from bench.server import ROOT, Server, environment

PATIENCE_MS = 240_000
#: After a first visit the browser has this long to fetch, unseen, what it wants to keep.
REST_MS = 1_500
REST_AT_MOST_MS = 120_000


@dataclass(frozen=True)
class Speed:
    """A link."""

    name: str
    rate_kbit: int
    round_trip_ms: int


SPEEDS = (Speed("128 kbit/s, 600 ms", 128, 600), Speed("1 Mbit/s, 700 ms", 1000, 700))


@dataclass(frozen=True)
class Visit:
    """What one visit took until the page was usable: seconds, kB to the browser, requests."""

    seconds: float = float("inf")
    kb: float = float("inf")
    requests: float = float("inf")

    def __str__(self) -> str:
        return f"{self.seconds:.1f} s, {self.kb:.1f} kB, {self.requests}"

    def beyond(self, bound: "Visit") -> list[str]:
        """Where it is more than ``bound``."""
        told = [
            (self.seconds, bound.seconds, "s"),
            (self.kb, bound.kb, "kB"),
            (self.requests, bound.requests, "requests"),
        ]
        return [f"{took:.1f} {unit} > {most}" for took, most, unit in told if took > most]


ANY = Visit()


@dataclass(frozen=True)
class Kind:
    """A page, who opens it, and what it may take on the slower link.

    Args:
        shows: What one came for.
        later: A later visit, with the service worker.
    """

    name: str
    address: str
    who: str
    shows: str = "h1"
    first: Visit = ANY
    later: Visit = ANY


KINDS = (
    Kind("sign-in", "sign_in", "", shows='input[name="login"]'),
    Kind("start page", "start", "mentor"),
    Kind("lesson", "lesson", "learner", first=Visit(kb=25, requests=4)),
    Kind(
        "log form",
        "session_form",
        "mentor",
        shows='textarea[name="went_well"]',
        first=Visit(seconds=6, kb=60),
        later=Visit(seconds=1, kb=0, requests=0),
    ),
)


def median(visits: Sequence[Visit]) -> Visit:
    """The one in the middle by time."""
    ranked = sorted(visits, key=lambda visit: visit.seconds)
    return ranked[len(ranked) // 2]


class Visitor:
    """One browser behind one link."""

    def __init__(self, context: BrowserContext, link: Link) -> None:
        self.context, self.link = context, link

    def visit(self, address: str, shows: str, *, to_read: bool = False) -> Visit:
        """Open ``address`` and wait until it can be used, or only read."""
        self.link.hang_up()
        page = self.context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        before, asked = self.link.carried_bytes[1], len(self.link.asked)
        page.goto(self.link.address + address, wait_until="commit")
        seconds = page.evaluate(USABLE, [shows, to_read]) / 1000
        kb = (self.link.carried_bytes[1] - before) / 1000
        visit = Visit(seconds, kb, len(self.link.asked) - asked)
        self._rest(page)
        page.close()
        return visit

    def take_worker(self, start: str, *, set_up: bool) -> None:
        """Come by the start page with net, which starts the worker; make the device ready."""
        with self.link.unhindered():
            page = self.context.new_page()
            page.set_default_timeout(PATIENCE_MS)
            page.goto(self.link.address + start)
            self._wait_for_worker(page)
            if set_up:
                page.goto(f"{self.link.address}/da/enhed/klar/")
                form = page.locator('[data-device="ready"] form')
                form.locator('[name="kind"][value="own"]').check()
                for field in ("pin", "again"):
                    form.locator(f'[name="{field}"]').fill(PIN)
                form.locator('button:not([type="button"])').click()
                page.locator('[data-when="done"]').wait_for()
                page.goto(f"{self.link.address}/da/enhed/log/")  # which fetches its choices
                page.locator('textarea[name="went_well"]').wait_for()
            self._rest(page)
            page.close()

    def _wait_for_worker(self, page: Page) -> None:
        """Until it is there; where it could not be fetched, the next page does it.

        Raises:
            TimeoutError: When no page could.
        """
        for _ in range(WORKER_TRIES):
            if page.evaluate(HAS_WORKER, WORKER_WITHIN_MS):
                return
            page.reload()
        raise TimeoutError("No service worker was installed.")

    def sign_in(self, session: str) -> None:
        """Hold this session, or none."""
        self.context.clear_cookies()
        if session:
            self.context.add_cookies(
                [{"name": "sessionid", "value": session, "url": self.link.address}]
            )

    def _rest(self, page: Page) -> None:
        """Wait until nothing has come for a while: a service worker fills its store."""
        seen, waited = -1, 0
        while self.link.carried_bytes[1] != seen and waited < REST_AT_MOST_MS:
            seen = self.link.carried_bytes[1]
            page.wait_for_timeout(REST_MS)
            waited += REST_MS


#: Milliseconds from the start of the navigation; who only reads does not wait for scripts.
USABLE = """async ([shows, toRead]) => {
  const painted = () => performance.getEntriesByName("first-contentful-paint")[0];
  const [navigation] = performance.getEntriesByType("navigation");
  const isThere = () => [...document.querySelectorAll(shows)].some((one) => one.checkVisibility());
  const scripted = () => (toRead ? 1 : navigation.domContentLoadedEventEnd);
  let seen = null;
  for (;;) {
    if (isThere()) seen ??= performance.now();
    if (seen && painted() && scripted()) break;
    await new Promise((done) => setTimeout(done, 10));
  }
  return Math.max(seen, painted().startTime, scripted());
}"""
PIN = "482915"
WORKER_TRIES, WORKER_WITHIN_MS = 3, 30_000
#: A promise that is never kept would be waited for without end.
HAS_WORKER = """(ms) => Promise.race([
  navigator.serviceWorker.ready.then(() => true),
  new Promise((resolve) => setTimeout(resolve, ms, false)),
])"""


#: A text is readable within this many times of what its bare HTML takes as a static file.
MOST_TO_STATIC = 2.0
BARE = re.compile(rb"<(script|style|svg)\b.*?</\1>|<link\b[^>]*>|<img\b[^>]*>", re.DOTALL)


class StaticFile(BaseHTTPRequestHandler):
    """One file, compressed, as the plainest of servers gives it."""

    packed: bytes
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """The file, whatever is asked for."""
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(self.packed)))
        self.end_headers()
        self.wfile.write(self.packed)

    def log_message(self, *_args: Any) -> None:
        """Nothing."""


@contextmanager
def static_file(html: bytes) -> Iterator[int]:
    """Serve ``html`` without its styles, scripts and pictures; the port."""
    packed = gzip.compress(BARE.sub(b"", html))
    handler = type("Served", (StaticFile,), {"packed": packed})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


@contextmanager
def visitor(browser: Browser, port: int, speed: Speed, *, with_worker: bool) -> Iterator[Visitor]:
    """A browser that has never been here."""
    rate, trip = speed.rate_kbit, speed.round_trip_ms
    with Link(port, rate_kbit=rate, round_trip_ms=trip) as link:
        context = browser.new_context(
            locale="da-DK", service_workers="allow" if with_worker else "block"
        )
        yield Visitor(context, link)
        context.close()


def twice(one: Visitor, kind: Kind, seeded: dict[str, Any], *, with_worker: bool) -> list[Visit]:
    """The first visit and a later one."""
    session = seeded["sessions"].get(kind.who, "")
    address = seeded[kind.address]
    one.sign_in(session)
    first = one.visit(address, kind.shows)
    if with_worker:
        if not session:
            one.sign_in(seeded["sessions"]["learner"])
        one.take_worker(seeded["start"], set_up=kind.who == "mentor")
        if not session:
            one.sign_in("")  # whose session has ended since
    return [first, one.visit(address, kind.shows)]


def warm(server: Server, seeded: dict[str, Any]) -> None:
    """Ask both processes of the server for everything, so that nobody waits for their start."""
    for kind in KINDS * 6:
        cookie = f"sessionid={seeded['sessions'].get(kind.who, '')}"
        address = f"{server.address}{seeded[kind.address]}"
        urllib.request.urlopen(urllib.request.Request(address, headers={"Cookie": cookie})).close()


Found = dict[tuple[str, str, bool], list[Visit]]


def measure(browser: Browser, server: Server, seeded: dict[str, Any], repeat: int) -> Found:
    """First and later visit of each page over each link, without and with the service worker."""
    found: Found = {}
    for speed in SPEEDS:
        for kind in KINDS:
            for with_worker in (False, True):
                visits = []
                for _ in range(repeat):
                    with visitor(browser, server.port, speed, with_worker=with_worker) as one:
                        visits.append(twice(one, kind, seeded, with_worker=with_worker))
                firsts, laters = zip(*visits, strict=True)
                found[speed.name, kind.name, with_worker] = [median(firsts), median(laters)]
                print(".", end="", file=sys.stderr, flush=True)
    return found


def to_static(
    browser: Browser, server: Server, seeded: dict[str, Any], repeat: int
) -> tuple[float, float]:
    """Seconds until a lesson can be read, and its bare text as a static file."""
    session, address = seeded["sessions"]["learner"], seeded["lesson"]
    asked = urllib.request.Request(
        server.address + address, headers={"Cookie": f"sessionid={session}"}
    )
    with urllib.request.urlopen(asked) as answer:
        html = answer.read()
    lessons, files = [], []
    with static_file(html) as plain:
        for _ in range(repeat):  # in turn
            for port, found in ((server.port, lessons), (plain, files)):
                with visitor(browser, port, SPEEDS[0], with_worker=False) as one:
                    one.sign_in(session)
                    found.append(one.visit(address, "main p", to_read=True))
    return median(lessons).seconds, median(files).seconds


def print_table(found: Found) -> None:
    """As Markdown: seconds until usable, kB on the wire, requests."""
    for speed in SPEEDS:
        print(f"\n{speed.name}:\n")
        print("| Page | First visit | Later, without service worker | Later, with it |")
        print("| --- | --- | --- | --- |")
        for kind in KINDS:
            first, later = found[speed.name, kind.name, False]
            first_with, later_with = found[speed.name, kind.name, True]
            first = median([first, first_with])
            print(f"| {kind.name} | {first} | {later} | {later_with} |")


def missed(found: Found) -> list[str]:
    """Every bound that does not hold, on the slower link with the service worker."""
    told = []
    for kind in KINDS:
        first, later = found[SPEEDS[0].name, kind.name, True]
        for name, visit, bound in (("first", first, kind.first), ("later", later, kind.later)):
            told += [f"{kind.name}, {name} visit: {more}" for more in visit.beyond(bound)]
    return told


def main() -> int:
    """Measure, print, and say what is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sidemand-bench-") as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'db.sqlite3'}"
        print("Filling the database …", file=sys.stderr, flush=True)
        os.environ["SIDEMAND_DEVICE_KEY_FILE"] = str(folder / "device-key.pem")
        seeded = seed(environment(url, folder), "--demo")
        make_key = [sys.executable, "manage.py", "make_device_key"]
        subprocess.run(make_key, cwd=ROOT, check=True, env=environment(url, folder))
        with Server(url, folder) as server, sync_playwright() as playwright:
            chromium = shutil.which("chromium-headless-shell") or shutil.which("chromium")
            browser = playwright.chromium.launch(
                executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
            )
            warm(server, seeded)
            found = measure(browser, server, seeded, options.repeat)
            lesson, plain = to_static(browser, server, seeded, options.repeat)
            browser.close()
    print_table(found)
    print(f"\nA lesson can be read after {lesson:.1f} s, its bare text as a static file after")
    print(f"{plain:.1f} s: {lesson / plain:.2f} ×")
    problems = missed(found)
    if lesson > MOST_TO_STATIC * plain:
        problems.append(f"lesson, readable: {lesson / plain:.2f} × > {MOST_TO_STATIC} ×")
    for problem in problems:
        print(f"MISSED: {problem}")
    return 1 if options.check and problems else 0


if __name__ == "__main__":
    sys.exit(main())
