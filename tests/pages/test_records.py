"""The records of courses say what the pages say."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone, translation
from wagtail.models import Page

from courses.actions import forget_copies, mark_read
from courses.models import Course, Lesson, LessonProgress, Module
from pages import records
from people.models import Person
from tests.factories.courses import make_question, make_rule
from tests.factories.pages import (
    block,
    edit,
    in_kalaallisut,
    make_course_page,
    make_lesson_page,
    make_module_page,
    put,
    translate,
)


def offered(course: Course) -> list[str]:
    """The titles of what ``course`` offers, in reading order."""
    return [str(lesson.title) for lesson in course.lessons.offered()]


def test_publishing_a_lesson_writes_its_record():
    module = make_module_page(make_course_page(slug="underretninger"), slug="modul-1")
    rule, question = make_rule(), make_question()

    page = make_lesson_page(
        module,
        title="To spørgsmål",
        slug="to-spoergsmaal",
        minutes=8,
        body=[
            block("rule", str(rule.pk)),
            block("quiz", {"questions": [str(question.pk)]}),
        ],
    )

    lesson = Lesson.objects.get(pk=page.translation_key)
    assert lesson.titles["da"] == "To spørgsmål"
    assert lesson.paths == {
        "da": "/da/kurser/underretninger/modul-1/to-spoergsmaal/",
        "kl": "/kl/kurser/underretninger/modul-1/to-spoergsmaal/",
    }
    assert lesson.minutes == 8
    assert lesson.module_id == module.translation_key
    assert list(lesson.questions.all()) == [question]
    assert {row.rule for row in lesson.lesson_rules.all()} == {rule}
    assert lesson.size_bytes > 0


def test_a_draft_has_no_record():
    page = make_lesson_page(live=False)

    assert not Lesson.objects.filter(pk=page.translation_key).exists()


def test_a_lesson_below_a_draft_module_is_recorded_and_not_offered():
    course = make_course_page()
    module = put(course, type(make_module_page())(title="Udkast"), live=False)

    page = make_lesson_page(module)

    lesson = Lesson.objects.get(pk=page.translation_key)
    assert lesson.is_live
    assert not lesson.is_offered


def test_renaming_changes_title_and_address_of_the_page_and_of_those_below(
    django_capture_on_commit_callbacks,
):
    module = make_module_page(make_course_page(slug="kursus"), slug="gammel")
    page = make_lesson_page(module, slug="lektion")

    with django_capture_on_commit_callbacks(execute=True):
        edit(module, title="Ny titel", slug="ny")

    assert Module.objects.get(pk=module.translation_key).titles["da"] == "Ny titel"
    lesson = Lesson.objects.get(pk=page.translation_key)
    assert lesson.paths["da"] == "/da/kurser/kursus/ny/lektion/"


def test_moving_a_lesson_moves_its_record_and_keeps_progress(learner: Person):
    course = make_course_page(slug="kursus")
    first, second = make_module_page(course), make_module_page(course, slug="anden")
    page = make_lesson_page(first, slug="lektion")
    mark_read(Lesson.objects.get(pk=page.translation_key), learner, at=timezone.now())

    Page.objects.get(pk=page.pk).move(second, pos="last-child")

    lesson = Lesson.objects.get(pk=page.translation_key)
    assert lesson.module_id == second.translation_key
    assert lesson.paths["da"] == "/da/kurser/kursus/anden/lektion/"
    assert LessonProgress.objects.filter(lesson=lesson, person=learner).exists()


def test_reordering_lessons_changes_the_reading_order():
    module = make_module_page()
    first, _second, third = (make_lesson_page(module, title=name) for name in ("A", "B", "C"))
    course = Course.objects.get(modules=module.translation_key)

    Page.objects.get(pk=third.pk).move(Page.objects.get(pk=first.pk), pos="left")

    assert offered(course) == ["C", "A", "B"]
    numbers = {str(lesson.title): lesson.number for lesson in course.lessons.offered()}
    assert numbers == {"C": 1, "A": 2, "B": 3}


def test_unpublishing_a_lesson_takes_it_out_of_the_course_in_both_languages():
    module = make_module_page()
    kept, gone = make_lesson_page(module, title="A"), make_lesson_page(module, title="B")

    Page.objects.get(pk=gone.pk).specific.unpublish()

    course = Course.objects.get(modules=module.translation_key)
    assert offered(course) == ["A"]
    assert Lesson.objects.get(pk=gone.translation_key).paths == {}
    assert Lesson.objects.get(pk=kept.translation_key).next is None


@pytest.mark.parametrize("maker", [make_course_page, make_module_page, make_lesson_page])
def test_deleting_a_page_keeps_the_record_and_offers_it_no_longer(maker):
    page = maker()
    kind = {"CoursePage": Course, "ModulePage": Module, "LessonPage": Lesson}[type(page).__name__]

    in_kalaallisut(page).delete()
    Page.objects.get(pk=page.pk).delete()

    record = kind.objects.get(pk=page.translation_key)
    assert (record.is_live, record.paths) == (False, {})
    assert record.titles["da"] == page.title


def test_deleting_a_course_with_everything_below_it_keeps_all_progress(learner: Person):
    page = make_lesson_page()
    lesson = Lesson.objects.get(pk=page.translation_key)
    mark_read(lesson, learner, at=timezone.now())
    course = page.get_parent().get_parent()

    in_kalaallisut(course.specific).delete()
    Page.objects.get(pk=course.pk).delete()

    lesson.refresh_from_db()
    assert not lesson.is_offered
    assert LessonProgress.objects.filter(lesson=lesson, person=learner).count() == 1


def test_a_danish_page_can_be_read_under_kl_at_once():
    page = make_lesson_page(title="De første 24 timer")

    alias = in_kalaallisut(page)

    assert alias.alias_of_id == page.pk
    assert alias.live


def test_a_copy_of_the_danish_page_gives_no_title_of_its_own():
    page = make_lesson_page(title="Første titel")
    alias = in_kalaallisut(page)
    records.sync_all([alias])
    edit(page, title="Anden titel")
    records.sync_below(alias.get_parent().get_parent())

    lesson = Lesson.objects.select_related("module", "course").get(pk=page.translation_key)
    assert lesson.titles == {"da": "Anden titel"}
    assert set(lesson.paths) == {"da", "kl"}
    for record in (lesson, lesson.module, lesson.course):
        assert (list(record.titles), record.languages) == (["da"], ["da"])
    with translation.override("kl"):
        assert (lesson.title, lesson.title_language) == ("Anden titel", "da")


def test_a_translated_page_is_read_in_both_languages_while_it_is_live():
    page = make_lesson_page(title="Titel")
    kl = translate(in_kalaallisut(page), title="[kl] titel")

    assert Lesson.objects.get(pk=page.translation_key).languages == ["da", "kl"]
    kl.unpublish()
    assert Lesson.objects.get(pk=page.translation_key).languages == ["da"]


def test_copies_that_were_kept_before_are_forgotten():
    page = make_lesson_page(title="Titel")
    lesson = Lesson.objects.filter(pk=page.translation_key)
    lesson.update(titles={"da": "Titel", "kl": "Titel"})
    Course.objects.update(titles={"da": "A", "kl": "[kl] a"}, summaries={"da": "B", "kl": "B"})

    assert (forget_copies(), forget_copies()) == (2, 0)

    assert lesson.get().titles == {"da": "Titel"}
    course = Course.objects.get()
    assert (course.titles, course.summaries) == ({"da": "A", "kl": "[kl] a"}, {"da": "B"})


def test_publishing_a_translation_changes_its_own_title_only():
    page = make_lesson_page(title="De første 24 timer")
    alias = in_kalaallisut(page)

    translate(alias, title="[kl] titel")

    assert Lesson.objects.get(pk=page.translation_key).titles == {
        "da": "De første 24 timer",
        "kl": "[kl] titel",
    }


def test_a_scheduled_lesson_gets_its_record_when_its_time_comes():
    page = make_lesson_page(live=False)
    page.go_live_at = timezone.now() + timedelta(hours=1)
    page.save_revision().publish()
    assert not Lesson.objects.get(pk=page.translation_key).is_live

    page = type(page).objects.get(pk=page.pk)
    revision = page.latest_revision
    past = timezone.now() - timedelta(minutes=1)
    content = {**revision.content, "go_live_at": past.isoformat()}
    type(revision).objects.filter(pk=revision.pk).update(approved_go_live_at=past, content=content)
    call_command("publish_scheduled")

    assert Lesson.objects.get(pk=page.translation_key).is_offered
