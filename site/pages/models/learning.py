"""Catalogue → course → module → lesson: the editors' half of what can be learnt.

The other half lies in ``courses``: a record per course, module and lesson, with the page's
``translation_key`` as its id. Progress and answers point at records, so a page may be moved,
renamed, translated or withdrawn without losing them (see ``pages.records``).
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField

from competences.forms import NamesCompetencesMixin
from core.periods import local_day
from courses.cases.pages import CaseRow, cases_in
from courses.citations import LESSON
from courses.learning.offers import LENGTHS, kinds, offers
from courses.learning.overview import CourseOverview, course_overview, lesson_state
from courses.models import Lesson, Module
from pages.blocks import LessonBody
from pages.editing.forms import PageForm
from pages.models.base import BasePage
from pages.translating.addresses import both_url
from people.models import Person


@dataclass(frozen=True, slots=True)
class Crumb:
    """One step of the way to a page."""

    title: "str | Promise"
    url: str


def catalogue_context(request: HttpRequest) -> dict[str, Any]:
    """What the catalogue shows this reader, narrowed by the address."""
    known = dict(kinds())
    chosen = {
        "kind": request.GET.get("type", "") if request.GET.get("type") in known else "",
        "language": request.GET.get("sprog", ""),
        "length": request.GET.get("laengde", "") if request.GET.get("laengde") in LENGTHS else "",
    }
    if chosen["language"] not in dict(settings.LANGUAGES):
        chosen["language"] = ""
    day = local_day(timezone.now())
    rows = offers(reader_of(request), day=day, **chosen)
    return {
        "rows": rows,
        "kinds": list(known.items()),
        "lengths": list(LENGTHS.items()),
        "offer_languages": settings.LANGUAGES,
        "chosen": chosen,
        "is_narrowed": any(chosen.values()),
        "stamp": [
            (row.title, row.title.language, row.summary, row.url, row.minutes, row.size, row.state,
             row.progress, row.languages)
            for row in rows
        ],
    }  # fmt: skip


def reader_of(request: HttpRequest) -> Person | None:
    """The person who reads; none for whoever has not signed in."""
    if isinstance(request.user, AnonymousUser):
        return None
    return getattr(request.user, "person", None)


def optional_field(what: "Promise") -> Any:
    """Whether a module, a lesson or a case may be left out; ``what`` says of what."""
    return models.BooleanField(
        _("optional"),
        default=False,
        help_text=format_lazy(
            "{} {}", what, _("It is shown as optional. The Danish page counts, for both languages.")
        ),
    )


class CataloguePage(BasePage):
    """Every course there is."""

    parent_page_types: ClassVar[list[str]] = ["pages.HomePage"]
    subpage_types: ClassVar[list[str]] = ["pages.CoursePage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("catalogue")
        verbose_name_plural = _("catalogues")

    def shown_to(self, request: HttpRequest) -> dict[str, Any]:
        """What is offered, narrowed by the address, and the reader's own progress."""
        return catalogue_context(request)


class CoursePage(BasePage):
    """A course: what it is for, its modules, and what one does to complete it."""

    demands_quizzes = models.BooleanField(
        _("its quizzes are passed"), default=True, help_text=_("Those of its required lessons.")
    )
    demands_cases = models.BooleanField(
        _("its cases are solved"),
        default=False,
        help_text=_("Those that are not optional, to an end that is not a bad one."),
    )
    demands_practice = models.BooleanField(
        _("what it teaches is practised with a mentor"),
        default=False,
        help_text=_(
            "Each competence of its required lessons and cases, in a session that was confirmed."
        ),
    )

    content_panels: ClassVar[list[Any]] = [
        *BasePage.opening_panels,
        MultiFieldPanel(
            [
                FieldPanel("demands_quizzes"),
                FieldPanel("demands_cases"),
                FieldPanel("demands_practice"),
            ],
            heading=_("The course is completed when every required lesson is read and"),
            help_text=_(
                "The Danish page counts, for both languages. Whoever has completed the course "
                "stays so when you ask for more."
            ),
        ),
        FieldPanel("body"),
        *BasePage.closing_panels,
    ]
    parent_page_types: ClassVar[list[str]] = ["pages.CataloguePage"]
    subpage_types: ClassVar[list[str]] = ["pages.ModulePage"]

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")

    def shown_to(self, request: HttpRequest) -> dict[str, Any]:
        """The modules, the lessons of the opened one, and the reader's own progress."""
        person = reader_of(request)
        overview = course_overview(
            self.translation_key,
            person,
            module=_key(request.GET.get("modul", "")),
            page=_number(request.GET.get("side", "")),
        )
        cases = _cases_of(overview, person)
        return {
            "person": person,
            "overview": overview,
            "cases": cases,
            "login_url": sign_in_and_back(request),
            "crumbs": [Crumb(_("All courses"), _one_up(request.path))],
            "stamp": (_stamp_of(overview), _stamp_of_cases(cases)),
            "alternate_urls": overview.course.paths if overview else None,
        }


class ModulePage(BasePage):
    """A module: a handful of lessons and cases that belong together."""

    is_optional = optional_field(_("The course can be completed without it."))

    content_panels: ClassVar[list[Any]] = [
        *BasePage.opening_panels,
        FieldPanel("is_optional"),
        FieldPanel("body"),
        *BasePage.closing_panels,
    ]
    parent_page_types: ClassVar[list[str]] = ["pages.CoursePage"]
    subpage_types: ClassVar[list[str]] = ["pages.LessonPage", "pages.CasePage"]

    class Meta:
        verbose_name = _("module")
        verbose_name_plural = _("modules")

    def shown_to(self, request: HttpRequest) -> dict[str, Any]:
        """The module's lessons and the reader's own progress."""
        person = reader_of(request)
        course = Module.objects.filter(pk=self.translation_key).values_list("course", flat=True)
        overview = (
            course_overview(
                key,
                person,
                module=self.translation_key,
                page=_number(request.GET.get("side", "")),
            )
            if (key := course.first())
            else None
        )
        opened = overview.opened if overview else None
        if opened is None or opened.pk != self.translation_key:
            overview = None
        cases = _cases_of(overview, person)
        return {
            "person": person,
            "overview": overview,
            "cases": cases,
            "crumbs": [Crumb(overview.course.title, overview.course.path)] if overview else [],
            "module_kilobytes": _kilobytes_of(overview),
            "both_url": both_url(opened) if opened else "",
            "stamp": (_stamp_of(overview), _stamp_of_cases(cases)),
            "alternate_urls": opened.paths if overview and opened else None,
        }


class LessonPageForm(NamesCompetencesMixin, PageForm):
    """A lesson with what it teaches."""


class LessonPage(BasePage):
    """A lesson: some minutes of reading, perhaps with a quiz."""

    minutes = models.PositiveSmallIntegerField(
        _("minutes"),
        default=6,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
        help_text=_("How long a calm reader takes, quiz included."),
    )
    is_optional = optional_field(_("The module can be completed without it."))
    competences: Any = ParentalManyToManyField(
        "competences.Competence",
        blank=True,
        related_name="+",
        verbose_name=_("competences"),
        help_text=_("What reading it and passing its quiz shows. The Danish page counts."),
    )
    body = StreamField(LessonBody(), blank=True, verbose_name=_("content"))

    cited_as = LESSON

    content_panels: ClassVar[list[Any]] = [
        *BasePage.opening_panels,
        FieldPanel("minutes"),
        FieldPanel("is_optional"),
        FieldPanel("competences", widget=forms.CheckboxSelectMultiple),
        FieldPanel("body"),
        *BasePage.closing_panels,
    ]
    base_form_class = LessonPageForm
    parent_page_types: ClassVar[list[str]] = ["pages.ModulePage"]
    subpage_types: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Adds, in a preview, the questions as they are chosen now."""
        context = super().get_context(request, *args, **kwargs)
        if getattr(request, "is_preview", False):
            quizzes = [child.value for child in self.body if child.block_type == "quiz"]
            context["preview_questions"] = [
                question for quiz in quizzes for question in quiz["questions"] if question
            ]
        return context

    def shown_to(self, request: HttpRequest) -> dict[str, Any]:
        """The lesson's place in its course, and the reader's own progress."""
        person = reader_of(request)
        state = lesson_state(self.translation_key, person)
        if state is None:
            return {"person": person, "state": None, "stamp": (), "crumbs": []}
        records = [record for record in (state.course, state.module) if record.path]
        paths = state.lesson.paths
        return {
            "person": person,
            "state": state,
            "crumbs": [Crumb(record.title, record.path) for record in records],
            "kilobytes": max(1, round(size / 1000)) if (size := state.lesson.size_bytes) else None,
            "other_languages": [
                (name, code, paths[code])
                for code, name in settings.LANGUAGES
                if code in paths and code != self.language
            ],
            "both_url": both_url(state.lesson),
            "body_stamp": state.lesson.body_stamp,
            "rule_changed_on": self._rule_changed_on(state.lesson),
            "stamp": state.stamp,
            "alternate_urls": paths,
        }

    def _rule_changed_on(self, lesson: Lesson) -> date | None:
        """Since when a rule of this page says something else, until somebody looked through it.

        A copy that is not translated yet says what the Danish page says.
        """
        language = settings.LANGUAGE_CODE if self.alias_of_id else self.language
        day = lesson.changed_rules.get(language)
        return date.fromisoformat(day) if day else None


def _stamp_of(overview: CourseOverview | None) -> tuple[Any, ...]:
    """Changes with everything that a course or module page shows of ``overview``."""
    if overview is None:
        return ()
    course, upcoming = overview.course, overview.next_lesson
    return (
        (course.titles, course.paths, course.lesson_count, overview.module_count),
        (course.required_count, overview.completed_at, overview.completed_before_at, overview.left),
        (overview.is_enrolled, overview.read_count, overview.page, overview.page_count),
        (upcoming.titles, upcoming.paths, upcoming.minutes) if upcoming else None,
        [
            (
                module.pk,
                module.titles,
                module.number,
                module.lesson_count,
                state,
                is_open,
                module.is_optional,
            )
            for module, state, is_open in (
                (row.module, row.state, row.is_open) for row in overview.modules
            )
        ],
        [
            (
                row.lesson.titles,
                row.lesson.paths,
                row.lesson.minutes,
                row.lesson.size_bytes,
                row.lesson.is_required,
                row.state,
            )
            for row in overview.lessons
        ],
    )


def _kilobytes_of(overview: CourseOverview | None) -> int | None:
    """What the lessons of the opened module weigh together; none where that is not known of all."""
    lessons = [row.lesson for row in overview.lessons] if overview else []
    known = [lesson.size_bytes for lesson in lessons if lesson.size_bytes]
    if not known or len(known) < len(lessons) or (overview and overview.page_count > 1):
        return None
    return max(1, round(sum(known) / 1000))


def _cases_of(overview: CourseOverview | None, person: Person | None) -> list[CaseRow]:
    """The cases of the opened module; asked for only where there is one."""
    opened = overview.opened if overview else None
    return cases_in(opened.pk, person) if opened and opened.case_count else []


def _stamp_of_cases(cases: list[CaseRow]) -> list[tuple[Any, ...]]:
    """Changes with everything that a page shows of ``cases``."""
    return [
        (
            row.case.titles,
            row.case.paths,
            row.case.minutes,
            row.case.is_required,
            row.state,
            row.best,
        )
        for row in cases
    ]


def _one_up(path: str) -> str:
    """The address of the page above: the tree and the addresses are one."""
    return path.rstrip("/").rpartition("/")[0] + "/"


def sign_in_and_back(request: HttpRequest) -> str:
    """Where to sign in, and from there back to this page."""
    return f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': request.path})}"


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else None
