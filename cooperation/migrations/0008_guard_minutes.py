"""The database itself keeps approved minutes: the meeting, its items and who was there.

None of them changes, goes or gets company once the minutes are approved. What was decided lives on
in its register; what the minutes said of it stands in their content.

The conditions that look for another row stop REPLACE, which deletes on SQLite without firing a
delete trigger. SQLite loses the triggers of a table that a later migration rebuilds: that migration
drops them first, all of them, for they name one another's tables, and creates them again from
``TRIGGERS``. A test compares.
"""

# ruff: noqa: S608  statements are made of the constants of this file

from django.db import migrations

KEPT = "Approved minutes are kept as they are."
MEETING, ITEM, ATTENDANCE = (
    f"cooperation_{name}" for name in ("meeting", "agendaitem", "attendance")
)
_approved = f"EXISTS (SELECT 1 FROM {MEETING} m WHERE m.id = {{}} AND m.state = 'approved')"
_replaced_meeting = (
    f"EXISTS (SELECT 1 FROM {MEETING} m WHERE m.state = 'approved' AND (m.id = NEW.id "
    "OR (m.body_id = NEW.body_id AND m.starts_at = NEW.starts_at AND NEW.state <> 'cancelled')))"
)
_replaced_item = (
    f"EXISTS (SELECT 1 FROM {ITEM} i JOIN {MEETING} m ON m.id = i.meeting_id "
    "WHERE m.state = 'approved' AND (i.id = NEW.id OR i.earlier_id = NEW.earlier_id))"
)
_replaced_attendance = (
    f"EXISTS (SELECT 1 FROM {ATTENDANCE} a JOIN {MEETING} m ON m.id = a.meeting_id "
    "WHERE m.state = 'approved' AND a.id = NEW.id)"
)
_was, _is = _approved.format("OLD.meeting_id"), _approved.format("NEW.meeting_id")

_SQLITE = {
    "meeting_insert": ("BEFORE INSERT", MEETING, _replaced_meeting),
    "meeting_update": ("BEFORE UPDATE", MEETING, f"OLD.state = 'approved' OR {_replaced_meeting}"),
    "meeting_delete": ("BEFORE DELETE", MEETING, "OLD.state = 'approved'"),
    "item_insert": ("BEFORE INSERT", ITEM, f"{_is} OR {_replaced_item}"),
    "item_update": ("BEFORE UPDATE", ITEM, f"{_was} OR {_is} OR {_replaced_item}"),
    "item_delete": ("BEFORE DELETE", ITEM, _was),
    "attendance_insert": ("BEFORE INSERT", ATTENDANCE, f"{_is} OR {_replaced_attendance}"),
    "attendance_update": (
        "BEFORE UPDATE",
        ATTENDANCE,
        f"{_was} OR {_is} OR {_replaced_attendance}",
    ),
    "attendance_delete": ("BEFORE DELETE", ATTENDANCE, _was),
}
#: Each by its name, as SQLite keeps it.
TRIGGERS = {
    f"cooperation_minutes_{name}": (
        f"CREATE TRIGGER cooperation_minutes_{name} {moment} ON {table} WHEN {condition} "
        f"BEGIN SELECT RAISE(ABORT, '{KEPT}'); END"
    )
    for name, (moment, table, condition) in _SQLITE.items()
}

# FOR SHARE waits for minutes that are being approved right now.
_refuse = f"RAISE EXCEPTION '{KEPT}' USING ERRCODE = 'integrity_constraint_violation'"
_share = f"PERFORM 1 FROM {MEETING} m WHERE m.id = {{}} FOR SHARE;"
_FUNCTIONS = {
    "meeting": f"""
        IF TG_OP = 'TRUNCATE' OR OLD.state = 'approved' THEN {_refuse}; END IF;
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    """,
    "part": f"""
        IF TG_OP = 'TRUNCATE' THEN {_refuse}; END IF;
        IF TG_OP <> 'INSERT' THEN
            {_share.format("OLD.meeting_id")}
            IF {_was} THEN {_refuse}; END IF;
        END IF;
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        {_share.format("NEW.meeting_id")}
        IF {_is} THEN {_refuse}; END IF;
        RETURN NEW;
    """,
}
#: Table, its function, and what fires it for a row.
_POSTGRES = [
    (MEETING, "meeting", "UPDATE OR DELETE"),
    (ITEM, "part", "INSERT OR UPDATE OR DELETE"),
    (ATTENDANCE, "part", "INSERT OR UPDATE OR DELETE"),
]


def guard(apps, schema_editor):
    """Set the triggers."""
    if schema_editor.connection.vendor == "sqlite":
        for statement in TRIGGERS.values():
            schema_editor.execute(statement)
        return
    for name, body in _FUNCTIONS.items():
        schema_editor.execute(
            f"CREATE FUNCTION cooperation_keep_minutes_{name}() RETURNS trigger "
            f"LANGUAGE plpgsql AS $body$ BEGIN {body} END $body$"
        )
    for table, name, moment in _POSTGRES:
        function = f"cooperation_keep_minutes_{name}()"
        schema_editor.execute(
            f"CREATE TRIGGER cooperation_minutes_row BEFORE {moment} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {function}"
        )
        schema_editor.execute(
            f"CREATE TRIGGER cooperation_minutes_all BEFORE TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {function}"
        )


def unguard(apps, schema_editor):
    """Take the triggers away."""
    if schema_editor.connection.vendor == "sqlite":
        for name in TRIGGERS:
            schema_editor.execute(f"DROP TRIGGER {name}")
        return
    for table, _name, _moment in _POSTGRES:
        schema_editor.execute(f"DROP TRIGGER cooperation_minutes_row ON {table}")
        schema_editor.execute(f"DROP TRIGGER cooperation_minutes_all ON {table}")
    for name in _FUNCTIONS:
        schema_editor.execute(f"DROP FUNCTION cooperation_keep_minutes_{name}()")


class Migration(migrations.Migration):
    dependencies = [("cooperation", "0007_link_events_with_initiatives")]

    operations = [migrations.RunPython(guard, unguard)]
