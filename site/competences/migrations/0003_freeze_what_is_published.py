"""The database itself keeps what is published or rated.

* The Danish of a text never changes once its version is published, and no text joins or leaves it.
* A rating never changes but for ``is_current``.
"""

from django.db import migrations

DANISH = [
    "key",
    "competence_id",
    "version_id",
    *(
        f"{name}_da"
        for name in ("title", "description", "not_yet", "with_help", "alone", "can_teach")
    ),
]
SAME = ("id", "person_id", "competence_id", "level", "rated_at")
FROZEN = "A version that is published is frozen."
RATED = "A rating is kept as it was given."
TEXT, VERSION, RATING = (
    "competences_competencetext",
    "competences_frameworkversion",
    "competences_rating",
)


def _changed(columns, is_not):
    return " OR ".join(f"NEW.{name} {is_not} OLD.{name}" for name in columns)


def _published(row):
    return (
        f"EXISTS (SELECT 1 FROM {VERSION} v WHERE v.id = {row}.version_id "  # noqa: S608  names of ours
        "AND v.published_at IS NOT NULL)"
    )


def _guards(is_not):
    """Name, table, event, condition, message."""
    return [
        ("competences_text_said", TEXT, "UPDATE",
         f"({_changed(DANISH, is_not)}) AND {_published('OLD')}", FROZEN),
        ("competences_text_joins", TEXT, "INSERT", _published("NEW"), FROZEN),
        ("competences_text_leaves", TEXT, "DELETE", _published("OLD"), FROZEN),
        ("competences_rating_kept", RATING, "UPDATE", _changed(SAME, is_not), RATED),
    ]  # fmt: skip


def guard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name, table, event, condition, message in _guards("IS DISTINCT FROM"):
            row = "OLD" if event == "DELETE" else "NEW"
            schema_editor.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"IF {condition} THEN RAISE EXCEPTION '{message}' "
                "USING ERRCODE = 'integrity_constraint_violation'; END IF; "
                f"RETURN {row}; END $$"
            )
            schema_editor.execute(
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} "
                f"FOR EACH ROW EXECUTE FUNCTION {name}()"
            )
    else:
        for name, table, event, condition, message in _guards("IS NOT"):
            schema_editor.execute(
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {condition} "
                f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
            )


def let_go(apps, schema_editor):
    for name, table, *_rest in _guards("IS NOT"):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER {name} ON {table}")
            schema_editor.execute(f"DROP FUNCTION {name}()")
        else:
            schema_editor.execute(f"DROP TRIGGER {name}")


class Migration(migrations.Migration):
    dependencies = [("competences", "0002_frameworks_of_competences")]

    operations = [migrations.RunPython(guard, let_go)]
