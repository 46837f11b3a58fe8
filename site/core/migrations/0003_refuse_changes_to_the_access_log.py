"""The database itself refuses to change an entry of the access log."""

from django.db import migrations

SQLITE = """
CREATE TRIGGER core_accesslog_no_update BEFORE UPDATE ON core_accesslog
BEGIN SELECT RAISE(ABORT, 'The access log is append-only.'); END
"""
POSTGRES = """
CREATE FUNCTION core_accesslog_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'The access log is append-only.' USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE TRIGGER core_accesslog_no_update BEFORE UPDATE ON core_accesslog
FOR EACH ROW EXECUTE FUNCTION core_accesslog_refuse()
"""


def refuse_changes(apps, schema_editor):
    on_postgres = schema_editor.connection.vendor == "postgresql"
    schema_editor.execute(POSTGRES if on_postgres else SQLITE)


def allow_changes(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER core_accesslog_no_update ON core_accesslog")
        schema_editor.execute("DROP FUNCTION core_accesslog_refuse()")
    else:
        schema_editor.execute("DROP TRIGGER core_accesslog_no_update")


class Migration(migrations.Migration):
    dependencies = [("core", "0002_accesslog_actor")]

    operations = [migrations.RunPython(refuse_changes, allow_changes)]
