"""How long a page takes until one can use it, on the links there are.

    python -m bench.slowlink                # the table of docs/bench.md
    python -m bench.slowlink --repeat 1     # once each, instead of the median of three
    python -m bench.slowlink --check        # and exit 1 where a bound is missed

A real Chromium, through the link of ``bench.link``. Usable is when the page is painted and its
scripts have run: the later of first contentful paint and the end of ``DOMContentLoaded``. A first
visit begins with an empty browser, a later one with what the first has left there, on a connection
of its own, as after a night.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from bench.__main__ import seed
from bench.link import Link
from bench.server import Server, environment

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
class Kind:
    """A page, who opens it, and by when it must be usable: seconds of a first and a later visit."""

    name: str
    address: str
    who: str
    first_s: float | None = None
    later_s: float | None = None


KINDS = (
    Kind("sign-in", "sign_in", ""),
    Kind("start page", "start", "mentor"),
    Kind("lesson", "lesson", "learner"),
    Kind("log form", "session_form", "mentor", 6.0, 1.0),
)


@dataclass(frozen=True)
class Visit:
    """What one visit took: until usable, bytes to the browser, requests."""

    seconds: float
    back_bytes: int
    requests: int

    def __str__(self) -> str:
        return f"{self.seconds:.1f} s, {self.back_bytes / 1000:.1f} kB, {self.requests}"


def median(visits: list[Visit]) -> Visit:
    """The one in the middle by time."""
    ranked = sorted(visits, key=lambda visit: visit.seconds)
    return ranked[len(ranked) // 2]


class Visitor:
    """One browser behind one link."""

    def __init__(self, context: BrowserContext, link: Link) -> None:
        self.context, self.link = context, link

    def visit(self, address: str) -> Visit:
        """Open ``address`` and wait until it can be used."""
        self.link.hang_up()
        page = self.context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        before, asked = self.link.carried_bytes[1], len(self.link.asked)
        page.goto(self.link.address + address, wait_until="domcontentloaded")
        seconds = page.evaluate(USABLE) / 1000
        visit = Visit(seconds, self.link.carried_bytes[1] - before, len(self.link.asked) - asked)
        self._rest(page)
        page.close()
        return visit

    def _rest(self, page: Page) -> None:
        """Wait until nothing has come for a while: a service worker fills its store."""
        seen, waited = -1, 0
        while self.link.carried_bytes[1] != seen and waited < REST_AT_MOST_MS:
            seen = self.link.carried_bytes[1]
            page.wait_for_timeout(REST_MS)
            waited += REST_MS


#: Milliseconds from the start of the navigation.
USABLE = """async () => {
  const painted = await new Promise((resolve) => {
    const seen = () => performance.getEntriesByName("first-contentful-paint")[0];
    const look = () => seen() ? resolve(seen().startTime) : setTimeout(look, 20);
    look();
  });
  const [navigation] = performance.getEntriesByType("navigation");
  while (!navigation.domContentLoadedEventEnd) await new Promise((done) => setTimeout(done, 20));
  return Math.max(painted, navigation.domContentLoadedEventEnd);
}"""


@contextmanager
def visitor(
    browser: Browser, server: Server, speed: Speed, session: str, *, with_worker: bool
) -> Iterator[Visitor]:
    """A browser that has never been here."""
    rate, trip = speed.rate_kbit, speed.round_trip_ms
    with Link(server.port, rate_kbit=rate, round_trip_ms=trip) as link:
        context = browser.new_context(
            locale="da-DK", service_workers="allow" if with_worker else "block"
        )
        if session:
            context.add_cookies([{"name": "sessionid", "value": session, "url": link.address}])
        yield Visitor(context, link)
        context.close()


def measure(
    browser: Browser, server: Server, seeded: dict[str, Any], repeat: int
) -> dict[tuple[str, str, bool], tuple[Visit, Visit]]:
    """First and later visit of each page over each link, without and with the service worker."""
    found: dict[tuple[str, str, bool], tuple[Visit, Visit]] = {}
    for speed in SPEEDS:
        for kind in KINDS:
            for with_worker in (False, True):
                firsts, laters = [], []
                for _ in range(repeat):
                    session = seeded["sessions"].get(kind.who, "")
                    with visitor(browser, server, speed, session, with_worker=with_worker) as one:
                        firsts.append(one.visit(seeded[kind.address]))
                        laters.append(one.visit(seeded[kind.address]))
                found[speed.name, kind.name, with_worker] = median(firsts), median(laters)
                print(".", end="", file=sys.stderr, flush=True)
    return found


def print_table(found: dict[tuple[str, str, bool], tuple[Visit, Visit]]) -> None:
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


def missed(found: dict[tuple[str, str, bool], tuple[Visit, Visit]]) -> list[str]:
    """Every bound that does not hold, on the slower link with the service worker."""
    told = []
    for kind in KINDS:
        visits = found[SPEEDS[0].name, kind.name, True]
        for name, visit, bound in zip(
            ("first", "later"), visits, (kind.first_s, kind.later_s), strict=True
        ):
            if bound is not None and visit.seconds > bound:
                told.append(f"{kind.name}, {name} visit: {visit.seconds:.1f} s > {bound} s")
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
        seeded = seed(environment(url, folder), "--demo")
        with Server(url, folder) as server, sync_playwright() as playwright:
            chromium = shutil.which("chromium-headless-shell") or shutil.which("chromium")
            browser = playwright.chromium.launch(
                executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
            )
            found = measure(browser, server, seeded, options.repeat)
            browser.close()
    print_table(found)
    problems = missed(found)
    for problem in problems:
        print(f"MISSED: {problem}")
    return 1 if options.check and problems else 0


if __name__ == "__main__":
    sys.exit(main())
