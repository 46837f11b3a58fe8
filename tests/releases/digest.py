"""Count and hash the rows of a database, table by table, column by column.

Run as ``python -m tests.releases.digest`` with DATABASE_URL; prints JSON. With a file that an
earlier run wrote, only the tables and columns that it names are read: a newer schema may have
more, but must not have lost or changed any of them.
"""

import hashlib
import json
import sys
from pathlib import Path

import django

#: Filled by the framework on its own, or changed by starting anew: not what anybody wrote.
LEFT_OUT = {
    "core_cache", "django_migrations", "django_content_type", "auth_permission",
    "auth_group_permissions", "django_session", "wagtailsearch_indexentry",
}  # fmt: skip

Digest = dict[str, dict[str, object]]


def digest(expected: Digest | None = None) -> Digest:
    """Per table: its columns, how many rows, and the hash of their sorted contents."""
    from django.db import connection

    found: Digest = {}
    with connection.cursor() as cursor:
        tables = expected or {
            name: {}
            for name in connection.introspection.table_names(cursor)
            if name not in LEFT_OUT and "_fts" not in name
        }
        for table in sorted(tables):
            # Not from the introspection: that of SQLite stumbles over a check with a list in it.
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)} LIMIT 0")
            columns = tables[table].get("columns") or sorted(
                column[0] for column in cursor.description if column[0] != "index_entries"
            )
            assert isinstance(columns, list)
            names = ", ".join(connection.ops.quote_name(name) for name in columns)
            cursor.execute(f"SELECT {names} FROM {connection.ops.quote_name(table)}")
            rows = sorted(json.dumps([str(value) for value in row]) for row in cursor.fetchall())
            found[table] = {
                "columns": columns,
                "count": len(rows),
                "sha256": hashlib.sha256("\n".join(rows).encode()).hexdigest(),
            }
    return found


if __name__ == "__main__":
    django.setup()
    earlier = json.loads(Path(sys.argv[1]).read_text()) if len(sys.argv) > 1 else None
    print(json.dumps(digest(earlier), indent=1, sort_keys=True))
