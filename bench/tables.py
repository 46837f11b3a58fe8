"""Reports over ten and a hundred thousand learners, beside what the database needs by itself.

Seconds here, not CPU time: who waits for a table waits for seconds. Each is the median of a few,
taken in turn with what it is compared with.
"""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import psycopg

from bench.load import Browser
from bench.server import Server, descendants, memory_kb

ROUNDS = 7
#: How much longer a report may take than the GROUP BY that it needs.
REPORT, CSV = 5.0, 10.0
FIRST_BYTE_S, MORE_MEMORY_MB = 0.3, 64.0
#: The product's connections leave the compiler out; what they are compared with does too.
AS_OURS = "-c jit=off"

Row = tuple[str, str, bool]  # what, how much, whether the target holds


@dataclass(frozen=True)
class Table:
    """A list to take along, beside COPY of the same."""

    csv_s: float
    first_byte_s: float
    copy_s: float
    more_memory_mb: float
    size_bytes: int

    def rows(self, learners: int) -> list[Row]:
        """Its lines."""
        copy = self.csv_s / self.copy_s
        return [
            (
                f"CSV of {learners} × 20 ÷ COPY of the same, ≤ {CSV:.0f}",
                f"{copy:.2f} ({self.csv_s:.2f} / {self.copy_s:.2f} s, {self.size_bytes} bytes)",
                copy <= CSV,
            ),
            (
                f"CSV, first byte, ≤ {FIRST_BYTE_S} s",
                f"{self.first_byte_s:.3f} s",
                self.first_byte_s <= FIRST_BYTE_S,
            ),
            (
                f"CSV, more memory of the server, ≤ {MORE_MEMORY_MB:.0f} MB",
                f"{self.more_memory_mb:.1f} MB",
                self.more_memory_mb <= MORE_MEMORY_MB,
            ),
        ]


@dataclass(frozen=True)
class Report:
    """A page that counts many people, beside the counting alone."""

    name: str
    learners: int
    page_s: float
    group_s: float
    memory_mb: float
    """The most that the server's processes have held until then, all together."""

    def row(self) -> Row:
        """Its line."""
        ratio = self.page_s / self.group_s
        return (
            f"{self.name}, {self.learners} learners ÷ its GROUP BY, ≤ {REPORT:.0f}",
            f"{ratio:.1f} ({self.page_s * 1000:.0f} / {self.group_s * 1000:.1f} ms)",
            ratio <= REPORT,
        )


def memory_row(reports: list[Report]) -> Row:
    """How much more memory the server has held once the reports count ten times as many."""
    held = {one.learners: one.memory_mb for one in reports}
    few, many = min(held), max(held)
    more = held[many] - held[few]
    return (
        (
            f"reports at {many} learners, more memory of the server than at {few}, "
            f"≤ {MORE_MEMORY_MB:.0f} MB"
        ),
        f"{more:.1f} MB",
        more <= MORE_MEMORY_MB,
    )


def measure_reports(
    server: Server, url: str, seeded: dict[str, Any], learners: int
) -> list[Report]:
    """Ask for each page, and let the database do by itself the counting that the page needs."""
    browsers = {
        name: Browser(server.port, seeded["editor" if "question" in name else "coordinator"])
        for name in seeded["reports"]
    }
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in browsers}
    with psycopg.connect(url, autocommit=True, options=AS_OURS) as database:

        def page(name: str) -> None:
            browsers[name].close()
            answer = browsers[name].request("GET", seeded["reports"][name])
            assert answer.status == 200, (name, answer.status, answer.headers)

        def group(name: str) -> None:
            for sql in seeded["sql"][name]:
                database.execute(sql).fetchall()

        for name in list(browsers) * 3:  # both workers warm
            page(name)
        for _ in range(ROUNDS):
            for name, figures in taken.items():
                figures.append((_timed(partial(page, name)), _timed(partial(group, name))))
    held = _memory(server) / 1024
    return [
        Report(
            name,
            learners,
            statistics.median(one for one, _two in figures),
            statistics.median(two for _one, two in figures),
            held,
        )
        for name, figures in taken.items()
    ]


def measure_table(server: Server, url: str, seeded: dict[str, Any]) -> Table:
    """Ask for the CSV, and let PostgreSQL copy the same by itself, in turn."""
    browser = Browser(server.port, seeded["coordinator"])
    taken: dict[str, list[float]] = {name: [] for name in ("csv", "copy", "first")}
    size = 0
    (query,) = seeded["sql"]["copy"]
    with psycopg.connect(url, autocommit=True, options=AS_OURS) as database:

        def copy() -> None:
            with database.cursor().copy(f"COPY ({query}) TO STDOUT CSV") as out:
                for _piece in out:
                    pass

        for _ in range(4):  # both workers warm, without a CSV: its peak is what is measured
            _read(browser, seeded["reports"]["overview"])
            browser.close()
        before = _memory(server)
        for _ in range(ROUNDS):
            taken["copy"].append(_timed(copy))
            first, whole, size = _read(browser, seeded["csv"])
            taken["csv"].append(whole)
            taken["first"].append(first)
        more = (_memory(server) - before) / 1024
    middle = {name: statistics.median(values) for name, values in taken.items()}
    return Table(
        csv_s=middle["csv"],
        first_byte_s=middle["first"],
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
