"""Rules, courses, questions and learners, made by the same actions that the site uses."""

import itertools
import uuid
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from courses.actions import freeze_question, renumber_course, sync_course, sync_lesson, sync_module
from courses.kinds import kind_of
from courses.kinds.placing import key_of_match
from courses.models import (
    Choice,
    Course,
    LearningPath,
    Lesson,
    Module,
    PathStep,
    Question,
    QuestionVersion,
)
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
    *,
    kind: str = "single",
    right: Sequence[bool] = (True, False, False),
    rows: Sequence[dict[str, Any]] = (),
    **fields: Any,
) -> Question:
    """A question that is ready to be asked; ``right`` says of each choice whether it is.

    Kinds that need more than that take their ``rows`` as fields of a choice.
    """
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
    rows = rows or [
        {"text_da": f"Svar {number}", "is_correct": one, "feedback_da": f"Fordi {number}"}
        for number, one in enumerate(right, start=1)
    ]
    for index, row in enumerate(rows):
        Choice.objects.create(question=question, sort_order=index, **row)
    freeze_question(question, at=AT)
    return question


def current(question: Question) -> QuestionVersion:
    """The version of ``question`` that learners answer now."""
    return question.versions.get(is_current=True)


#: Rows and fields of one question of each kind that is not chosen from a list.
OTHER_KINDS: dict[str, dict[str, Any]] = {
    "true_false": {"right": [True, False]},
    "matching": {
        "rows": [
            {"text_da": "Kvittering", "match_da": "En uge", "feedback_da": "Skriftligt"},
            {"text_da": "Beslutning", "match_da": "24 timer"},
            {"text_da": "Undersøgelse", "match_da": "To måneder"},
            {"text_da": "", "match_da": "Et år"},
        ]
    },
    "ordering": {
        "rows": [{"text_da": text} for text in ("Modtag", "Beslut", "Undersøg", "Planlæg")]
    },
    "numeric": {
        "unit_da": "timer",
        "rows": [
            {"text_da": "24", "tolerance": Decimal("0.5"), "is_correct": True},
            {"text_da": "48", "feedback_da": "Det er for længe"},
        ],
    },
    "short": {
        "rows": [
            {"text_da": "Qaqortoq", "is_correct": True},
            {"text_da": "Byen Qaqortoq", "is_correct": True},
            {"text_da": "Nuuk", "feedback_da": "Længere mod syd"},
        ]
    },
    "cloze": {
        "text_da": "Beslut inden [[1]] timer, om der skal en [[2]] til.",
        "rows": [
            {"gap": 1, "text_da": "24", "is_correct": True},
            {"gap": 1, "text_da": "fireogtyve", "is_correct": True},
            {"gap": 2, "text_da": "undersøgelse", "is_correct": True},
            {"gap": 2, "text_da": "anbringelse", "feedback_da": "Så langt er I ikke"},
        ],
    },
}


def make_of_kind(kind: str, **fields: Any) -> Question:
    """A question of ``kind`` with sensible content."""
    return make_question(kind=kind, **(OTHER_KINDS.get(kind, {}) | fields))


def right_answer(question: Question) -> Any:
    """What answers the current version of ``question`` rightly, as an action takes it."""
    version = current(question)
    return kind_of(version).solution(version)


def wrong_answer(question: Question) -> Any:
    """What answers the current version of ``question`` wrongly, as an action takes it."""
    version = current(question)
    rows = version.content["choices"]
    match question.kind:
        case "matching":
            return {row["id"]: key_of_match(rows[3]) for row in rows if row["text"]}
        case "ordering":
            return tuple(row["id"] for row in rows[::-1])
        case "numeric":
            return "48"
        case "short":
            return "nuuk"
        case "cloze":
            return {"1": "48", "2": rows[3]["id"]}
    return (
        {row["id"] for row in rows if not row["is_correct"]}
        if question.kind == "multiple"
        else {next(row["id"] for row in rows if not row["is_correct"])}
    )


def sent_for(question: Question, given: Any) -> dict[str, Any]:
    """What a browser sends when ``given`` is answered to ``question``."""
    name = f"answer-{current(question).pk}"
    if isinstance(given, dict):
        return {f"{name}-{part}": value for part, value in given.items()}
    if isinstance(given, tuple):
        return {f"{name}-{row}": str(place) for place, row in enumerate(given, start=1)}
    return {name: given if isinstance(given, str) else sorted(map(str, given))}


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


def make_path(*modules: Module, completes: str = "read", **fields: Any) -> LearningPath:
    """A path that is offered: each of ``modules`` is one required step of it."""
    number = next(_numbers)
    defaults = {
        "key": f"forloeb-{number}",
        "title_da": f"Forløb nummer {number}",
        "is_offered": True,
        "position": number,
    }
    path = LearningPath.objects.create(**(defaults | fields))
    for order, module in enumerate(modules):
        add_step(path, module, completes=completes, sort_order=order)
    return path


def add_step(path: LearningPath, module: Module, **fields: Any) -> PathStep:
    """One more step of ``path``."""
    return PathStep.objects.create(path=path, module=module, **fields)
