"""The database itself keeps what was written; docs/decisions/locked-sessions.md says why.

* A version, a confirmation and a request for change never change and never go.
* The one exception: the texts of an erased session's versions become null.
* A session is never deleted and keeps its id, pairing, author and time of arrival.
* A locked or erased session takes no version, no confirmation and no other participants; what
  may still happen to a locked one is its erasure.
* It is locked only when every caseworker who took part has confirmed the current version.
* Memberships of one person in one pairing do not overlap.

SQLite loses the triggers of a table that a later migration rebuilds: that migration drops
them first and creates them again from ``TRIGGERS``. A test compares.
"""

# ruff: noqa: S608  statements are made of the constants of this file

from django.db import migrations

TEXTS = ("went_well", "next_step", "tools")
KEPT = "What was sent is kept as it is."
FROZEN = "The session is locked or erased."
OVERLAP = "The memberships of one person in one pairing do not overlap."

_path = ", ".join(f"'$.{text}'" for text in TEXTS)
_all_null = " AND ".join(f"json_type(NEW.content, '$.{text}') = 'null'" for text in TEXTS)
_same_session = " AND ".join(
    f"NEW.{column} IS OLD.{column}"
    for column in [
        "id",
        "pairing_id",
        "author_id",
        "received_at",
        "current_id",
        "place_id",
        "held_on",
        "minutes",
        "mode",
        "topics",
        "locked_at",
    ]
)
_frozen = (
    "EXISTS (SELECT 1 FROM mentoring_session s WHERE s.id = {} "
    "AND (s.locked_at IS NOT NULL OR s.erased_at IS NOT NULL))"
)
_unconfirmed = """
    EXISTS (
        SELECT 1 FROM mentoring_sessionparticipant p
        WHERE p.session_id = NEW.id AND p.side = 'caseworker' AND NOT EXISTS (
            SELECT 1 FROM mentoring_confirmation c
            WHERE c.version_id = NEW.current_id AND c.person_id = p.person_id))
    OR NOT EXISTS (
        SELECT 1 FROM mentoring_sessionparticipant p
        WHERE p.session_id = NEW.id AND p.side = 'caseworker')
"""
_may_answer = """
    EXISTS (
        SELECT 1 FROM mentoring_session s
        JOIN mentoring_sessionparticipant p ON p.session_id = s.id
        WHERE s.current_id = NEW.version_id AND s.locked_at IS NULL AND s.erased_at IS NULL
        AND p.person_id = NEW.person_id AND p.side = 'caseworker')
"""
_overlap = """
    EXISTS (
        SELECT 1 FROM mentoring_pairingmember m
        WHERE m.pairing_id = NEW.pairing_id AND m.person_id = NEW.person_id AND m.id <> NEW.id
        AND (NEW.ends_on IS NULL OR m.starts_on < NEW.ends_on)
        AND (m.ends_on IS NULL OR NEW.starts_on < m.ends_on))
"""

# name: (moment, table, condition, message). The INSERT conditions that look for the row's own
# id stop INSERT OR REPLACE, which deletes without firing a delete trigger.
_SQLITE = {
    "version_insert": (
        "BEFORE INSERT",
        "sessionversion",
        _frozen.format("NEW.session_id")
        + " OR EXISTS (SELECT 1 FROM mentoring_sessionversion v WHERE v.id = NEW.id "
        "OR (v.session_id = NEW.session_id AND v.number = NEW.number))",
        FROZEN,
    ),
    "version_update": (
        "BEFORE UPDATE",
        "sessionversion",
        f"""NOT (
            {
            " AND ".join(
                f"NEW.{c} IS OLD.{c}"
                for c in [
                    "id",
                    "session_id",
                    "number",
                    "parent_id",
                    "joins_id",
                    "sha256",
                    "author_id",
                    "device_at",
                    "received_at",
                ]
            )
        }
            AND EXISTS (SELECT 1 FROM mentoring_session s
                        WHERE s.id = OLD.session_id AND s.erased_at IS NOT NULL)
            AND json_remove(NEW.content, {_path}) = json_remove(OLD.content, {_path})
            AND {_all_null})""",
        KEPT,
    ),
    "version_delete": ("BEFORE DELETE", "sessionversion", "1", KEPT),
    "session_insert": (
        "BEFORE INSERT",
        "session",
        "EXISTS (SELECT 1 FROM mentoring_session s WHERE s.id = NEW.id)",
        KEPT,
    ),
    "session_update": (
        "BEFORE UPDATE",
        "session",
        f"""NEW.id IS NOT OLD.id OR NEW.pairing_id IS NOT OLD.pairing_id
            OR NEW.author_id IS NOT OLD.author_id OR NEW.received_at IS NOT OLD.received_at
            OR OLD.erased_at IS NOT NULL
            OR (OLD.locked_at IS NOT NULL AND NOT (NEW.erased_at IS NOT NULL AND {_same_session}))
            OR NOT EXISTS (SELECT 1 FROM mentoring_sessionversion v
                           WHERE v.id = NEW.current_id AND v.session_id = NEW.id)""",
        FROZEN,
    ),
    "session_lock": (
        "BEFORE UPDATE",
        "session",
        f"OLD.locked_at IS NULL AND NEW.locked_at IS NOT NULL AND ({_unconfirmed})",
        "Not everybody has confirmed.",
    ),
    "session_delete": ("BEFORE DELETE", "session", "1", KEPT),
    "participant_insert": (
        "BEFORE INSERT",
        "sessionparticipant",
        _frozen.format("NEW.session_id"),
        FROZEN,
    ),
    "participant_update": ("BEFORE UPDATE", "sessionparticipant", "1", KEPT),
    "participant_delete": (
        "BEFORE DELETE",
        "sessionparticipant",
        _frozen.format("OLD.session_id"),
        FROZEN,
    ),
    "confirmation_insert": (
        "BEFORE INSERT",
        "confirmation",
        (
            f"NOT ({_may_answer}) OR EXISTS (SELECT 1 FROM mentoring_confirmation c WHERE "
            "c.id = NEW.id OR (c.version_id = NEW.version_id AND c.person_id = NEW.person_id))"
        ),
        FROZEN,
    ),
    "confirmation_update": ("BEFORE UPDATE", "confirmation", "1", KEPT),
    "confirmation_delete": ("BEFORE DELETE", "confirmation", "1", KEPT),
    "changerequest_insert": (
        "BEFORE INSERT",
        "changerequest",
        (
            f"NOT ({_may_answer}) OR EXISTS (SELECT 1 FROM mentoring_changerequest r WHERE "
            "r.id = NEW.id OR (r.version_id = NEW.version_id AND r.person_id = NEW.person_id "
            "AND r.what = NEW.what))"
        ),
        FROZEN,
    ),
    "changerequest_update": ("BEFORE UPDATE", "changerequest", "1", KEPT),
    "changerequest_delete": ("BEFORE DELETE", "changerequest", "1", KEPT),
    "member_insert": ("BEFORE INSERT", "pairingmember", _overlap, OVERLAP),
    "member_update": ("BEFORE UPDATE", "pairingmember", _overlap, OVERLAP),
}

#: Name of each trigger on SQLite and the statement that makes it.
TRIGGERS = {
    f"mentoring_guard_{name}": (
        f"CREATE TRIGGER mentoring_guard_{name} {moment} ON mentoring_{table} "
        f"WHEN {condition} BEGIN SELECT RAISE(ABORT, '{message}'); END"
    )
    for name, (moment, table, condition, message) in _SQLITE.items()
}

# PostgreSQL: one function per table. FOR SHARE waits for a lock that is being set right now.
_REFUSE = "RAISE EXCEPTION '{}' USING ERRCODE = 'integrity_constraint_violation'"
_share = "PERFORM 1 FROM mentoring_session s WHERE s.id = {} FOR SHARE;"
_texts = "ARRAY[" + ", ".join(f"'{text}'" for text in TEXTS) + "]"
_nulls = " AND ".join(f"NEW.content -> '{text}' = 'null'::jsonb" for text in TEXTS)
_erasure = "ARRAY['erased_at', 'erased_by_id', 'erase_reason']"

_POSTGRES_BODIES = {
    "sessionversion": f"""
        IF TG_OP = 'INSERT' THEN
            {_share.format("NEW.session_id")}
            IF {_frozen.format("NEW.session_id")} THEN {_REFUSE.format(FROZEN)}; END IF;
            RETURN NEW;
        END IF;
        IF TG_OP = 'UPDATE' THEN
            IF to_jsonb(NEW) - 'content' = to_jsonb(OLD) - 'content'
                AND NEW.content - {_texts} = OLD.content - {_texts} AND {_nulls}
                AND EXISTS (SELECT 1 FROM mentoring_session s
                            WHERE s.id = OLD.session_id AND s.erased_at IS NOT NULL)
            THEN RETURN NEW; END IF;
        END IF;
        {_REFUSE.format(KEPT)};
    """,
    "session": f"""
        IF TG_OP <> 'UPDATE' THEN {_REFUSE.format(KEPT)}; END IF;
        IF NEW.id <> OLD.id OR NEW.pairing_id <> OLD.pairing_id
            OR NEW.author_id <> OLD.author_id OR NEW.received_at <> OLD.received_at
            OR OLD.erased_at IS NOT NULL
            OR (OLD.locked_at IS NOT NULL AND NOT (
                NEW.erased_at IS NOT NULL
                AND to_jsonb(NEW) - {_erasure} = to_jsonb(OLD) - {_erasure}))
            OR NOT EXISTS (SELECT 1 FROM mentoring_sessionversion v
                           WHERE v.id = NEW.current_id AND v.session_id = NEW.id)
        THEN {_REFUSE.format(FROZEN)}; END IF;
        IF OLD.locked_at IS NULL AND NEW.locked_at IS NOT NULL AND ({_unconfirmed})
        THEN {_REFUSE.format("Not everybody has confirmed.")}; END IF;
        RETURN NEW;
    """,
    "sessionparticipant": f"""
        IF TG_OP = 'INSERT' THEN
            {_share.format("NEW.session_id")}
            IF {_frozen.format("NEW.session_id")} THEN {_REFUSE.format(FROZEN)}; END IF;
            RETURN NEW;
        END IF;
        IF TG_OP = 'DELETE' THEN
            {_share.format("OLD.session_id")}
            IF {_frozen.format("OLD.session_id")} THEN {_REFUSE.format(FROZEN)}; END IF;
            RETURN OLD;
        END IF;
        {_REFUSE.format(KEPT)};
    """,
    "confirmation": f"""
        IF TG_OP = 'INSERT' THEN
            PERFORM 1 FROM mentoring_session s WHERE s.current_id = NEW.version_id FOR SHARE;
            IF {_may_answer} THEN RETURN NEW; END IF;
            {_REFUSE.format(FROZEN)};
        END IF;
        {_REFUSE.format(KEPT)};
    """,
    "pairingmember": f"""
        PERFORM 1 FROM mentoring_pairing p WHERE p.id = NEW.pairing_id FOR UPDATE;
        IF {_overlap} THEN {_REFUSE.format(OVERLAP)}; END IF;
        RETURN NEW;
    """,
}
_POSTGRES_BODIES["changerequest"] = _POSTGRES_BODIES["confirmation"]
_MOMENTS = {"session": "UPDATE OR DELETE", "pairingmember": "INSERT OR UPDATE"}
_WITHOUT_TRUNCATE = {"pairingmember"}


def guard(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for statement in TRIGGERS.values():
            schema_editor.execute(statement)
        return
    schema_editor.execute(
        "CREATE FUNCTION mentoring_guard_truncate() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {_REFUSE.format(KEPT)}; END $$"
    )
    for table, body in _POSTGRES_BODIES.items():
        name = f"mentoring_guard_{table}"
        moment = _MOMENTS.get(table, "INSERT OR UPDATE OR DELETE")
        schema_editor.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"
        )
        schema_editor.execute(
            f"CREATE TRIGGER {name} BEFORE {moment} ON mentoring_{table} "
            f"FOR EACH ROW EXECUTE FUNCTION {name}()"
        )
        if table not in _WITHOUT_TRUNCATE:
            schema_editor.execute(
                f"CREATE TRIGGER {name}_truncate BEFORE TRUNCATE ON mentoring_{table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION mentoring_guard_truncate()"
            )


def unguard(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for name in TRIGGERS:
            schema_editor.execute(f"DROP TRIGGER {name}")
        return
    for table in _POSTGRES_BODIES:
        name = f"mentoring_guard_{table}"
        schema_editor.execute(f"DROP TRIGGER {name} ON mentoring_{table}")
        if table not in _WITHOUT_TRUNCATE:
            schema_editor.execute(f"DROP TRIGGER {name}_truncate ON mentoring_{table}")
        schema_editor.execute(f"DROP FUNCTION {name}()")
    schema_editor.execute("DROP FUNCTION mentoring_guard_truncate()")


class Migration(migrations.Migration):
    dependencies = [("mentoring", "0001_initial")]

    operations = [migrations.RunPython(guard, unguard)]
