"""The database itself keeps the competences of a locked session as its current version names them.

A row never changes. Of a locked or erased session a row is added only if the current version
names it, and taken out only if it does not: which is nothing, unless another version holds.
``TRIGGERS`` are all there are on SQLite by now.
"""

# ruff: noqa: S608  statements are made of the constants of this file

from importlib import import_module

from django.db import migrations

before = import_module("mentoring.migrations.0002_guard_sessions")

_frozen = (
    "EXISTS (SELECT 1 FROM mentoring_session s WHERE s.id = {row}.session_id "
    "AND (s.locked_at IS NOT NULL OR s.erased_at IS NOT NULL))"
)
_named_sqlite = """
    EXISTS (
        SELECT 1 FROM mentoring_session s
        JOIN mentoring_sessionversion v ON v.id = s.current_id,
        json_each(v.content, '$.competences') c
        WHERE s.id = {row}.session_id
        AND replace(json_extract(c.value, '$.competence'), '-', '') = {row}.competence_id
        AND json_extract(c.value, '$.observed') = {row}.observed)
"""
_named_postgres = """
    EXISTS (
        SELECT 1 FROM mentoring_session s
        JOIN mentoring_sessionversion v ON v.id = s.current_id
        WHERE s.id = {row}.session_id
        AND v.content -> 'competences' @> jsonb_build_array(jsonb_build_object(
            'competence', {row}.competence_id::text, 'observed', {row}.observed)))
"""

_SQLITE = {
    "competence_insert": (
        "BEFORE INSERT",
        f"""{_frozen.format(row="NEW")} AND (NOT ({_named_sqlite.format(row="NEW")})
            OR EXISTS (SELECT 1 FROM mentoring_sessioncompetence o
                       WHERE o.session_id = NEW.session_id
                       AND o.competence_id = NEW.competence_id))""",
        before.FROZEN,
    ),
    "competence_update": ("BEFORE UPDATE", "1", before.KEPT),
    "competence_delete": (
        "BEFORE DELETE",
        f"{_frozen.format(row='OLD')} AND {_named_sqlite.format(row='OLD')}",
        before.FROZEN,
    ),
}
OWN_TRIGGERS = {
    f"mentoring_guard_{name}": (
        f"CREATE TRIGGER mentoring_guard_{name} {moment} ON mentoring_sessioncompetence "
        f"WHEN {condition} BEGIN SELECT RAISE(ABORT, '{message}'); END"
    )
    for name, (moment, condition, message) in _SQLITE.items()
}
TRIGGERS = {**before.TRIGGERS, **OWN_TRIGGERS}

_share = "PERFORM 1 FROM mentoring_session s WHERE s.id = {row}.session_id FOR SHARE;"
_refuse_frozen = before._REFUSE.format(before.FROZEN)
_BODY = f"""
    IF TG_OP = 'INSERT' THEN
        {_share.format(row="NEW")}
        IF {_frozen.format(row="NEW")} AND NOT ({_named_postgres.format(row="NEW")})
        THEN {_refuse_frozen}; END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        {_share.format(row="OLD")}
        IF {_frozen.format(row="OLD")} AND {_named_postgres.format(row="OLD")}
        THEN {_refuse_frozen}; END IF;
        RETURN OLD;
    END IF;
    {before._REFUSE.format(before.KEPT)};
"""
_NAME = "mentoring_guard_sessioncompetence"


def guard(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for statement in OWN_TRIGGERS.values():
            schema_editor.execute(statement)
        return
    schema_editor.execute(
        f"CREATE FUNCTION {_NAME}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {_BODY} END $$"
    )
    schema_editor.execute(
        f"CREATE TRIGGER {_NAME} BEFORE INSERT OR UPDATE OR DELETE ON mentoring_sessioncompetence "
        f"FOR EACH ROW EXECUTE FUNCTION {_NAME}()"
    )
    schema_editor.execute(
        f"CREATE TRIGGER {_NAME}_truncate BEFORE TRUNCATE ON mentoring_sessioncompetence "
        "FOR EACH STATEMENT EXECUTE FUNCTION mentoring_guard_truncate()"
    )


def unguard(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for name in OWN_TRIGGERS:
            schema_editor.execute(f"DROP TRIGGER {name}")
        return
    schema_editor.execute(f"DROP TRIGGER {_NAME} ON mentoring_sessioncompetence")
    schema_editor.execute(f"DROP TRIGGER {_NAME}_truncate ON mentoring_sessioncompetence")
    schema_editor.execute(f"DROP FUNCTION {_NAME}()")


class Migration(migrations.Migration):
    dependencies = [("mentoring", "0007_competences_and_agreements")]

    operations = [migrations.RunPython(guard, unguard)]
