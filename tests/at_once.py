"""Several threads that do something in the same moment, each with a connection of its own.

They meet in one database, which lies in a file on SQLite too (``tests.databases``).
"""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connections
from django.db.models import Model


def at_once(
    count: int, work: Callable[[int], Any], *, refusals: tuple[type[Exception], ...] = ()
) -> list[Any]:
    """What ``count`` threads answer that begin in the same moment; ``refusals`` are answers."""
    barrier = threading.Barrier(count)

    def run(number: int) -> Any:
        barrier.wait(60)
        try:
            return work(number)
        except refusals as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def counted(*models: type[Model]) -> list[int]:
    """How many rows there are of each."""
    return [model._default_manager.count() for model in models]
