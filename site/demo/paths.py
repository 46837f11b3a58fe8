"""The demo's learning paths: who walks them, who is done, late or stuck."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from competences.models import Topic
from core.periods import local_day
from courses.actions import assign_path, make_rule, mark_read, submit_quiz
from courses.actions.progress import Answers
from courses.kinds import kind_of
from courses.models import (
    Assignment,
    LearningPath,
    Lesson,
    Module,
    PathOrder,
    PathRule,
    PathStep,
    QuestionVersion,
    QuizAttempt,
)
from demo.content import demo_id, read
from people.models import Organisation, Person
from people.permissions import NOBODY, Standing, standing_of


def load_paths(people: dict[str, Person], *, at: datetime) -> None:
    """Write the paths, give them to people and let some of them be on their way."""
    content = read("paths.toml", today=local_day(at))
    paths = {row["key"]: _path(row) for row in content["paths"]}
    for row in content["rules"]:
        _rule(row, paths[row["path"]], people[row["by"]], at=at - timedelta(days=row["days_ago"]))
    for row in content["assignments"]:
        _assign(row, paths[row["path"]], people, at=at)
    for row in content["done"]:
        work_through(row, people[row["person"]], at=at - timedelta(days=row["days_ago"]))


def _path(row: dict[str, Any]) -> LearningPath:
    path, is_new = LearningPath.objects.get_or_create(
        pk=demo_id("path", row["key"]),
        defaults={
            name: row[name]
            for name in ("key", "title_da", "summary_da", "profession_da", "level", "position")
        }
        | {"is_offered": True},
    )
    if is_new:
        modules = Module.objects.in_bulk()
        topics = {topic.key: topic for topic in Topic.objects.all()}
        for order, step in enumerate(row["steps"]):
            key = _module(step["module"])
            if key in modules:
                PathStep.objects.create(
                    path=path,
                    module_id=key,
                    completes=step["completes"],
                    topic=topics[step["topic"]] if "topic" in step else None,
                    is_required=step.get("is_required", True),
                    sort_order=order,
                )
        for order, advice in enumerate(row["orders"]):
            module, first = _module(advice["module"]), _module(advice["first"])
            if module in modules and first in modules:
                PathOrder.objects.create(
                    path=path, module_id=module, first_id=first, sort_order=order
                )
    return path


def _rule(row: dict[str, Any], path: LearningPath, by: Person, *, at: datetime) -> None:
    municipality = Organisation.objects.get(key=row["municipality"])
    if PathRule.objects.filter(path=path, municipality=municipality).exists():
        return
    rule = PathRule(
        id=demo_id("path-rule", row["path"]),
        path=path,
        role_key=row["role"],
        scope="municipality",
        municipality=municipality,
        due_days=row["due_days"],
    )
    make_rule(rule, by=_standing(by, at), at=at)


def _assign(
    row: dict[str, Any], path: LearningPath, people: dict[str, Person], *, at: datetime
) -> None:
    person, begun_at = people[row["person"]], at - timedelta(days=row["days_ago"])
    if Assignment.objects.filter(path=path, person=person).exists():
        return
    made = assign_path(
        path,
        [person],
        by=_standing(people[row["by"]], begun_at),
        due_on=None,
        batch=uuid.uuid4(),
        at=begun_at,
    )
    due_on = local_day(at) + timedelta(days=row["due_in"])
    Assignment.objects.filter(pk__in=[one.pk for one in made]).update(due_on=due_on)


def work_through(row: dict[str, Any], person: Person, *, at: datetime) -> None:
    """Read the modules and pass their quizzes, a lesson an hour."""
    keys = [_module(number) for number in row["modules"]]
    lessons = Lesson.objects.offered().filter(module__in=keys).order_by("course", "sequence")
    for number, lesson in enumerate(lessons):
        if not lesson.progress.filter(person=person, read_at__isnull=False).exists():
            mark_read(lesson, person, at=at + timedelta(minutes=number))
        answers = _right_answers(lesson)
        if answers and not QuizAttempt.objects.filter(lesson=lesson, person=person).exists():
            submit_quiz(
                attempt_id=demo_id("attempt", f"{row['person']}-{lesson.pk}"),
                lesson=lesson,
                person=person,
                answers=answers,
                language="da",
                at=at + timedelta(minutes=number),
            )


def _right_answers(lesson: Lesson) -> Answers:
    asked = QuestionVersion.objects.filter(is_current=True, question__lessons=lesson)
    return {version.pk: kind_of(version).solution(version) for version in asked}


def _module(number: int) -> uuid.UUID:
    return demo_id("page", f"module-{number}")


def _standing(person: Person, at: datetime) -> Standing:
    return standing_of(person.user, at=at) if person.user else NOBODY
