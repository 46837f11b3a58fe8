"""What a learner does on a path, and the days it happens on."""

import uuid
from datetime import date, timedelta

from courses.actions import (
    mark_read,
    submit_quiz,
)
from courses.models import Assignment
from tests.factories.courses import (
    chosen,
)
from tests.factories.people import AT

DAY = timedelta(days=1)
TODAY = date(2027, 6, 15)


def read_all(module, person, *, at=AT):
    for lesson in module.lessons.offered():
        mark_read(lesson, person, at=at)


def pass_quiz(lesson, person, *, right=True, at=AT):
    question = lesson.questions.get()
    return submit_quiz(
        attempt_id=uuid.uuid4(),
        lesson=lesson,
        person=person,
        answers=chosen(question, 0 if right else 1),
        language="da",
        at=at,
    )


def of(person, path):
    return Assignment.objects.active().get(person=person, path=path)
