"""The records of course, module and lesson follow their pages."""

import uuid

import pytest
from django.utils import translation

from courses.actions import (
    mark_read,
    restamp_lessons_citing,
    retire_course,
    retire_lesson,
    retire_module,
    sync_lesson,
    sync_module,
)
from courses.models import Course, Lesson, Module, Question
from rules.actions import save_act, save_rule
from rules.models import Rule
from tests.factories.courses import (
    AT,
    LATER,
    make_big_course,
    make_course,
    make_learner,
    make_lesson,
    make_module,
    make_question,
    make_rule,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("base")]


def places(course: Course) -> list[tuple[int | None, int | None, str]]:
    """Sequence, number and title of every lesson, as read."""
    rows = Lesson.objects.filter(course=course).order_by("sequence", "position")
    return [(row.sequence, row.number, str(row.title)) for row in rows]


def again(lesson: Lesson, **fields: object) -> Lesson:
    """The lesson's Danish page is published once more, with ``fields`` changed."""
    return make_lesson(lesson.module, lesson.position, key=lesson.pk, **fields)


def test_lessons_are_counted_in_reading_order_whatever_the_order_of_publishing():
    course = make_course()
    second = make_module(course, 2)
    first = make_module(course, 1)
    make_lesson(second, 1, title="c")
    make_lesson(first, 2, title="b")
    make_lesson(first, 1, title="a")

    assert places(course) == [(1, 1, "a"), (2, 2, "b"), (3, 1, "c")]
    course.refresh_from_db()
    assert course.lesson_count == 3
    counted = Module.objects.offered().values_list("number", "lesson_count")
    assert list(counted) == [(1, 2), (2, 1)]


def test_neighbours_lead_from_module_to_module():
    course = make_course()
    first = make_lesson(make_module(course, 1))
    last = make_lesson(make_module(course, 2))
    first.refresh_from_db()

    assert (first.previous, first.next) == (None, last)
    assert (last.previous, last.next) == (first, None)


def test_an_unpublished_lesson_is_skipped_and_keeps_its_progress():
    module = make_module(make_course())
    lesson = make_lesson(module, 1)
    other = make_lesson(module, 2)
    progress = mark_read(lesson, make_learner(), at=AT)

    gone = again(lesson, is_live=False)
    other.refresh_from_db()

    assert (gone.is_offered, gone.path, str(gone.title)) == (False, "", "Lektion 1")
    assert (other.sequence, other.number, other.previous) == (1, 1, None)
    assert list(gone.progress.all()) == [progress]


@pytest.mark.parametrize("retire", [retire_course, retire_module, retire_lesson])
def test_a_retired_record_stays_and_is_not_offered(retire):
    course = make_course()
    module = make_module(course)
    lesson = make_lesson(module)
    records = {retire_course: course, retire_module: module, retire_lesson: lesson}

    retire(records[retire].pk)

    lesson.refresh_from_db()
    course.refresh_from_db()
    assert (lesson.is_offered, course.lesson_count) == (False, 0)


def test_retiring_what_was_never_recorded_does_nothing():
    retire_lesson(uuid.uuid4())

    assert not Lesson.objects.exists()


def test_a_module_that_moves_takes_its_lessons_along():
    left, found = make_course("Fra"), make_course("Til")
    module = make_module(left)
    lesson = make_lesson(module)

    sync_module(
        module.pk,
        course_key=found.pk,
        position=1,
        language="da",
        title="Modul",
        path="/da/til/1/",
        is_live=True,
    )

    lesson.refresh_from_db()
    left.refresh_from_db()
    found.refresh_from_db()
    assert lesson.course == found
    assert (left.lesson_count, found.lesson_count) == (0, 1)


def test_a_lesson_that_moves_is_counted_where_it_went():
    left, found = make_course(), make_course()
    lesson = make_lesson(make_module(left))
    make_lesson(target := make_module(found), 1)

    moved = make_lesson(target, 2, key=lesson.pk)

    left.refresh_from_db()
    assert (moved.course, moved.number, left.lesson_count) == (found, 2, 0)


def test_a_translation_gives_its_texts_and_moves_nothing():
    module, other = make_module(make_course(), 1), make_module(make_course(), 2)
    question = make_question()
    lesson = make_lesson(module, 3, questions=[question.pk], minutes=8)

    translated = make_lesson(
        other, 1, key=lesson.pk, language="kl", title="[kl]", path="/kl/x/", minutes=1
    )

    assert (translated.module, translated.position, translated.minutes) == (module, 3, 8)
    assert list(translated.questions.all()) == [question]
    with translation.override("kl"):
        assert (translated.title, translated.title_language) == ("[kl]", "kl")
        assert translated.path == "/kl/x/"


def test_a_missing_translation_falls_back_to_danish_and_says_so():
    lesson = make_lesson(make_module(make_course()))

    with translation.override("kl"):
        assert (lesson.title, lesson.title.language, lesson.title.is_fallback) == (
            "Lektion 1",
            "da",
            True,
        )
        assert lesson.path.startswith("/da/")
    with translation.override("da"):
        assert not lesson.title.is_fallback


def test_a_lesson_is_live_while_one_of_its_languages_is():
    lesson = make_lesson(make_module(make_course()))
    again(lesson, language="kl", path="/kl/x/")

    only_kl = again(lesson, is_live=False)
    assert only_kl.is_offered
    assert not again(lesson, language="kl", is_live=False).is_offered


def test_a_lesson_under_a_draft_module_is_not_offered_until_the_module_is():
    module = make_module(make_course(), is_live=False)
    lesson = make_lesson(module)
    assert not lesson.is_offered

    sync_module(
        module.pk,
        course_key=module.course_id,
        position=1,
        language="da",
        title="Modul",
        path="/da/m/",
        is_live=True,
    )

    lesson.refresh_from_db()
    assert lesson.is_offered


def test_parents_come_first():
    with pytest.raises(Course.DoesNotExist):
        make_module(Course(pk=uuid.uuid4(), paths={"da": "/"}))
    with pytest.raises(Module.DoesNotExist):
        make_lesson(Module(pk=uuid.uuid4(), paths={"da": "/"}))


def test_an_unknown_question_or_rule_is_refused_and_nothing_is_saved():
    module = make_module(make_course())

    with pytest.raises(Question.DoesNotExist):
        make_lesson(module, questions=[uuid.uuid4()])
    with pytest.raises(Rule.DoesNotExist):
        make_lesson(module, rules=[uuid.uuid4()])

    assert not Lesson.objects.exists()


def test_publishing_again_changes_nothing_but_the_stamp():
    question, rule = make_question(), make_rule()
    module = make_module(make_course())
    lesson = make_lesson(module, questions=[question.pk], rules=[rule.pk])
    asked = lesson.lesson_questions.get()

    published = make_lesson(module, key=lesson.pk, questions=[question.pk], rules=[rule.pk])

    assert published.body_stamp == lesson.body_stamp + 1
    assert published.lesson_questions.get() == asked
    assert published.sequence == lesson.sequence


def test_questions_keep_the_order_of_the_page():
    first, second = make_question(), make_question()
    module = make_module(make_course())
    lesson = make_lesson(module, questions=[first.pk, second.pk])

    make_lesson(module, key=lesson.pk, questions=[second.pk, first.pk])

    asked = lesson.lesson_questions.order_by("position")
    assert [row.question for row in asked] == [second, first]


def test_a_changed_rule_redraws_the_lessons_that_cite_it_and_no_other():
    rule = make_rule()
    module = make_module(make_course())
    citing = make_lesson(module, 1, rules=[rule.pk])
    other = make_lesson(module, 2)

    rule.statement_da = "Kommunen beslutter straks."
    save_rule(rule, at=LATER)

    stamps = [citing.body_stamp, other.body_stamp]
    citing.refresh_from_db()
    other.refresh_from_db()
    assert [citing.body_stamp, other.body_stamp] == [stamps[0] + 1, stamps[1]]


def test_a_renamed_act_redraws_the_lessons_that_cite_its_rules():
    rule = make_rule()
    citing = make_lesson(make_module(make_course()), rules=[rule.pk])

    rule.act.short_name = "loven"
    save_act(rule.act)

    stamp = citing.body_stamp
    citing.refresh_from_db()
    assert citing.body_stamp == stamp + 1


def test_a_rule_cited_only_by_a_translation_redraws_the_lesson_too():
    rule = make_rule()
    lesson = make_lesson(make_module(make_course()))
    again(lesson, language="kl", rules=[rule.pk])
    again(lesson)

    assert restamp_lessons_citing(rule) == 1


@pytest.mark.parametrize("size", [1, 50])
def test_adding_a_lesson_takes_the_same_number_of_queries_in_a_long_course(
    size, django_assert_num_queries
):
    course = make_big_course(modules=2, lessons_each=size)
    module = course.modules.get(position=2)

    with django_assert_num_queries(21):
        make_lesson(module, size + 1)


def test_sync_lesson_takes_its_arguments_by_name():
    with pytest.raises(TypeError):
        sync_lesson(uuid.uuid4(), uuid.uuid4())
