"""What autovacuum would do some time during a run, done at once."""

from django.db import connection


def refresh_statistics() -> None:
    """Let the planner know the rows just written, and mark their pages as visible to all.

    Inside a transaction, as in a test, PostgreSQL can only count: it cannot vacuum there.
    """
    may_vacuum = connection.vendor == "postgresql" and not connection.in_atomic_block
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if may_vacuum else "ANALYZE")
