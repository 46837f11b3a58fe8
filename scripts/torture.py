"""Torture at full size, on SQLite and on PostgreSQL: 3,000 sessions, 200 kills of each.

    make torture                                   # hours
    SIDEMAND_TORTURE_SEED=7 make torture           # another run
    SIDEMAND_TORTURE_SESSIONS=300 SIDEMAND_TORTURE_KILLS=20 make torture

tests/torture tells what is done and what must hold. ``make test`` runs the same with 30 and 6.
"""

import os
import sys

from check import Checks
from postgres import Postgres

SIZE = {"SIDEMAND_TORTURE_SESSIONS": "3000", "SIDEMAND_TORTURE_KILLS": "200"}


def main() -> int:
    """Run it on both databases."""
    checks = Checks()
    size = {name: os.environ.get(name, default) for name, default in SIZE.items()}
    suite = ["pytest", "-q", "-s", "-p", "no:randomly", "tests/torture"]
    checks.run("Torture on SQLite", *suite, **size)
    with Postgres(durable=True) as server:
        checks.run("Torture on PostgreSQL", *suite, DATABASE_URL=server.url(), **size)
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
