"""What people of the demo have saved for later, written down and told the editors."""

from datetime import datetime, timedelta
from typing import Any

from core.periods import local_day
from courses.actions.own import save_for_later, write_note
from courses.actions.remarks import answer_remark, tell_editors
from courses.models import Case, Lesson, Note, Remark
from demo.content import demo_id, read
from people.models import Person
from rules.models import Rule


def load_own(people: dict[str, Person], *, at: datetime) -> None:
    """Add what is missing; what somebody has written meanwhile stays."""
    content = read("own.toml", today=local_day(at))
    for row in content["bookmarks"]:
        subject = _subject(row)
        if subject is not None:
            save_for_later(subject, people[row["person"]], at=at)
    for row in content["notes"]:
        lesson, person = _subject(row), people[row["person"]]
        if isinstance(lesson, Lesson) and not Note.objects.filter(person=person, lesson=lesson):
            write_note(lesson, person, row["text_da"], version=0, at=at)
    for row in content["remarks"]:
        _remark(row, people, at=at - timedelta(days=row["days_ago"]))


def _subject(row: dict[str, Any]) -> Lesson | Case | Rule | None:
    """The lesson, case or rule that a row names; none where the demo was loaded without it."""
    if "rule" in row:
        return Rule.objects.publishable().filter(key=row["rule"]).first()
    if "case" in row:
        return Case.objects.offered().filter(pk=demo_id("page", row["case"])).first()
    return Lesson.objects.offered().filter(pk=demo_id("page", row["lesson"])).first()


def _remark(row: dict[str, Any], people: dict[str, Person], *, at: datetime) -> None:
    key, lesson = demo_id("remark", row["key"]), _subject(row)
    if not isinstance(lesson, Lesson) or Remark.objects.filter(pk=key).exists():
        return
    tell_editors(
        lesson,
        people[row["person"]],
        remark_id=key,
        kind=row["kind"],
        text=row["text_da"],
        language="da",
        at=at,
    )
    if "answer_da" in row:
        answer_remark(
            key, row["answer_da"], by=people[row["answered_by"]], at=at + timedelta(days=1)
        )
