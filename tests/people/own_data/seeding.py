"""A row of every kind that is a person's, each text of it a word that nothing else holds."""

import itertools
import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection, models

from competences.models import Competence
from core.declarations import Records, all_records
from courses.models import Lesson
from mentoring.actions import amend_session, ask_for_change, confirm_sessions, link
from mentoring.models import Session
from people.models import Person
from people.own_data.rows import rows, target_of
from rules.models import Rule
from tests.factories.mentoring import AT as SENT
from tests.factories.mentoring import (
    caseworker_of,
    content_for,
    make_pairing,
    mentor_of,
    people_of,
    send,
)

#: Fields whose text is not about anybody, and what they hold instead; ``app.Model.field``.
IMPERSONAL: dict[str, Any] = {
    "core.AccessLog.action": "view",
    "core.AccessLog.kind": "people.person",
    "core.AccessLog.record_id": "0",
    "courses.Answer.position": 1,
    "courses.Certificate.code": lambda: uuid.uuid4().hex[:16],
    "courses.Certificate.completed": "course",
    "courses.Certificate.content": {"title": {"da": "Et kursus"}, "competences": []},
    "courses.Certificate.sha256": "0" * 64,
    "courses.QuestionVersion.content": {"text": {"da": "Hvad nu?"}},
    "courses.StepDone.completes": "read",
    "cooperation.HalfYearReport.reason": "",
    "cooperation.HalfYearReport.sha256": "",
    "cooperation.Meeting.sha256": "",
    "cooperation.ReportComment.section": "",
    "cooperation.ReportFile.file": "",
    "mentoring.FollowUp.months": lambda: next(_numbers) % 30000,
    "mentoring.Handover.sha256": "",
    "mentoring.HandoverText.part": "",
    "mentoring.PlannedSession.starts_at": lambda: AT + timedelta(minutes=next(_numbers)),
    "people.DataExport.file": "",
}
#: Rows that a database would refuse as the builder makes them: what they need besides.
NEEDED: dict[str, dict[str, Any]] = {
    "courses.QuizAttempt": {"score": 1, "total": 1},
    "courses.Certificate": {
        "expires_on": date(2030, 1, 1),
        "ends_on": date(2030, 1, 1),
        "revoked_at": datetime(2026, 6, 1, 12, tzinfo=UTC),
        "revoked_for": "mistake",
    },
    "courses.CasePlay": {"ended_at": None, "ending": ""},
    "wagtailcore.TaskState": {"status": "approved"},
    "rules.Rule": {"state": "unverified"},
    "cooperation.HalfYearReport": {
        "municipality": None,
        "initiative": None,
        "half": 1,
        "content": None,
        "frozen_at": None,
        "edition": 1,
        "corrects": None,
    },
    "cooperation.Meeting": {"content": None},
    "cooperation.ActionMove": {"from_on": date(2029, 12, 1), "to_on": date(2030, 1, 1)},
    "cooperation.Event": {
        "answer_by": date(2029, 12, 1),
        "starts_on": date(2030, 1, 1),
        "ends_on": date(2030, 1, 3),
    },
    "cooperation.ProgrammeItem": {"minutes": 60},
    "mentoring.Round": {"ends_on": date(2030, 1, 1)},
    "mentoring.Need": {"ends_on": date(2030, 1, 1)},
    "mentoring.FollowUp": {"done_on": date(2026, 6, 2)},
    "mentoring.FollowUpMove": {"to_on": date(2030, 1, 1)},
    "mentoring.Handover": {"content": None},
    "mentoring.HandoverText": {"kind": "question"},
    "mentoring.GoalTerms": {"target": "alone"},
    "mentoring.StayWindow": {"ends_on": date(2030, 1, 1)},
    "mentoring.Agreement": {"session": Session.objects.filter(agreement=None).first},
    "courses.Bookmark": {"rule": Rule.objects.first},
    "courses.Note": {"lesson": Lesson.objects.first},
    "courses.Remark": {
        "lesson": Lesson.objects.first,
        "answered_at": datetime(2026, 6, 2, 12, tzinfo=UTC),
        "answered_by": Person.objects.first,
    },
}
#: Made by the actions, as a trigger refuses anything else; or there already.
BY_HAND = {
    "people.Person",
    "people.User",
    "people.Role",
    "people.ErasureWish",
    "mentoring.PairingMember",
    "mentoring.Session",
    "mentoring.SessionParticipant",
    "mentoring.SessionCompetence",
    "mentoring.SessionVersion",
    "mentoring.Amendment",
    "mentoring.SameHour",
    "mentoring.Confirmation",
    "mentoring.ChangeRequest",
}
AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
_numbers = itertools.count(1)


def word() -> str:
    """A word that stands nowhere else."""
    return f"saaet{next(_numbers):05}"


def seed() -> tuple[Person, Person, list[str]]:
    """A mentor and a caseworker of whom a row of every kind is kept, and the words in them."""
    pairing = make_pairing(mentors=2, caseworkers=2)
    mentor, caseworker = mentor_of(pairing), caseworker_of(pairing)
    for model in (Rule, Lesson):  # what bookmarks, notes and remarks are about
        make(model, {}, None)
    practised = [{"competence": str(make(Competence, {}, None).pk), "observed": "mostly"}]
    words: list[str] = []
    for person in (mentor, caseworker):
        words += _name(person)
    texts = {name: word() for name in ("went_well", "next_step", "tools")}
    locked = send(pairing, author=mentor, caseworkers=[caseworker], competences=practised, **texts)
    confirm_sessions(caseworker, [locked.current_id], at=AT)
    assert Session.objects.get(pk=locked.pk).locked_at is not None
    words += texts.values()
    words += _amended(locked, mentor, caseworker)
    open_texts = {name: word() for name in ("went_well", "next_step", "tools")}
    ask_for_change(
        caseworker,
        send(pairing, author=mentor, caseworkers=[caseworker], **open_texts).current_id,
        "text",
        at=AT,
    )
    words += open_texts.values()
    for person in (mentor, caseworker):
        for records in all_records():
            if records.mine and records.model not in BY_HAND:
                words += _row(records, person)
    return mentor, caseworker, words


def _amended(locked: Session, mentor: Person, caseworker: Person) -> list[str]:
    """An amendment of the locked session, and two other logs of its hour."""
    pairing = locked.pairing
    texts = {name: word() for name in ("went_well", "next_step", "tools")}
    note = word()
    amend_session(
        mentor,
        locked,
        version_id=uuid.uuid4(),
        parent_id=locked.current_id,
        content=content_for(caseworker, **texts),
        reason="text",
        note=note,
        at=SENT,
    )
    second = next(one for one in people_of(pairing, "mentor") if one != mentor)
    other = send(pairing, author=second, caseworkers=[caseworker])
    link(other, locked, by=mentor, at=SENT)
    mine = send(pairing, author=mentor, caseworkers=[caseworker], minutes=30)
    link(mine, other, by=mentor, at=SENT)
    return [*texts.values(), note]


def _name(person: Person) -> list[str]:
    words = [word() for _ in range(3)]
    person.name, person.email = f"{words[0]} Demo", f"{words[1]}@example.org"
    person.save()
    assert person.user is not None
    person.user.email = f"{words[2]}@example.org"
    person.user.save()
    return words


def _row(records: Records, person: Person) -> list[str]:
    """One row of the model that is the person's by the first of its look-ups."""
    words: list[str] = []
    lookup = records.mine[0]
    path = lookup.split("__")
    given: dict[str, Any] = {}
    if len(path) == 1:
        given[lookup] = _owner(records.model_class, lookup, person)
    else:
        part = records.model_class._meta.get_field(path[0]).related_model
        whole = next(one for one in all_records() if one.model_class is part)
        given[path[0]] = rows(whole, ("__".join(path[1:]),), person).first()
        assert given[path[0]] is not None
    make(records.model_class, given, words)
    return words


def _owner(model: type[models.Model], lookup: str, person: Person) -> Any:
    return person if target_of(model, lookup) is Person else person.user


def make(model: type[models.Model], given: dict[str, Any], words: list[str] | None) -> models.Model:
    """A row of ``model``, each text a new word, each pointer to something there or made.

    Without ``words`` it is nobody's: its JSON is what it begins with.
    """
    label = model._meta.label
    needed = {
        name: value() if callable(value) else value for name, value in NEEDED.get(label, {}).items()
    }
    values = {**needed, **given}
    if not model._meta.pk or model._meta.pk.get_internal_type() == "UUIDField":
        values.setdefault("pk", uuid.uuid4())
    for field in model._meta.concrete_fields:
        if field.name in values or (field.primary_key and field.related_model is None):
            continue
        if f"{label}.{field.name}" in IMPERSONAL:
            said = IMPERSONAL[f"{label}.{field.name}"]
            values[field.name] = said() if callable(said) else said
        else:
            values[field.name] = _value(field, words)
    row = model(**values)
    # Past save(), which may ask for what only an action knows.
    models.Model.save_base(row, raw=True, force_insert=True)
    return row


def _value(field: Any, words: list[str] | None) -> Any:  # noqa: PLR0911, PLR0912  one line per kind
    if field.related_model is not None:
        if field.null:
            return None
        there = field.related_model._base_manager.first()
        return there or make(field.related_model, {}, None)
    if field.choices:
        return "" if field.blank else field.choices[0][0]
    if isinstance(field, models.BinaryField):
        return _new(words).encode()
    if isinstance(field, models.JSONField):
        return {"text": _new(words)} if words is not None else {}
    if isinstance(field, models.FileField):
        return f"private/{_new(words)}.txt"
    if isinstance(field, models.EmailField):
        return f"{_new(words)}@example.org"
    if isinstance(field, models.GenericIPAddressField):
        return "192.0.2.1"
    if isinstance(field, models.CharField | models.TextField):
        if field.max_length is not None and field.max_length < len("saaet00000"):
            return ""
        return _new(words)
    if field.has_default():
        return field.get_default()
    if field.null:
        return None
    if isinstance(field, models.DateTimeField):
        return AT
    if isinstance(field, models.DateField):
        return AT.date()
    if isinstance(field, models.UUIDField):
        return uuid.uuid4()
    return False if isinstance(field, models.BooleanField) else 1


def _new(words: list[str] | None) -> str:
    new = word()
    if words is not None:
        words.append(new)
    return new


def everything_stored() -> str:
    """Every cell of every table of the database, as text."""
    cells: list[str] = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                for cell in row:
                    if isinstance(cell, memoryview | bytes):
                        cells.append(bytes(cell).decode("utf-8", "replace"))
                    else:
                        cells.append(str(cell))
    return "\n".join(cells)
