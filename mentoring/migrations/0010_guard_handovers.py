"""The database itself closes no pairing without a handover, and keeps what one showed.

* A pairing becomes closed only when the handover of each of its mentors is settled.
* A settled handover keeps everything but its receiver; one that was sent is never deleted.
* What it says of somebody, and its texts, may only become nothing; notes may be rewritten while
  the handover is being prepared. Nothing is added to a settled one.

``TRIGGERS`` are all there are on SQLite by now.
"""

# ruff: noqa: S608  statements are made of the constants of this file

from importlib import import_module

from django.db import migrations

sessions = import_module("mentoring.migrations.0002_guard_sessions")
before = import_module("mentoring.migrations.0008_guard_competences")

NOT_HANDED_OVER = "A mentor of the pairing has not handed over."

_to_hand_over = """
    EXISTS (
        SELECT 1 FROM mentoring_pairingmember m
        WHERE m.pairing_id = NEW.id AND m.side = 'mentor'
        AND (m.ends_on IS NULL OR m.ends_on > m.starts_on)
        AND NOT EXISTS (SELECT 1 FROM mentoring_handover h
                        WHERE h.member_id = m.id AND h.settled_at IS NOT NULL)
        AND NOT EXISTS (SELECT 1 FROM mentoring_pairingmember o
                        WHERE o.pairing_id = m.pairing_id AND o.person_id = m.person_id
                        AND o.side = 'mentor' AND o.starts_on > m.starts_on))
"""
_closes_early = f"NEW.state = 'closed' AND OLD.state <> 'closed' AND {_to_hand_over}"
_settled = (
    "EXISTS (SELECT 1 FROM mentoring_handover h WHERE h.id = {} AND h.settled_at IS NOT NULL)"
)
_prepared = (
    "EXISTS (SELECT 1 FROM mentoring_handover h "
    "WHERE h.id = OLD.handover_id AND h.state = 'preparing')"
)


def _same(*columns):
    return " AND ".join(f"NEW.{column} IS OLD.{column}" for column in columns)


_OF_HANDOVER = ["id", "member_id", "state", "begun_at", "sent_at", "settled_at", "settled_by_id"]
_OF_HANDOVER += ["content", "sha256"]
_OF_TEXT = ["id", "handover_id", "kind", "author_id", "about_id", "session_id", "part"]
_OF_TEXT += ["reply_to_id"]

# name: (moment, table, condition, message); see 0002 about INSERT OR REPLACE.
_SQLITE = {
    "pairing_close": ("BEFORE UPDATE", "pairing", _closes_early, NOT_HANDED_OVER),
    "handover_insert": (
        "BEFORE INSERT",
        "handover",
        (
            "EXISTS (SELECT 1 FROM mentoring_handover h "
            "WHERE h.id = NEW.id OR h.member_id = NEW.member_id)"
        ),
        sessions.KEPT,
    ),
    "handover_update": (
        "BEFORE UPDATE",
        "handover",
        f"OLD.settled_at IS NOT NULL AND NOT ({_same(*_OF_HANDOVER)})",
        sessions.KEPT,
    ),
    "handover_delete": ("BEFORE DELETE", "handover", "OLD.state <> 'preparing'", sessions.KEPT),
    "handoverpart_insert": (
        "BEFORE INSERT",
        "handoverpart",
        _settled.format("NEW.handover_id")
        + " OR EXISTS (SELECT 1 FROM mentoring_handoverpart p WHERE p.id = NEW.id "
        "OR (p.handover_id = NEW.handover_id AND p.person_id = NEW.person_id))",
        sessions.KEPT,
    ),
    "handoverpart_update": (
        "BEFORE UPDATE",
        "handoverpart",
        f"NOT ({_same('id', 'handover_id', 'person_id')} AND NEW.content IS NULL)",
        sessions.KEPT,
    ),
    "handoverpart_delete": ("BEFORE DELETE", "handoverpart", "1", sessions.KEPT),
    "handovertext_insert": (
        "BEFORE INSERT",
        "handovertext",
        _settled.format("NEW.handover_id")
        + " OR EXISTS (SELECT 1 FROM mentoring_handovertext t WHERE t.id = NEW.id)",
        sessions.KEPT,
    ),
    "handovertext_update": (
        "BEFORE UPDATE",
        "handovertext",
        (
            f"NOT ({_same(*_OF_TEXT)} AND (NEW.text IS NULL AND NEW.written_at IS OLD.written_at "
            f"OR OLD.kind = 'note' AND {_prepared}))"
        ),
        sessions.KEPT,
    ),
    "handovertext_delete": (
        "BEFORE DELETE",
        "handovertext",
        f"NOT (OLD.kind = 'note' AND {_prepared})",
        sessions.KEPT,
    ),
}
OWN_TRIGGERS = {
    f"mentoring_guard_{name}": (
        f"CREATE TRIGGER mentoring_guard_{name} {moment} ON mentoring_{table} "
        f"WHEN {condition} BEGIN SELECT RAISE(ABORT, '{message}'); END"
    )
    for name, (moment, table, condition, message) in _SQLITE.items()
}
TRIGGERS = {**before.TRIGGERS, **OWN_TRIGGERS}

_refuse_kept = sessions._REFUSE.format(sessions.KEPT)
_share = "PERFORM 1 FROM mentoring_handover h WHERE h.id = {}.handover_id FOR SHARE;"

_POSTGRES_BODIES = {
    "pairing": f"""
        IF {_closes_early} THEN {sessions._REFUSE.format(NOT_HANDED_OVER)}; END IF;
        RETURN NEW;
    """,
    "handover": f"""
        IF TG_OP = 'DELETE' THEN
            IF OLD.state <> 'preparing' THEN {_refuse_kept}; END IF;
            RETURN OLD;
        END IF;
        IF OLD.settled_at IS NOT NULL
            AND to_jsonb(NEW) - 'receiver_id' <> to_jsonb(OLD) - 'receiver_id'
        THEN {_refuse_kept}; END IF;
        RETURN NEW;
    """,
    "handoverpart": f"""
        IF TG_OP = 'INSERT' THEN
            {_share.format("NEW")}
            IF {_settled.format("NEW.handover_id")} THEN {_refuse_kept}; END IF;
            RETURN NEW;
        END IF;
        IF TG_OP = 'UPDATE' THEN
            IF to_jsonb(NEW) - 'content' = to_jsonb(OLD) - 'content' AND NEW.content IS NULL
            THEN RETURN NEW; END IF;
        END IF;
        {_refuse_kept};
    """,
    "handovertext": f"""
        IF TG_OP = 'INSERT' THEN
            {_share.format("NEW")}
            IF {_settled.format("NEW.handover_id")} THEN {_refuse_kept}; END IF;
            RETURN NEW;
        END IF;
        {_share.format("OLD")}
        IF TG_OP = 'DELETE' THEN
            IF OLD.kind = 'note' AND {_prepared} THEN RETURN OLD; END IF;
            {_refuse_kept};
        END IF;
        IF to_jsonb(NEW) - 'text' = to_jsonb(OLD) - 'text' AND NEW.text IS NULL
        THEN RETURN NEW; END IF;
        IF OLD.kind = 'note' AND {_prepared}
            AND to_jsonb(NEW) - ARRAY['text', 'written_at']
                = to_jsonb(OLD) - ARRAY['text', 'written_at']
        THEN RETURN NEW; END IF;
        {_refuse_kept};
    """,
}
_MOMENTS = {"pairing": "UPDATE", "handover": "UPDATE OR DELETE"}
_WITHOUT_TRUNCATE = {"pairing"}


def guard(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for statement in OWN_TRIGGERS.values():
            schema_editor.execute(statement)
        return
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
        for name in OWN_TRIGGERS:
            schema_editor.execute(f"DROP TRIGGER {name}")
        return
    for table in _POSTGRES_BODIES:
        name = f"mentoring_guard_{table}"
        schema_editor.execute(f"DROP TRIGGER {name} ON mentoring_{table}")
        if table not in _WITHOUT_TRUNCATE:
            schema_editor.execute(f"DROP TRIGGER {name}_truncate ON mentoring_{table}")
        schema_editor.execute(f"DROP FUNCTION {name}()")


class Migration(migrations.Migration):
    dependencies = [("mentoring", "0009_handovers")]

    operations = [migrations.RunPython(guard, unguard)]
