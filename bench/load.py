"""Requests over kept-alive connections, timed one by one, several lines in turn."""

import gzip
import http.client
import re
import secrets
import statistics
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from bench.server import Server

#: What one slice of a line sends: so many clients at once, each so many requests.
CLIENTS = 2
EACH = 8
WARM_UP = 8


@dataclass(frozen=True)
class Answer:
    """What came back: the body as it was sent, and the bytes of everything on the wire."""

    status: int
    body: bytes
    headers: Mapping[str, str]
    size_bytes: int

    @property
    def text(self) -> str:
        """The body, unpacked."""
        packed = self.headers.get("content-encoding") == "gzip"
        return (gzip.decompress(self.body) if packed else self.body).decode()


@dataclass
class Browser:
    """One signed-in client: a connection and its cookies."""

    port: int
    session: str = ""
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.session:
            self.cookies["sessionid"] = self.session
            # Django takes any secret of this form; what counts is that the form repeats it.
            self.cookies["csrftoken"] = secrets.token_hex(16)
        self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def request(
        self,
        method: str,
        path: str,
        form: dict[str, object] | None = None,
        **headers: str,
    ) -> Answer:
        """Send one request."""
        sent = {
            "Host": f"localhost:{self.port}",
            "Accept-Encoding": "gzip",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        body = None
        if form is not None:
            token = self.cookies.get("csrftoken", "")
            body = urlencode({"csrfmiddlewaretoken": token, **form}, doseq=True)
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, path, body, sent)
        response = self._connection.getresponse()
        content = response.read()
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        size = len(content) + sum(len(f"{k}: {v}\r\n") for k, v in response.getheaders()) + 17
        found = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, content, found, size)

    def open(self, path: str) -> http.client.HTTPResponse:
        """Ask for ``path`` and hand on the answer unread, as it was not packed."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Host": f"localhost:{self.port}", "Cookie": cookies}
        self.close()  # the server hangs up on whoever is silent for two seconds
        self._connection.request("GET", path, None, headers)
        response = self._connection.getresponse()
        assert response.status == 200, response.status
        return response

    def close(self) -> None:
        """Hang up; the next request calls again."""
        self._connection.close()


Send = Callable[[Browser], Answer]


@dataclass(frozen=True)
class Line:
    """One line of the table: who sends what to which server, and what must come back."""

    server: Server
    session: str
    send: Send
    expect: int = 200


@dataclass(frozen=True)
class Figures:
    """What one line of the bench measured."""

    requests_per_s: float
    p50_ms: float
    p95_ms: float
    cpu_ms: float
    size_bytes: int


@dataclass
class _Taken:
    """A line's slices so far."""

    cpu_ms: list[float] = field(default_factory=list)
    requests_per_s: list[float] = field(default_factory=list)
    times_s: list[float] = field(default_factory=list)
    size_bytes: int = 0

    def figures(self) -> Figures:
        cuts = statistics.quantiles(self.times_s, n=20)
        return Figures(
            requests_per_s=statistics.median(self.requests_per_s),
            p50_ms=statistics.median(self.times_s) * 1000,
            p95_ms=cuts[-1] * 1000,
            cpu_ms=statistics.median(self.cpu_ms),
            size_bytes=self.size_bytes,
        )


def measure(lines: Mapping[str, Line], slices: int) -> dict[str, Figures]:
    """Each line a short slice at a time, in turn, so that whatever else runs hits all of them.

    Raises:
        AssertionError: When an answer has another status than expected.
    """
    browsers = {
        name: [Browser(line.server.port, line.session) for _ in range(CLIENTS)]
        for name, line in lines.items()
    }
    taken = {name: _Taken() for name in lines}
    for name, line in lines.items():
        for browser in browsers[name] * WARM_UP:  # anew each time: both workers have to be warm
            answer = line.send(browser)
            assert answer.status == line.expect, (name, answer.status, answer.body[:300])
            taken[name].size_bytes = answer.size_bytes
            browser.close()
    for _ in range(slices):
        for name, line in lines.items():
            _slice(line, browsers[name], taken[name])
    return {name: each.figures() for name, each in taken.items()}


def _slice(line: Line, browsers: list[Browser], taken: _Taken) -> None:
    statuses: list[int] = []
    times: list[float] = []

    def run(browser: Browser) -> None:
        for _ in range(EACH):
            started = time.perf_counter()
            status = line.send(browser).status
            times.append(time.perf_counter() - started)
            statuses.append(status)
        browser.close()

    threads = [threading.Thread(target=run, args=(browser,)) for browser in browsers]
    cpu_before, began = line.server.cpu_seconds(), time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    elapsed, cpu = time.perf_counter() - began, line.server.cpu_seconds() - cpu_before
    assert statuses == [line.expect] * (EACH * len(browsers)), statuses
    taken.cpu_ms.append(cpu / len(times) * 1000)
    taken.requests_per_s.append(len(times) / elapsed)
    taken.times_s += times


# --- Bytes of a first and a repeat view ---------------------------------------------------------


@dataclass(frozen=True)
class View:
    """What one view of a page took over the wire, pictures apart."""

    requests: int
    size_bytes: int


def views(server: Server, session: str, path: str) -> tuple[View, View]:
    """A first view with everything the page loads, and a repeat view by its caching headers.

    A file that says ``immutable`` is not asked for again; anything else is, with its tag.
    """

    browser = Browser(server.port, session)
    page = browser.request("GET", path)
    files = sorted(set(re.findall(r'(?:<script[^>]+src|<link[^>]+href)="(/[^"#]+)"', page.text)))
    loaded: dict[str, Any] = {path: page}
    for file in files:
        if file.startswith("/static/"):
            loaded[file] = browser.request("GET", file)
    again = [
        browser.request("GET", address, If_None_Match=answer.headers.get("etag", ""))
        for address, answer in loaded.items()
        if "immutable" not in answer.headers.get("cache-control", "")
    ]
    browser.close()
    return (
        View(len(loaded), sum(answer.size_bytes for answer in loaded.values())),
        View(len(again), sum(answer.size_bytes for answer in again)),
    )
