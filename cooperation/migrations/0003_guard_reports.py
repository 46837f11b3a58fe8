"""The database itself keeps a frozen report: nothing of it changes, and it never goes.

SQLite loses the triggers of a table that a later migration rebuilds: that migration drops them
first and creates them again from ``TRIGGERS``. A test compares.
"""

from django.db import migrations

TABLE = "cooperation_halfyearreport"
KEPT = "A frozen report is kept as it is."

# The condition of the INSERT stops INSERT OR REPLACE, which deletes without firing a trigger.
_SQLITE = {
    "insert": (
        "BEFORE INSERT",
        f"EXISTS (SELECT 1 FROM {TABLE} r WHERE r.id = NEW.id AND r.state = 'frozen')",  # noqa: S608  of the constants above
    ),
    "update": ("BEFORE UPDATE", "OLD.state = 'frozen'"),
    "delete": ("BEFORE DELETE", "OLD.state = 'frozen'"),
}
#: Each by its name, as SQLite keeps it.
TRIGGERS = {
    f"cooperation_report_{name}": (
        f"CREATE TRIGGER cooperation_report_{name} {moment} ON {TABLE} WHEN {condition} "
        f"BEGIN SELECT RAISE(ABORT, '{KEPT}'); END"
    )
    for name, (moment, condition) in _SQLITE.items()
}
_FUNCTION = f"""
    CREATE FUNCTION cooperation_keep_report() RETURNS trigger LANGUAGE plpgsql AS $body$
    BEGIN
        IF TG_OP = 'TRUNCATE' OR OLD.state = 'frozen' THEN
            RAISE EXCEPTION '{KEPT}' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    END
    $body$
"""


def guard(apps, schema_editor):
    """Set the triggers."""
    if schema_editor.connection.vendor == "sqlite":
        for statement in TRIGGERS.values():
            schema_editor.execute(statement)
        return
    schema_editor.execute(_FUNCTION)
    schema_editor.execute(
        f"CREATE TRIGGER cooperation_keep_report BEFORE UPDATE OR DELETE ON {TABLE} "
        "FOR EACH ROW EXECUTE FUNCTION cooperation_keep_report()"
    )
    schema_editor.execute(
        f"CREATE TRIGGER cooperation_keep_reports BEFORE TRUNCATE ON {TABLE} "
        "FOR EACH STATEMENT EXECUTE FUNCTION cooperation_keep_report()"
    )


def unguard(apps, schema_editor):
    """Take the triggers away."""
    if schema_editor.connection.vendor == "sqlite":
        for name in TRIGGERS:
            schema_editor.execute(f"DROP TRIGGER {name}")
        return
    schema_editor.execute(f"DROP TRIGGER cooperation_keep_reports ON {TABLE}")
    schema_editor.execute(f"DROP TRIGGER cooperation_keep_report ON {TABLE}")
    schema_editor.execute("DROP FUNCTION cooperation_keep_report()")


class Migration(migrations.Migration):
    dependencies = [("cooperation", "0002_half_year_reports")]

    operations = [migrations.RunPython(guard, unguard)]
