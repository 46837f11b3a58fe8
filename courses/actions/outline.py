"""Keep the records of course, module and lesson in step with their pages.

Called by the pages when one is published, moved, unpublished or deleted, parents first. Each
call speaks for one language. Titles and addresses are that language's own, and a title that says
what the Danish one says is none: the page is a copy of it, until it is translated. Where a record
stands and what it asks follows the Danish page, from which the others are translated, so that a
translation that lags behind moves nothing.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from courses.models import (
    Case,
    Course,
    Lesson,
    LessonQuestion,
    LessonRule,
    Module,
    Question,
)
from courses.models.outline import PASS_PERCENT, Record, own_words
from rules.models import Rule

#: So many rows are written one by one.
FEW = 8
AnyRecord = TypeVar("AnyRecord", Course, Module, Lesson, Case)


@transaction.atomic
def sync_course(
    key: UUID,
    *,
    position: int,
    language: str,
    title: str,
    path: str,
    is_live: bool,
    summary: str = "",
    demands_quizzes: bool = True,
    demands_cases: bool = False,
    demands_practice: bool = False,
) -> Course:
    """Record the course whose page has the translation key ``key``.

    Args:
        demands_quizzes: Whether one must pass its quizzes to complete it; as what else it demands
            beside its lessons, taken from the Danish page.
        demands_cases: Whether one must solve its cases.
        demands_practice: Whether one must practise with a mentor what it teaches.
    """
    course = _lock(Course, key) or Course(pk=key)
    if _leads(course, language):
        course.position = position
        course.demands_quizzes, course.demands_cases = demands_quizzes, demands_cases
        if course.demands_practice and not demands_practice:
            _look_at(key)
        course.demands_practice = demands_practice
    _describe(course, language, title=title, path=path, is_live=is_live)
    course.summaries = own_words({**course.summaries, language: summary})
    course.save()
    renumber_course(course.pk)
    course.refresh_from_db()
    return course


@transaction.atomic
def sync_module(
    key: UUID,
    *,
    course_key: UUID,
    position: int,
    language: str,
    title: str,
    path: str,
    is_live: bool,
    summary: str = "",
    is_optional: bool = False,
) -> Module:
    """Record the module whose page has the translation key ``key``.

    Args:
        is_optional: Whether the course can be completed without it; taken from the Danish page.

    Raises:
        Course.DoesNotExist: When the course has not been recorded first.
    """
    course = Course.objects.select_for_update(no_key=True).get(pk=course_key)
    module = _lock(Module, key) or Module(pk=key, course=course)
    left = module.course_id
    if _leads(module, language):
        module.course, module.position, module.is_optional = course, position, is_optional
    _describe(module, language, title=title, path=path, is_live=is_live)
    module.summaries = own_words({**module.summaries, language: summary})
    module.save()
    if left != module.course_id:
        module.lessons.update(course=module.course)
        module.cases.update(course=module.course)
        renumber_course(left)
    renumber_course(module.course_id)
    module.refresh_from_db()
    return module


@transaction.atomic
def sync_lesson(
    key: UUID,
    *,
    module_key: UUID,
    position: int,
    minutes: int,
    language: str,
    title: str,
    path: str,
    is_live: bool,
    questions: Sequence[UUID],
    rules: Sequence[UUID],
    size_bytes: int | None = None,
    pass_percent: int = PASS_PERCENT,
    competences: Sequence[UUID] = (),
    published_at: datetime | None = None,
    is_optional: bool = False,
) -> Lesson:
    """Record the lesson whose page has the translation key ``key``.

    Args:
        questions: What the lesson asks, in order; taken from the Danish page.
        rules: What this language's page cites.
        size_bytes: What the page weighs on the wire, where it has been measured.
        pass_percent: How much of the quiz must be right; taken from the Danish page.
        competences: What the lesson teaches; taken from the Danish page.
        published_at: When this language's page was published last; the Danish one counts.
        is_optional: Whether its module can be completed without it; taken from the Danish page.

    Raises:
        Module.DoesNotExist: When the module has not been recorded first.
        Question.DoesNotExist, Rule.DoesNotExist: When one of them is not in its bank.
    """
    module = Module.objects.select_related("course").get(pk=module_key)
    Course.objects.select_for_update(no_key=True).get(pk=module.course_id)
    lesson = _lock(Lesson, key) or Lesson(pk=key, module=module, course=module.course)
    left, is_new = lesson.course_id, lesson._state.adding
    leads = _leads(lesson, language)
    if leads:
        lesson.module, lesson.course = module, module.course
        lesson.position, lesson.minutes, lesson.size_bytes = position, minutes, size_bytes
        lesson.pass_percent, lesson.published_at = pass_percent, published_at
        lesson.is_optional = is_optional
    _describe(lesson, language, title=title, path=path, is_live=is_live)
    lesson.body_stamp += 0 if is_new else 1
    lesson.save()
    if leads:
        _ask(lesson, questions)
        lesson.competences.set(competences)
    _cite(lesson, language, rules)
    for course_key in {left, lesson.course_id}:
        renumber_course(course_key)
    lesson.refresh_from_db()
    return lesson


def retire_course(key: UUID) -> None:
    """Offer the course no longer: its pages are gone. Everyone's progress is kept."""
    _retire(Course, key)


def retire_module(key: UUID) -> None:
    """Offer the module no longer: its pages are gone. Everyone's progress is kept."""
    _retire(Module, key)


def retire_lesson(key: UUID) -> None:
    """Offer the lesson no longer: its pages are gone. Everyone's progress is kept."""
    _retire(Lesson, key)


@transaction.atomic
def renumber_course(key: UUID) -> None:
    """Count anew what the course ``key`` offers and asks, and in which order it is read.

    Cheap where little has changed: one look at each module and lesson, one write per change. Where
    it asks for less than before, whoever has thereby done all is looked for in the background.
    """
    course = Course.objects.select_for_update(no_key=True).get(pk=key)
    asked_before = course.required_count, course.quiz_count, course.case_count
    modules = list(course.modules.order_by("position", "pk"))
    cases = list(
        course.cases.order_by("position", "pk").only(
            "module_id", "is_live", "is_optional", "number", "is_required"
        )
    )
    asks = LessonQuestion.objects.filter(lesson=OuterRef("pk"))
    lessons: list[Any] = list(
        course.lessons.order_by("module__position", "module_id", "position", "pk")
        .annotate(asks=Exists(asks))
        .only(
            *("course_id", "module_id", "is_live", "is_optional"),
            *("sequence", "number", "is_required", "previous_id", "next_id"),
        )
    )
    offered_modules = [module for module in modules if module.is_live and course.is_live]
    open_keys = {module.pk for module in offered_modules}
    offered = [lesson for lesson in lessons if lesson.is_live and lesson.module_id in open_keys]

    asked_of_all = {module.pk for module in offered_modules if not module.is_optional}
    counts = dict.fromkeys((module.pk for module in modules), 0)
    required_counts = dict(counts)
    places: dict[UUID, dict[str, Any]] = {}
    for index, lesson in enumerate(offered):
        counts[lesson.module_id] += 1
        required_counts[lesson.module_id] += not lesson.is_optional
        places[lesson.pk] = {
            "sequence": index + 1,
            "number": counts[lesson.module_id],
            "is_required": not lesson.is_optional and lesson.module_id in asked_of_all,
            "previous_id": offered[index - 1].pk if index else None,
            "next_id": offered[index + 1].pk if index + 1 < len(offered) else None,
        }
    nowhere = dict.fromkeys(("sequence", "number", "previous_id", "next_id")) | {
        "is_required": False
    }
    required = {pk for pk, place in places.items() if place["is_required"]}
    no_longer = {lesson.pk for lesson in lessons if lesson.is_required} - required
    _update(
        Lesson,
        ((lesson, places.get(lesson.pk, nowhere)) for lesson in lessons),
        ["sequence", "number", "is_required", "previous", "next"],
    )
    numbers = {module.pk: number for number, module in enumerate(offered_modules, start=1)}
    case_counts = dict.fromkeys(counts, 0)
    case_places: dict[UUID, dict[str, Any]] = {}
    for case in cases:
        if case.is_live and case.module_id in open_keys:
            case_counts[case.module_id] += 1
            case_places[case.pk] = {
                "number": case_counts[case.module_id],
                "is_required": not case.is_optional and case.module_id in asked_of_all,
            }
    no_case = {"number": None, "is_required": False}
    _update(
        Case,
        ((case, case_places.get(case.pk, no_case)) for case in cases),
        ["number", "is_required"],
    )
    _update(
        Module,
        (
            (
                module,
                {
                    "number": numbers.get(module.pk),
                    "lesson_count": counts[module.pk],
                    "required_count": required_counts[module.pk],
                    "case_count": case_counts[module.pk],
                },
            )
            for module in modules
        ),
        ["number", "lesson_count", "required_count", "case_count"],
    )
    asking = required.intersection(lesson.pk for lesson in lessons if lesson.asks)
    counted = {
        "lesson_count": len(offered),
        "required_count": len(required),
        "quiz_count": len(asking) if course.demands_quizzes else 0,
        "case_count": sum(case.is_required for case in cases) if course.demands_cases else 0,
    }
    _update(Course, [(course, counted)], list(counted))
    asked = course.required_count, course.quiz_count, course.case_count
    asks_less = any(now < before for now, before in zip(asked, asked_before, strict=True))
    if course.is_live and (asks_less or no_longer):
        _look_at(key)


def _look_at(course: UUID) -> None:
    """Let it be found out in the background who has completed a course that asks for less."""
    from courses.tasks import look_at_course

    transaction.on_commit(partial(look_at_course.enqueue, str(course)))


def forget_copies() -> int:
    """Take Danish words out of what records say in other languages; how many said them.

    A page that is not translated is a copy of the Danish one, and once left its words there.
    """
    count = 0
    for model in (Course, Module, Lesson, Case):
        names = [name for name in ("titles", "summaries") if hasattr(model, name)]
        found: Iterable[Any] = model._default_manager.only(*names).order_by("pk").iterator()
        for record in found:
            own = {name: own_words(getattr(record, name)) for name in names}
            if any(own[name] != getattr(record, name) for name in names):
                count += model._default_manager.filter(pk=record.pk).update(**own)
    return count


def restamp_lessons_citing(rule: Rule) -> int:
    """Let every lesson that cites ``rule`` be drawn anew; how many there are."""
    return Lesson.objects.filter(lesson_rules__rule=rule).update(body_stamp=F("body_stamp") + 1)


def restamp_lessons_asking(question: Question) -> int:
    """Let every lesson that asks ``question`` be drawn anew; how many there are."""
    asking = Lesson.objects.filter(lesson_questions__question=question)
    return asking.update(body_stamp=F("body_stamp") + 1)


def _lock(model: type[AnyRecord], key: UUID) -> AnyRecord | None:
    return model._default_manager.select_for_update(no_key=True).filter(pk=key).first()


def _leads(record: Record, language: str) -> bool:
    """Whether this language's page says where the record stands."""
    return record._state.adding or language == settings.LANGUAGE_CODE


def _describe(record: Record, language: str, *, title: str, path: str, is_live: bool) -> None:
    record.titles = own_words({**record.titles, language: title})
    paths = {code: known for code, known in record.paths.items() if code != language}
    record.paths = {**paths, language: path} if is_live else paths
    record.is_live = bool(record.paths)


@transaction.atomic
def _retire(model: type[AnyRecord], key: UUID) -> None:
    record = _lock(model, key)
    if record is None:
        return
    record.paths, record.is_live = {}, False
    record.save(update_fields=["paths", "is_live"])
    renumber_course(record.pk if isinstance(record, Course) else record.course_id)


def _ask(lesson: Lesson, questions: Sequence[UUID]) -> None:
    wanted = list(dict.fromkeys(questions))
    _refuse_unknown(Question.objects.all(), wanted)
    asked = list(lesson.lesson_questions.order_by("position").values_list("question", flat=True))
    if asked == wanted:
        return
    lesson.lesson_questions.all().delete()
    LessonQuestion.objects.bulk_create(
        LessonQuestion(lesson=lesson, question_id=key, position=position)
        for position, key in enumerate(wanted, start=1)
    )


def _cite(lesson: Lesson, language: str, rules: Sequence[UUID]) -> None:
    wanted = set(rules)
    _refuse_unknown(Rule.objects.all(), wanted)
    cited = set(lesson.lesson_rules.filter(language=language).values_list("rule", flat=True))
    lesson.lesson_rules.filter(language=language, rule__in=cited - wanted).delete()
    LessonRule.objects.bulk_create(
        LessonRule(lesson=lesson, rule_id=key, language=language) for key in wanted - cited
    )


def _refuse_unknown(bank: QuerySet[Any], keys: Iterable[UUID]) -> None:
    wanted = set(keys)
    known = set(bank.filter(pk__in=wanted).values_list("pk", flat=True))
    if missing := wanted - known:
        raise bank.model.DoesNotExist(", ".join(sorted(map(str, missing))))


def _update(
    model: type[Record], wanted: Iterable[tuple[Any, dict[str, Any]]], fields: Sequence[str]
) -> None:
    """Write only the rows that differ from what is wanted.

    A few of them one by one: that costs a fifth of one statement that tells the rows apart.
    """
    changed = []
    for record, values in wanted:
        if any(getattr(record, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(record, name, value)
            changed.append((record, values))
    rows = model._default_manager
    if len(changed) > FEW:
        rows.bulk_update([record for record, _values in changed], fields, batch_size=200)
        return
    for record, values in changed:
        rows.filter(pk=record.pk).update(**values)
