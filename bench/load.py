"""Requests over kept-alive connections, timed one by one."""

import http.client
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode

from bench.server import Server


@dataclass
class Browser:
    """One signed-in client: a connection and its cookies."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def request(
        self, method: str, path: str, form: dict[str, object] | None = None
    ) -> tuple[int, bytes, dict[str, str]]:
        """Send one request; give status, body and headers (names in lower case)."""
        headers = {
            "Host": f"localhost:{self.port}",
            "Accept-Encoding": "gzip",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }
        body = None
        if form is not None:
            token = self.cookies.get("csrftoken", "")
            body = urlencode({"csrfmiddlewaretoken": token, **form}, doseq=True)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, path, body, headers)
        response = self._connection.getresponse()
        content = response.read()
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return response.status, content, {k.lower(): v for k, v in response.getheaders()}


@dataclass(frozen=True)
class Figures:
    """What one line of the bench measured."""

    requests_per_s: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    cpu_ms: float
    size_bytes: int


def measure(
    server: Server,
    browsers: list[Browser],
    send: Callable[[Browser], tuple[int, bytes, dict[str, str]]],
    *,
    requests: int,
    expect: int = 200,
) -> Figures:
    """Send ``requests`` in all, spread over ``browsers`` at once, after a short warm-up.

    Raises:
        AssertionError: When an answer has another status than ``expect``.
    """
    sizes = []
    for browser in browsers:
        for _ in range(6):  # both workers have to be warm
            status, body, _headers = send(browser)
            assert status == expect, (status, body[:300])
            sizes.append(len(body))
    each = max(1, requests // len(browsers))
    times: list[float] = []
    faults: list[int] = []

    def run(browser: Browser) -> None:
        own = []
        for _ in range(each):
            started = time.perf_counter()
            status, _body, _headers = send(browser)
            own.append(time.perf_counter() - started)
            if status != expect:
                faults.append(status)
        times.extend(own)

    threads = [threading.Thread(target=run, args=(browser,)) for browser in browsers]
    cpu_before, began = server.cpu_seconds(), time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    elapsed, cpu = time.perf_counter() - began, server.cpu_seconds() - cpu_before
    assert not faults, f"unexpected answers: {sorted(set(faults))}"
    times.sort()
    cuts = statistics.quantiles(times, n=100)
    return Figures(
        requests_per_s=len(times) / elapsed,
        p50_ms=cuts[49] * 1000,
        p95_ms=cuts[94] * 1000,
        p99_ms=cuts[98] * 1000,
        cpu_ms=cpu / len(times) * 1000,
        size_bytes=sizes[-1],
    )
