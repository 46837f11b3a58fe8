"""Keep the records of ``courses`` in step with the pages: what a page says is written there.

A record is written when a page is published, moved, renamed, withdrawn or deleted, in the same
transaction. Nothing else writes a course, module, lesson or case.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.models import Locale, Page

from courses import actions
from courses.models import Course, Module
from courses.models.outline import PASS_PERCENT
from pages.blocks import rules_in
from pages.cases import told_by
from pages.models import CasePage, CoursePage, LessonPage, ModulePage
from pages.weight import bytes_on_the_way

if TYPE_CHECKING:
    from uuid import UUID

LearningPage = CoursePage | ModulePage | LessonPage | CasePage
LEARNING_PAGES = (CoursePage, ModulePage, LessonPage, CasePage)


def sync(page: LearningPage, *, is_published: bool = True) -> None:
    """Write down where ``page`` is, what it is called and whether it can be read.

    Args:
        is_published: Whether it says what it says as of now; not where it was only moved or got
            another address.
    """
    language = page.locale.language_code
    said = {
        "position": position_of(page),
        "language": language,
        "title": page.title,
        "path": path_of(page) if page.live else "",
        "is_live": page.live,
    }
    if isinstance(page, CoursePage):
        actions.sync_course(
            page.translation_key,
            summary=page.introduction,
            demands_quizzes=page.demands_quizzes,
            demands_cases=page.demands_cases,
            demands_practice=page.demands_practice,
            **said,
        )
        return
    parent = page.get_parent().specific
    if isinstance(page, ModulePage):
        if not Course.objects.filter(pk=parent.translation_key).exists():
            sync(parent)
        actions.sync_module(
            page.translation_key,
            course_key=parent.translation_key,
            summary=page.introduction,
            is_optional=page.is_optional,
            **said,
        )
        return
    if not Module.objects.filter(pk=parent.translation_key).exists():
        sync(parent)
    if isinstance(page, CasePage):
        actions.sync_case(
            page.translation_key,
            module_key=parent.translation_key,
            minutes=page.minutes,
            summary=page.introduction,
            told=told_by(page),
            competences=[one.pk for one in page.competences.all()],
            is_optional=page.is_optional,
            is_published=is_published,
            at=timezone.now(),
            **said,
        )
        return
    actions.sync_lesson(
        page.translation_key,
        module_key=parent.translation_key,
        minutes=page.minutes,
        questions=questions_of(page),
        pass_percent=pass_percent_of(page),
        competences=[one.pk for one in page.competences.all()],
        published_at=page.last_published_at,
        is_optional=page.is_optional,
        rules=rules_of(page),
        size_bytes=bytes_on_the_way(page),
        **said,
    )


def sync_all(pages: Iterable[Page], *, is_published: bool = True) -> None:
    """Write down each page that stands for a record; parents must come first."""
    for page in pages:
        specific = page.specific
        if isinstance(specific, LEARNING_PAGES):
            sync(specific, is_published=is_published)


def sync_below(page: Page) -> None:
    """Write down ``page`` and everything below it: their addresses have changed."""
    sync_all(page.get_descendants(inclusive=True).order_by("path"), is_published=False)


def sync_beside(page: Page) -> None:
    """Write down the places of ``page`` and the pages beside it, after reordering."""
    sync_all(page.get_siblings(inclusive=True).order_by("path"), is_published=False)


def withdraw(page: LearningPage) -> None:
    """``page`` is gone: its record is kept, and offered only where another language has it."""
    if Page.objects.filter(translation_key=page.translation_key).exclude(pk=page.pk).exists():
        return
    if isinstance(page, CoursePage):
        actions.retire_course(page.translation_key)
    elif isinstance(page, ModulePage):
        actions.retire_module(page.translation_key)
    elif isinstance(page, CasePage):
        actions.retire_case(page.translation_key)
    else:
        actions.retire_lesson(page.translation_key)


def ensure_aliases(page: Page) -> None:
    """Let a Danish page be read under ``/kl/`` too: as itself, until it is translated."""
    if not page.live or page.locale.language_code != settings.LANGUAGE_CODE:
        return
    for locale in Locale.objects.exclude(pk=page.locale_id):
        if not page.has_translation(locale):
            page.copy_for_translation(locale, copy_parents=True, alias=True)


def position_of(page: Page) -> int:
    """Where the page stands among its neighbours: the last step of its place in the tree."""
    return int(page.path[-page.steplen :], 36)


def path_of(page: Page) -> str:
    """The page's address on this site, in its own language."""
    below_home = page.url_path.split("/", 2)[2]
    with translation.override(page.locale.language_code):
        return reverse("wagtail_serve", args=[below_home])


def questions_of(page: LessonPage) -> "list[UUID]":
    """The questions of the lesson's quiz, in order; not those that were retired since."""
    quizzes = (child.value for child in page.body if child.block_type == "quiz")
    asked = (question for quiz in quizzes for question in _there(quiz["questions"]))
    return list(dict.fromkeys(one.pk for one in asked if one.retired_at is None))


def pass_percent_of(page: LessonPage) -> int:
    """How much of the lesson's quiz must be right."""
    quiz = next((child.value for child in page.body if child.block_type == "quiz"), None)
    return (quiz and quiz.get("pass_percent")) or PASS_PERCENT


def rules_of(page: LessonPage) -> "list[UUID]":
    """The rules that the lesson cites."""
    return list(dict.fromkeys(rule.pk for rule in rules_in(page.body)))


def _there(records: Iterable[Any]) -> Iterator[Any]:
    """Those that still exist: a chosen record that was deleted is read as nothing."""
    return (record for record in records if record is not None)
