"""Many mentors who log at once, for a while: what each waited, and whether all of it is there.

Each log is sent on a connection of its own, as by people who write for an hour in between. Seconds
here, not CPU time: what is asked is whether somebody waits much longer than the others.
"""

import http.client
import statistics
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from bench.load import Answer, Browser
from bench.server import Server

CLIENTS = 16
SLOWEST = 4.0  # p99 ÷ p50, at most
ENOUGH = 100  # times, of which a hundredth is one

Row = tuple[str, str, bool]  # what, how much, whether the target holds
Save = Callable[[Browser, uuid.UUID], Answer]


@dataclass(frozen=True)
class Crowd:
    """What came of it. A write is lost that was acknowledged and is not there, or was refused."""

    seconds: float
    times_s: list[float]
    refused: int
    vanished: int

    def rows(self) -> list[Row]:
        """Its lines."""
        who = f"{CLIENTS} clients for {self.seconds:.0f} s"
        lost = self.refused + self.vanished
        told = f"{lost} of {len(self.times_s) + self.refused}"
        if len(self.times_s) < ENOUGH:
            return [(f"{who}: lost writes, 0", f"{told}: too few were kept to compare", False)]
        p50, p99 = (statistics.quantiles(self.times_s, n=100)[n - 1] for n in (50, 99))
        return [
            (
                f"{who}: lost writes, 0",
                f"{told} ({self.refused} refused, {self.vanished} vanished)",
                lost == 0,
            ),
            (
                f"{who}: p99 ÷ p50, ≤ {SLOWEST:.0f}",
                f"{p99 / p50:.2f} ({p99 * 1000:.0f} / {p50 * 1000:.0f} ms)",
                p99 <= SLOWEST * p50,
            ),
        ]


def measure_crowd(
    server: Server,
    session: str,
    save: Save,
    count_kept: Callable[[list[str]], int],
    seconds: float,
) -> Crowd:
    """Let all of them save without a pause, then count what is there of what was acknowledged."""
    acknowledged: list[str] = []
    times_s: list[float] = []
    refused: list[str] = []
    start = threading.Barrier(CLIENTS)

    def log() -> None:
        start.wait()
        ends = time.perf_counter() + seconds
        while time.perf_counter() < ends:
            browser, key, began = Browser(server.port, session), uuid.uuid4(), time.perf_counter()
            try:
                status = save(browser, key).status
            except (OSError, http.client.HTTPException):
                status = 0
            browser.close()
            if status == http.client.FOUND:
                times_s.append(time.perf_counter() - began)
                acknowledged.append(str(key))
            else:
                refused.append(f"{key}: {status}")

    warm = Browser(server.port, session)
    for _ in range(CLIENTS):
        save(warm, uuid.uuid4())
        warm.close()
    threads = [threading.Thread(target=log) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    vanished = len(acknowledged) - count_kept(acknowledged)
    return Crowd(seconds, times_s, len(refused), vanished)
