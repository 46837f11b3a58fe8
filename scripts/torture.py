"""Torture at full size on both databases side by side: 3,000 sessions, 200 kills of each.

    make torture                                   # two hours on two processors
    SIDEMAND_TORTURE_SEED=7 make torture           # another run
    SIDEMAND_TORTURE_SESSIONS=600 SIDEMAND_TORTURE_KILLS=40 make torture

tests/torture tells what is done and what must hold. ``make test`` runs the same with 60 and 10.
It comes in parts of 300 sessions, each with two new devices and a seed of its own: what a mentor
writes in a year, and one that fails is repeated in ten minutes.
"""

import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from check import Checks
from postgres import Postgres

SESSIONS = int(os.environ.get("SIDEMAND_TORTURE_SESSIONS", "3000"))
KILLS = int(os.environ.get("SIDEMAND_TORTURE_KILLS", "200"))
SEED = int(os.environ.get("SIDEMAND_TORTURE_SEED", "20270615"))
PART = 300
SUITE = ["pytest", "-q", "-s", "-p", "no:randomly", "tests/torture"]


def parts() -> Iterator[dict[str, str]]:
    """The size and the seed of each part; together they are what was asked for."""
    count = -(-SESSIONS // PART)
    for number in range(count):
        yield {
            "SIDEMAND_TORTURE_SESSIONS": str(_share(SESSIONS, count, number)),
            "SIDEMAND_TORTURE_KILLS": str(_share(KILLS, count, number)),
            "SIDEMAND_TORTURE_SEED": str(SEED + number),
        }


def _share(whole: int, count: int, number: int) -> int:
    return whole * (number + 1) // count - whole * number // count


def run(checks: Checks, database: str, **environment: str) -> None:
    """All parts on one database, one after the other."""
    for part in parts():
        size = f"{part['SIDEMAND_TORTURE_SESSIONS']} sessions"
        title = f"Torture on {database}, {size}, seed {part['SIDEMAND_TORTURE_SEED']}"
        checks.run_beside(title, *SUITE, **part, **environment)


def main() -> int:
    """Run it on both databases."""
    checks = Checks()
    with Postgres(durable=True) as server, ThreadPoolExecutor(2) as pool:
        running = [
            pool.submit(run, checks, "SQLite"),
            pool.submit(run, checks, "PostgreSQL", DATABASE_URL=server.url()),
        ]
        for one in running:
            one.result()
    for title in checks.failed:
        print(f"FAILED: {title}")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
