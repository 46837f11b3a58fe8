"""Django's SQLite, with a queue for those who want to write.

SQLite has none: whoever finds the database taken sleeps and tries again, and among eight writers
who never rest one was seen to try for 20 seconds in vain ("database is locked"). Here only the
first of the queue tries; the others wait in the kernel, which wakes them in turn.
"""

import fcntl
from pathlib import Path

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Begins a transaction when it is this writer's turn."""

    def _start_transaction_under_autocommit(self) -> None:
        if self.is_in_memory_db():
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # not in the stubs
            return
        with Path(f"{self.settings_dict['NAME']}-queue").open("ab") as queue:
            fcntl.flock(queue, fcntl.LOCK_EX)
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # not in the stubs
