"""The database itself lets an amendment change a locked session, and nothing else.

* An amendment is of a locked session and names the version that holds. It never changes, but for
  being taken back, once, or taking effect, once; the note of an erased session becomes empty.
* Its version is let into the locked session, and confirmed by the caseworkers who took part.
* When all of them have, the session may point at it, and repeats its facts. The town is a key in
  the content, which the database does not follow.

``TRIGGERS`` are all there are on SQLite by now.
"""

# ruff: noqa: S608  statements are made of the constants of this file

from importlib import import_module

from django.db import migrations

first = import_module("mentoring.migrations.0002_guard_sessions")
before = import_module("mentoring.migrations.0010_guard_handovers")

_pending = "a.holds_since IS NULL AND a.withdrawn_at IS NULL"
_may_answer = f"""
    ({first._may_answer} OR EXISTS (
        SELECT 1 FROM mentoring_amendment a
        JOIN mentoring_session s ON s.id = a.session_id
        JOIN mentoring_sessionparticipant p ON p.session_id = s.id
        WHERE a.version_id = NEW.version_id AND {_pending}
        AND s.locked_at IS NOT NULL AND s.erased_at IS NULL
        AND p.person_id = NEW.person_id AND p.side = 'caseworker'))
"""
_amending = f"""
    EXISTS (
        SELECT 1 FROM mentoring_amendment a JOIN mentoring_session s ON s.id = a.session_id
        WHERE a.version_id = NEW.id AND a.session_id = NEW.session_id AND {_pending}
        AND s.erased_at IS NULL)
"""
_takes_effect = f"""
    EXISTS (
        SELECT 1 FROM mentoring_amendment a
        JOIN mentoring_sessionversion v ON v.id = a.version_id
        WHERE a.session_id = NEW.id AND a.amends_id = OLD.current_id
        AND a.version_id = NEW.current_id AND {_pending} AND {{repeats}})
    AND NOT ({first._unconfirmed})
"""
_repeats_sqlite = """
    NEW.held_on = json_extract(v.content, '$.held_on')
    AND NEW.minutes = json_extract(v.content, '$.minutes')
    AND NEW.mode = json_extract(v.content, '$.mode')
    AND json(NEW.topics) = json(json_extract(v.content, '$.topics'))
"""
_repeats_postgres = """
    NEW.held_on = (v.content ->> 'held_on')::date
    AND NEW.minutes = (v.content ->> 'minutes')::integer
    AND NEW.mode = v.content ->> 'mode' AND NEW.topics = v.content -> 'topics'
"""
# What begins an amendment: of a locked session, made of what holds, not decided yet.
_begins = """
    NEW.holds_since IS NULL AND NEW.withdrawn_at IS NULL
    AND EXISTS (SELECT 1 FROM mentoring_session s WHERE s.id = NEW.session_id
                AND s.current_id = NEW.amends_id
                AND s.locked_at IS NOT NULL AND s.erased_at IS NULL)
    AND NOT EXISTS (SELECT 1 FROM mentoring_sessionversion v WHERE v.id = NEW.version_id)
"""
_is_decided = """
    OLD.holds_since IS NULL AND OLD.withdrawn_at IS NULL AND (
        NEW.holds_since IS NULL
        OR EXISTS (SELECT 1 FROM mentoring_session s
                   WHERE s.id = OLD.session_id AND s.current_id = OLD.version_id))
"""
_is_erased = """
    NEW.note = '' AND EXISTS (SELECT 1 FROM mentoring_session s
                              WHERE s.id = OLD.session_id AND s.erased_at IS NOT NULL)
"""
_row = ["id", "session_id", "version_id", "amends_id", "reason"]
_decision = ["holds_since", "withdrawn_at"]


def _same(columns):
    return " AND ".join(f"NEW.{column} IS OLD.{column}" for column in columns)


_same_while_amended = _same(["id", "pairing_id", "author_id", "received_at", "locked_at"])
_frozen = first._frozen.format("NEW.session_id")

#: As in migration 0002: name: (moment, table, condition, message).
_SQLITE = {
    "version_insert": (
        "BEFORE INSERT",
        "sessionversion",
        f"""({_frozen} AND NOT {_amending})
            OR EXISTS (SELECT 1 FROM mentoring_sessionversion v WHERE v.id = NEW.id
                       OR (v.session_id = NEW.session_id AND v.number = NEW.number))""",
        first.FROZEN,
    ),
    "session_update": (
        "BEFORE UPDATE",
        "session",
        f"""NEW.id IS NOT OLD.id OR NEW.pairing_id IS NOT OLD.pairing_id
            OR NEW.author_id IS NOT OLD.author_id OR NEW.received_at IS NOT OLD.received_at
            OR OLD.erased_at IS NOT NULL
            OR (OLD.locked_at IS NOT NULL
                AND NOT (NEW.erased_at IS NOT NULL AND {first._same_session})
                AND NOT (NEW.erased_at IS NULL AND {_same_while_amended}
                         AND {_takes_effect.format(repeats=_repeats_sqlite)}))
            OR NOT EXISTS (SELECT 1 FROM mentoring_sessionversion v
                           WHERE v.id = NEW.current_id AND v.session_id = NEW.id)""",
        first.FROZEN,
    ),
    "confirmation_insert": (
        "BEFORE INSERT",
        "confirmation",
        f"""NOT {_may_answer} OR EXISTS (SELECT 1 FROM mentoring_confirmation c WHERE
            c.id = NEW.id OR (c.version_id = NEW.version_id AND c.person_id = NEW.person_id))""",
        first.FROZEN,
    ),
    "changerequest_insert": (
        "BEFORE INSERT",
        "changerequest",
        f"""NOT {_may_answer} OR EXISTS (SELECT 1 FROM mentoring_changerequest r WHERE
            r.id = NEW.id OR (r.version_id = NEW.version_id AND r.person_id = NEW.person_id
            AND r.what = NEW.what))""",
        first.FROZEN,
    ),
    "amendment_insert": (
        "BEFORE INSERT",
        "amendment",
        f"""NOT ({_begins}) OR EXISTS (SELECT 1 FROM mentoring_amendment a WHERE
            a.id = NEW.id OR a.version_id = NEW.version_id
            OR (a.session_id = NEW.session_id AND {_pending}))""",
        first.FROZEN,
    ),
    "amendment_update": (
        "BEFORE UPDATE",
        "amendment",
        f"""NOT (({_same([*_row, "note"])} AND {_is_decided})
                 OR ({_same([*_row, *_decision])} AND {_is_erased}))""",
        first.KEPT,
    ),
    "amendment_delete": ("BEFORE DELETE", "amendment", "1", first.KEPT),
}
OWN_TRIGGERS = {
    f"mentoring_guard_{name}": (
        f"CREATE TRIGGER mentoring_guard_{name} {moment} ON mentoring_{table} "
        f"WHEN {condition} BEGIN SELECT RAISE(ABORT, '{message}'); END"
    )
    for name, (moment, table, condition, message) in _SQLITE.items()
}
TRIGGERS = {**before.TRIGGERS, **OWN_TRIGGERS}

# Waits for what is being decided about the version's session right now.
_share = (
    "PERFORM 1 FROM mentoring_session s WHERE s.id = (SELECT v.session_id "
    "FROM mentoring_sessionversion v WHERE v.id = NEW.version_id) FOR SHARE;"
)
_refuse_frozen = first._REFUSE.format(first.FROZEN)
_refuse_kept = first._REFUSE.format(first.KEPT)
_decisions = "ARRAY[" + ", ".join(f"'{column}'" for column in _decision) + "]"

_BODIES = {
    "sessionversion": first._POSTGRES_BODIES["sessionversion"].replace(
        f"IF {_frozen} THEN", f"IF {_frozen} AND NOT {_amending} THEN"
    ),
    "session": first._POSTGRES_BODIES["session"].replace(
        "OR (OLD.locked_at IS NOT NULL AND NOT (",
        f"""OR (OLD.locked_at IS NOT NULL AND NOT (
                NEW.erased_at IS NULL AND NEW.locked_at IS NOT DISTINCT FROM OLD.locked_at
                AND {_takes_effect.format(repeats=_repeats_postgres)}) AND NOT (""",
    ),
    "confirmation": f"""
        IF TG_OP = 'INSERT' THEN
            {_share}
            IF {_may_answer} THEN RETURN NEW; END IF;
            {_refuse_frozen};
        END IF;
        {_refuse_kept};
    """,
    "amendment": f"""
        IF TG_OP = 'INSERT' THEN
            {first._share.format("NEW.session_id")}
            IF {_begins} THEN RETURN NEW; END IF;
            {_refuse_frozen};
        END IF;
        IF TG_OP = 'UPDATE' THEN
            IF (to_jsonb(NEW) - {_decisions} = to_jsonb(OLD) - {_decisions} AND {_is_decided})
                OR (to_jsonb(NEW) - 'note' = to_jsonb(OLD) - 'note' AND {_is_erased})
            THEN RETURN NEW; END IF;
        END IF;
        {_refuse_kept};
    """,
}
_BODIES["changerequest"] = _BODIES["confirmation"]


def _function(table, body):
    return (
        f"CREATE OR REPLACE FUNCTION mentoring_guard_{table}() RETURNS trigger "
        f"LANGUAGE plpgsql AS $$ BEGIN {body} END $$"
    )


def guard(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for name, statement in OWN_TRIGGERS.items():
            if name in before.TRIGGERS:
                schema_editor.execute(f"DROP TRIGGER {name}")
            schema_editor.execute(statement)
        return
    for table, body in _BODIES.items():
        schema_editor.execute(_function(table, body))
    schema_editor.execute(
        "CREATE TRIGGER mentoring_guard_amendment BEFORE INSERT OR UPDATE OR DELETE "
        "ON mentoring_amendment FOR EACH ROW EXECUTE FUNCTION mentoring_guard_amendment()"
    )
    schema_editor.execute(
        "CREATE TRIGGER mentoring_guard_amendment_truncate BEFORE TRUNCATE ON mentoring_amendment "
        "FOR EACH STATEMENT EXECUTE FUNCTION mentoring_guard_truncate()"
    )


def unguard(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for name in OWN_TRIGGERS:
            schema_editor.execute(f"DROP TRIGGER {name}")
            if name in before.TRIGGERS:
                schema_editor.execute(before.TRIGGERS[name])
        return
    schema_editor.execute("DROP TRIGGER mentoring_guard_amendment ON mentoring_amendment")
    schema_editor.execute("DROP TRIGGER mentoring_guard_amendment_truncate ON mentoring_amendment")
    schema_editor.execute("DROP FUNCTION mentoring_guard_amendment()")
    for table in _BODIES:
        if table in first._POSTGRES_BODIES:
            schema_editor.execute(_function(table, first._POSTGRES_BODIES[table]))


class Migration(migrations.Migration):
    dependencies = [("mentoring", "0011_amendments_and_links")]

    operations = [migrations.RunPython(guard, unguard)]
