"""The overview over ten thousand learners, beside what its database needs by itself.

Seconds here, not CPU time: who waits for a table waits for seconds. Each is the median of a few,
taken in turn with what it is compared with.
"""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psycopg

from bench.load import Browser
from bench.server import Server, descendants, memory_kb

ROUNDS = 5


@dataclass(frozen=True)
class Tables:
    """What a run gave, in seconds and megabytes."""

    report_s: float
    group_s: float
    csv_s: float
    first_byte_s: float
    copy_s: float
    more_memory_mb: float
    size_bytes: int

    def rows(self, learners: int) -> list[tuple[str, str, bool]]:
        """Each line of the table: what, how much, whether the target holds."""
        report, copy = self.report_s / self.group_s, self.csv_s / self.copy_s
        return [
            (
                f"report of {learners} learners ÷ the GROUP BY of its counts",
                f"{report:.1f} ({self.report_s * 1000:.0f} / {self.group_s * 1000:.1f} ms)",
                True,
            ),
            (
                f"CSV of {learners} × 20 ÷ COPY of the same, ≤ 10",
                f"{copy:.2f} ({self.csv_s:.2f} / {self.copy_s:.2f} s, {self.size_bytes} bytes)",
                copy <= 10,
            ),
            (
                "CSV, first byte, ≤ 0.3 s",
                f"{self.first_byte_s:.3f} s",
                self.first_byte_s <= 0.3,
            ),
            (
                "CSV, more memory of the server, ≤ 64 MB",
                f"{self.more_memory_mb:.1f} MB",
                self.more_memory_mb <= 64,
            ),
        ]


def measure_tables(server: Server, url: str, seeded: dict[str, Any]) -> Tables:
    """Ask for report and CSV, and let PostgreSQL do the same by itself, in turn."""
    browser = Browser(server.port, seeded["coordinator"])
    taken: dict[str, list[float]] = {name: [] for name in ("report", "group", "csv", "copy")}
    first_bytes: list[float] = []
    size = 0
    with psycopg.connect(url, autocommit=True) as database:

        def copy() -> None:
            with database.cursor().copy(f"COPY ({seeded['sql']['copy']}) TO STDOUT CSV") as out:
                for _piece in out:
                    pass

        def group() -> None:
            database.execute(seeded["sql"]["group"]).fetchall()

        def report() -> None:
            browser.close()
            assert browser.request("GET", seeded["report"]).status == 200

        for _ in range(4):  # both workers warm
            report()
            _read(browser, seeded["csv"])
            browser.close()
        before = _memory(server)
        for _ in range(ROUNDS):
            for name, do in (("report", report), ("group", group), ("copy", copy)):
                taken[name].append(_timed(do))
            first, whole, size = _read(browser, seeded["csv"])
            taken["csv"].append(whole)
            first_bytes.append(first)
        more = (_memory(server) - before) / 1024
    middle = {name: statistics.median(values) for name, values in taken.items()}
    return Tables(
        report_s=middle["report"],
        group_s=middle["group"],
        csv_s=middle["csv"],
        first_byte_s=statistics.median(first_bytes),
        copy_s=middle["copy"],
        more_memory_mb=max(0.0, more),
        size_bytes=size,
    )


def _timed(do: Callable[[], None]) -> float:
    began = time.perf_counter()
    do()
    return time.perf_counter() - began


def _read(browser: Browser, path: str) -> tuple[float, float, int]:
    """Seconds to the first byte and to the last, and how many bytes came."""
    began = time.perf_counter()
    response = browser.open(path)
    size = len(response.read(1))
    first = time.perf_counter() - began
    while piece := response.read(65_536):
        size += len(piece)
    return first, time.perf_counter() - began, size


def _memory(server: Server) -> int:
    """The most memory that the server's processes have held so far, all together, in kB."""
    return sum(memory_kb(pid) for pid in descendants(server.pid))
