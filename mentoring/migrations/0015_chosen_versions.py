"""Who chose a version in the place of mentors who have left; it never changes, as the rest of it.

PostgreSQL compares the whole row, whatever its columns; SQLite is told of the new one. ``TRIGGERS``
are all there are on SQLite by now.
"""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

before = import_module("mentoring.migrations.0012_guard_amendments")

NAME = "mentoring_guard_version_update"
_same = "NEW.author_id IS OLD.author_id"
TRIGGERS = before.TRIGGERS | {
    NAME: before.TRIGGERS[NAME].replace(_same, f"{_same} AND NEW.chosen_by_id IS OLD.chosen_by_id")
}


def guard(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(f"DROP TRIGGER {NAME}")
        schema_editor.execute(TRIGGERS[NAME])


# Backwards, SQLite makes the table anew without the column: its own triggers would be gone, and
# those of other tables that read it would stop it.


def set_aside(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for name in TRIGGERS:
            schema_editor.execute(f"DROP TRIGGER {name}")


def put_back(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for statement in before.TRIGGERS.values():
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("mentoring", "0014_learning_goals"), ("people", "0002_own_data")]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, put_back),
        migrations.AddField(
            model_name="sessionversion",
            name="chosen_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.person",
            ),
        ),
        migrations.RunPython(guard, set_aside),
    ]
