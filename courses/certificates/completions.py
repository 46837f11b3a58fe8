"""What one can get a certificate for: a small register of things that can be completed.

Courses and learning paths are ours (:mod:`of_courses`, :mod:`of_paths`); another part, such as
seminars, registers its own kind and says when a person has completed it and what a certificate of
it says.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from competences.models import Competence
from core.bilingual import Text
from core.periods import local_day
from courses.certificates.law_date import frozen
from courses.learning.law import changes_for
from courses.models import Case, CaseRule, Lesson, LessonChange, QuestionRule, QuizAttempt
from people.models import Person
from rules.models import Decision, Rule

COURSE, PATH = "course", "path"


@dataclass(frozen=True)
class Completion:
    """How far a person is with something, and what a certificate of it would say.

    Args:
        titles: What it is called, by language.
        is_complete: Whether all that is required has been done.
        parts: What is required, and how much of it is left.
        course_on: When what was learnt was published last.
        competences: Texts by language, in order.
        rules: What it cites.
        path: Where one goes on with it.
        acts: The acts behind those rules (:func:`courses.certificates.law_date.frozen`), the
            newest last.
        law_on: Since when the newest holds; none where nobody knows.
    """

    titles: Mapping[str, str]
    minutes: int
    is_complete: bool
    parts: Sequence["Part"]
    course_on: date | None
    competences: Sequence[Mapping[str, str]]
    rules: Sequence[Rule]
    path: str = ""
    acts: Sequence[Mapping[str, str]] = field(default_factory=list)
    law_on: date | None = None

    @property
    def title(self) -> Text:
        """What it is called, in the active language, else in Danish."""
        return Text.choose(self.titles)


@dataclass(frozen=True)
class Part:
    """Something that is required: what, and how much of it is left."""

    label: str
    left: int

    @property
    def state(self) -> str:
        """How far it is, in the words of ``components/status.html``."""
        return "in_progress" if self.left else "done"


@dataclass(frozen=True)
class CompletionKind:
    """One kind of thing that can be completed, and the words for it.

    Args:
        key: Stands in ``Certificate.completed``.
        of: The completion of one thing by a person; none where there is no such thing.
        again: Whether a person has completed it anew since a moment; with decisions, whether what
            these changed has been caught up with since each was taken.
        address: The page that says what is left and issues the certificate; empty where the thing
            is gone.
        label: What it is: "Course".
        heading: What the certificate is called on its PDF.
        certificate_of: "Certificate of the course".
        has_completed: What the PDF says between the holder and the title.
        version: What the PDF calls the day its content was published last.
        criteria: What one had to do, in a sentence.
        renewing: How one earns it anew, in a sentence.
        achievement: What an Open Badge calls such a thing.
    """

    key: str
    of: Callable[[UUID, Person], Completion | None]
    again: Callable[[UUID, Person, datetime, Sequence[Decision]], bool]
    address: Callable[[UUID], str]
    label: "str | Promise"
    heading: "str | Promise"
    certificate_of: "str | Promise"
    has_completed: "str | Promise"
    version: "str | Promise"
    criteria: "str | Promise"
    renewing: "str | Promise"
    achievement: str


_kinds: dict[str, CompletionKind] = {}


def register(kind: CompletionKind) -> None:
    """Issue certificates for ``kind``, or replace the one with its key."""
    _kinds[kind.key] = kind


def heading_of(key: str) -> str:
    """What a certificate of the kind ``key`` is called, in the active language."""
    kind = kind_of(key)
    return str(kind.heading) if kind else _("Certificate")


def kind_of(key: str) -> CompletionKind | None:
    """The kind ``key``; none where nobody provides it."""
    return _kinds.get(key)


# --- What the kinds share -----------------------------------------------------------------------


def completion_of(
    titles: Mapping[str, str],
    parts: Sequence[Part],
    *,
    lessons: Collection[Lesson],
    unread: Collection[UUID] = (),
    cases: QuerySet[Case],
    is_complete: bool,
    are_required: bool = False,
    topics: Collection[UUID] = (),
    path: str,
) -> Completion:
    """What is said of these lessons and cases. Three queries, at most five, whatever there is.

    Args:
        lessons: In the order in which their competences are named.
        unread: Those of them whose time does not count.
        cases: Those whose time counts.
        is_complete: Whether that holds where no part is left.
        are_required: Whether one must solve the cases: then what they rest on and show counts.
        topics: What was practised with a mentor.
    """
    keys = [lesson.pk for lesson in lessons]
    played = list(cases.order_by("course", "number").values_list("pk", "minutes"))
    required = [key for key, _minutes in played] if are_required else []
    rules = _rules_of(keys, required)
    acts = {rule.act for rule in rules if rule.act is not None}
    in_order = sorted(acts, key=lambda act: (act.age, act.key))
    published = [lesson.published_at for lesson in lessons if lesson.published_at]
    studied = sum(lesson.minutes for lesson in lessons if lesson.pk not in unread)
    minutes = studied + sum(each for _key, each in played)
    return Completion(
        titles=titles,
        minutes=minutes,
        is_complete=is_complete and not any(part.left for part in parts),
        parts=parts,
        course_on=local_day(max(published)) if published else None,
        competences=_competences_of(keys, required, topics),
        rules=rules,
        path=path,
        acts=[frozen(act) for act in in_order],
        law_on=in_order[-1].in_force_from if in_order else None,
    )


def _rules_of(lessons: Collection[UUID], cases: Collection[UUID]) -> list[Rule]:
    """What the lessons, the questions they ask and the cases rest on. One query."""
    by_lesson = Q(lesson_rules__lesson__in=lessons)
    asked = QuestionRule.objects.filter(
        version__question__lesson_questions__lesson__in=lessons, version__is_current=True
    )
    rules = Rule.objects.filter(by_lesson | Q(pk__in=asked.values("rule")))
    if cases:
        told = CaseRule.objects.filter(version__case__in=cases, version__is_current=True)
        rules |= Rule.objects.filter(pk__in=told.values("rule"))
    return list(rules.publishable().select_related("act").distinct().order_by("key"))


def _competences_of(
    lessons: Sequence[UUID], cases: Sequence[UUID], topics: Collection[UUID]
) -> list[dict[str, str]]:
    """What the lessons teach, the cases show and practice trains. One query of each."""
    found: dict[UUID, dict[str, str]] = {}
    named: list[tuple[type[Lesson] | type[Case], Sequence[UUID]]] = [(Lesson, lessons)]
    if cases:
        named.append((Case, cases))
    for model, keys in named:
        place = {key: number for number, key in enumerate(keys)}
        rows = model._default_manager.filter(pk__in=keys, competences__isnull=False).values_list(
            "pk", "competences", "competences__title_da", "competences__title_kl"
        )
        for _key, one, danish, kalaallisut in sorted(rows, key=lambda row: (place[row[0]], row[2])):
            found.setdefault(one, {"da": danish, "kl": kalaallisut})
    if topics:
        trained = Competence.objects.filter(texts__topics__in=topics).distinct()
        for shown in trained.order_by("title_da", "pk"):
            found.setdefault(shown.pk, {"da": shown.title_da, "kl": shown.title_kl})
    return list(found.values())


def changes_in(lessons: Collection[UUID], person: Person, *, modules: Collection[UUID] = ()) -> int:
    """How many rules of these lessons have changed unseen since ``person`` learnt them.

    Args:
        modules: Those whose cases count too.
    """
    wanted = set(lessons)
    return sum(
        any(lesson.pk in wanted for lesson in change.lessons)
        or any(case.module_id in modules for case in change.cases)
        for change in changes_for(person)
    )


def has_caught_up(lessons: Q, person: Person, decisions: Sequence[Decision]) -> bool:
    """Whether ``person`` has seen what ``decisions`` changed and passed the quizzes it concerns.

    Args:
        lessons: A filter of :class:`LessonChange` for the lessons that count.
    """
    keys = {decision.pk for decision in decisions}
    if any(keys & set(change.decisions) for change in changes_for(person)):
        return False
    learnt_at = Coalesce("law_as_of", "submitted_at")
    passed = QuizAttempt.objects.alias(learnt_at=learnt_at).filter(
        person=person,
        lesson=OuterRef("lesson"),
        passed=True,
        learnt_at__gt=OuterRef("decision__decided_at"),
    )
    asks = Lesson.questions.through.objects.filter(lesson=OuterRef("lesson"))
    concerned = LessonChange.objects.filter(
        lessons, decision__in=keys, lesson__sequence__isnull=False
    )
    return not concerned.filter(Exists(asks), ~Exists(passed)).exists()
