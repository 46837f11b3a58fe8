"""Rules, courses, questions and learners, made by the same actions that the site uses."""

import itertools
import uuid
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from courses.actions import freeze_question, renumber_course, sync_course, sync_lesson, sync_module
from courses.models import Choice, Course, Lesson, Module, Question, QuestionVersion
from people.models import Person, User
from rules.actions import save_rule
from rules.models import Act, Rule

#: A Tuesday in June, 15.00 in Nuuk.
AT = datetime(2027, 6, 15, 16, 0, tzinfo=UTC)
LATER = AT + timedelta(minutes=5)
_numbers = itertools.count(1)


def make_learner(name: str = "") -> Person:
    """Somebody with an account."""
    number = next(_numbers)
    user = User.objects.create(email=f"learner{number}@example.org")
    return Person.objects.create(user=user, name=name or f"Sagsbehandler Demo {number}")


def make_rule(**fields: Any) -> Rule:
    """A verified rule with all that belongs to it."""
    number = next(_numbers)
    act, _created = Act.objects.get_or_create(
        key="boernestoetteloven",
        defaults={
            "kind": "consolidation",
            "number": "11/2024",
            "title_da": "Lovbekendtgørelse nr. 11 fra 2024",
            "short_name": "børnestøtteloven",
            "source_url": "https://nalunaarutit.gl/",
        },
    )
    defaults = {
        "key": f"rule-{number}",
        "act": act,
        "paragraph": "§ 19, stk. 1",
        "statement_da": "Kommunen beslutter, om der er grundlag for en undersøgelse.",
        "deadline_da": "24 timer",
        "deadline_hours": 24,
        "deadline_starts_da": "når kommunen modtager underretningen",
        "state": "verified",
        "source_title": "Ombudsmanden",
        "source_url": "https://www.ombudsmand.gl",
        "checked_on": date(2027, 1, 1),
        "review_by": date(2028, 1, 1),
    }
    return save_rule(Rule(**(defaults | fields)), at=AT)


def make_question(
    *, kind: str = "single", right: Sequence[bool] = (True, False, False), **fields: Any
) -> Question:
    """A question that is ready to be asked; ``right`` says of each choice whether it is."""
    number = next(_numbers)
    question = Question.objects.create(
        kind=kind,
        **(
            {
                "key": f"question-{number}",
                "situation_da": "En lærer ringer fredag eftermiddag.",
                "text_da": f"Hvad gør du først? ({number})",
            }
            | fields
        ),
    )
    for index, is_correct in enumerate(right):
        Choice.objects.create(
            question=question,
            sort_order=index,
            text_da=f"Svar {index + 1}",
            is_correct=is_correct,
            feedback_da=f"Fordi {index + 1}",
        )
    freeze_question(question, at=AT)
    return question


def current(question: Question) -> QuestionVersion:
    """The version of ``question`` that learners answer now."""
    return question.versions.get(is_current=True)


def chosen(question: Question, *indexes: int) -> dict[uuid.UUID, set[uuid.UUID]]:
    """Answers that choose the choices at ``indexes`` of the current version."""
    version = current(question)
    return {version.pk: {uuid.UUID(version.choices[index].id) for index in indexes}}


def make_course(title: str = "Underretninger", **fields: Any) -> Course:
    """A course that is live in Danish."""
    key = uuid.uuid4()
    defaults = {"position": 1, "language": "da", "path": f"/da/kurser/{key}/", "is_live": True}
    return sync_course(key, title=title, **(defaults | fields))


def make_module(course: Course, position: int = 1, **fields: Any) -> Module:
    """A module that is live in Danish."""
    key = uuid.uuid4()
    defaults = {
        "language": "da",
        "title": f"Modul {position}",
        "path": f"{course.path}{position}/",
        "is_live": True,
    }
    return sync_module(key, course_key=course.pk, position=position, **(defaults | fields))


def make_lesson(module: Module, position: int = 1, **fields: Any) -> Lesson:
    """A lesson that is live in Danish."""
    key = fields.pop("key", None) or uuid.uuid4()
    defaults: dict[str, Any] = {
        "minutes": 6,
        "language": "da",
        "title": f"Lektion {position}",
        "path": f"{module.path}{position}/",
        "is_live": True,
        "questions": [],
        "rules": [],
    }
    return sync_lesson(key, module_key=module.pk, position=position, **(defaults | fields))


def make_big_course(*, modules: int, lessons_each: int) -> Course:
    """A course of any size, written in bulk and counted by the real action."""
    course = make_course()
    made = Module.objects.bulk_create(
        Module(
            pk=uuid.uuid4(),
            course=course,
            position=number,
            is_live=True,
            titles={"da": f"Modul {number}"},
            paths={"da": f"/da/m{number}/"},
        )
        for number in range(1, modules + 1)
    )
    Lesson.objects.bulk_create(
        Lesson(
            pk=uuid.uuid4(),
            course=course,
            module=module,
            position=number,
            minutes=6,
            is_live=True,
            titles={"da": f"Lektion {number}"},
            paths={"da": f"{module.paths['da']}{number}/"},
        )
        for module in made
        for number in range(1, lessons_each + 1)
    )
    renumber_course(course.pk)
    course.refresh_from_db()
    return course
