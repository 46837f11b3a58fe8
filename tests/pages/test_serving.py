"""A lesson is served in few queries, the same for one and for many, and once only."""

import gzip
import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from courses.actions import enrol, mark_read
from courses.models import Course, Lesson, LessonProgress
from people.models import Person, User
from rules.actions import save_rule
from tests.factories.admin import admin_browser
from tests.factories.courses import AT, make_question, make_rule
from tests.factories.pages import (
    block,
    edit,
    in_kalaallisut,
    make_course_page,
    make_home,
    make_lesson_page,
    make_module_page,
    text,
)

LESSON_QUERIES = 4
COURSE_QUERIES = 6


def path_of(page: Page) -> str:
    """The address of ``page``, asked anew."""
    return Page.objects.get(pk=page.pk).url


def make_quiz_lesson(**fields: object):
    """A lesson with a rule and a quiz of five questions."""
    rule = make_rule()
    questions = [make_question() for _ in range(5)]
    body = [
        block("heading", "Rækkefølgen hjælper dig"),
        text("<p>Uret starter, når underretningen kommer.</p>" * 20),
        block("rule", str(rule.pk)),
        block("quiz", {"questions": [str(question.pk) for question in questions]}),
        block("helpline", None),
    ]
    return make_lesson_page(body=body, **fields)


def test_a_lesson_says_where_it_stands_and_what_comes_next(client: Client):
    module = make_module_page()
    page = make_lesson_page(module, title="To spørgsmål", minutes=6, introduction="Uret starter.")
    following = make_lesson_page(module, title="Kvitteringen")

    html = client.get(path_of(page)).content.decode()

    assert "Modul 1 · lektion 1 af 2" in html
    assert "6 min" in html
    assert "Beslut inden for 24 timer." in html
    assert f'href="{path_of(following)}" rel="next"' in html
    assert "<span>Næste: <span>Kvitteringen</span></span></a>" in html  # one text, or words break
    assert html.count('class="button"') == 1


def test_the_last_lesson_leads_back_to_the_course(client: Client):
    page = make_lesson_page()

    html = client.get(path_of(page)).content.decode()

    course = page.get_parent().get_parent()
    assert f'<a class="button" href="{path_of(course)}">' in html


@pytest.mark.parametrize("lessons", [1, 12])
def test_a_lesson_takes_the_same_few_queries(
    as_learner: Client, learner: Person, django_assert_num_queries, lessons: int
):
    module = make_module_page()
    pages = [make_lesson_page(module) for _ in range(lessons)]
    page = pages[0]
    mark_read(Lesson.objects.get(pk=page.translation_key), learner, at=timezone.now())
    address = path_of(page)
    as_learner.get(address)

    with django_assert_num_queries(LESSON_QUERIES):
        response = as_learner.get(address)

    assert response.status_code == 200


@pytest.mark.parametrize("size", [(10, 1), (1_000, 10_000)])
def test_size_changes_no_query_count(
    as_learner: Client, learner: Person, django_assert_num_queries, size: tuple[int, int]
):
    lesson_count, learner_count = size
    page = make_lesson_page()
    record = Lesson.objects.get(pk=page.translation_key)
    Lesson.objects.bulk_create(
        Lesson(
            id=uuid.uuid4(),
            module=record.module,
            course=record.course,
            titles={"da": f"Lektion {number}"},
            paths={"da": f"/da/kurser/{number}/"},
            is_live=True,
            position=number,
            sequence=number,
            number=number,
            minutes=5,
        )
        for number in range(2, lesson_count + 1)
    )
    people = Person.objects.bulk_create(Person(name=f"P{n}") for n in range(learner_count))
    LessonProgress.objects.bulk_create(
        LessonProgress(lesson=record, person=person, opened_at=AT, read_at=AT, last_at=AT)
        for person in people
    )
    enrol(record.course, learner, at=AT)
    lesson, course = path_of(page), path_of(page.get_parent().get_parent())
    for address in (lesson, course):
        as_learner.get(address)

    with django_assert_num_queries(LESSON_QUERIES):
        as_learner.get(lesson)
    with django_assert_num_queries(COURSE_QUERIES):
        as_learner.get(course)


def test_a_second_look_is_answered_with_304_and_nothing_else(as_learner: Client):
    address = path_of(make_quiz_lesson())
    first = as_learner.get(address)

    second = as_learner.get(address, headers={"if-none-match": first["ETag"]})

    assert second.status_code == 304
    assert second.content == b""
    assert first["Cache-Control"] == second["Cache-Control"] == "private, no-cache"
    assert "Cookie" in first["Vary"]


def test_the_bytes_of_a_page_differ_and_its_tag_does_not(as_learner: Client):
    address = path_of(make_lesson_page())

    first, second = as_learner.get(address), as_learner.get(address)

    assert first.content != second.content  # the mask of the CSRF token
    assert first["ETag"] == second["ETag"]


def tag_of(client: Client, address: str) -> str:
    """The tag of the page at ``address`` for whoever uses ``client``."""
    return client.get(address)["ETag"]


def test_the_tag_changes_with_the_text(client: Client):
    page = make_lesson_page()
    before = tag_of(client, path_of(page))

    edit(page, body=[text("<p>Ny tekst.</p>")])

    response = client.get(path_of(page))
    assert response["ETag"] != before
    assert b"Ny tekst." in response.content


def test_the_tag_changes_with_a_rule_that_the_lesson_cites(client: Client):
    rule = make_rule()
    page = make_lesson_page(body=[block("rule", str(rule.pk))])
    before = tag_of(client, path_of(page))

    rule.statement_da = "Kommunen beslutter straks."
    save_rule(rule, at=timezone.now())

    response = client.get(path_of(page))
    assert response["ETag"] != before
    assert b"Kommunen beslutter straks." in response.content


def test_the_tag_changes_with_progress(as_learner: Client, learner: Person):
    page = make_lesson_page()
    before = tag_of(as_learner, path_of(page))

    mark_read(Lesson.objects.get(pk=page.translation_key), learner, at=timezone.now())

    assert tag_of(as_learner, path_of(page)) != before


def test_the_tag_differs_between_readers_and_languages(client: Client, as_learner: Client):
    page = make_lesson_page()
    address = path_of(page)

    tags = {
        tag_of(Client(), address),
        tag_of(as_learner, address),
        tag_of(Client(), path_of(in_kalaallisut(page))),
    }

    assert len(tags) == 3


def test_a_page_that_shows_a_message_is_kept_by_nobody(as_learner: Client):
    course = Course.objects.get(modules__lessons=make_lesson_page().translation_key)
    before = as_learner.get(course.path)["ETag"]

    as_learner.post(reverse("courses:enrol", args=[course.pk]))
    response = as_learner.get(course.path, headers={"if-none-match": before})

    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"
    assert "ETag" not in response


def test_an_anonymous_reader_gets_no_cookie(client: Client):
    response = client.get(path_of(make_quiz_lesson()))

    assert response.cookies == {}


def test_a_lesson_with_five_questions_stays_light(as_learner: Client):
    response = as_learner.get(path_of(make_quiz_lesson()))

    assert len(gzip.compress(response.content)) <= 14_000


def test_reading_writes_nothing(as_learner: Client, learner: Person):
    as_learner.get(path_of(make_lesson_page()))

    assert not LessonProgress.objects.exists()


def test_an_unpublished_lesson_is_gone(client: Client):
    page = make_lesson_page()
    address = path_of(page)

    Page.objects.get(pk=page.pk).specific.unpublish()

    assert client.get(address).status_code == 404


def test_a_moved_lesson_is_found_at_its_new_address_only(client: Client):
    page = make_lesson_page()
    before = path_of(page)
    other = make_module_page()

    Page.objects.get(pk=page.pk).move(other, pos="last-child")

    assert client.get(before).status_code == 404
    assert client.get(path_of(page)).status_code == 200


def test_two_lessons_with_one_slug_are_told_apart(client: Client):
    course = make_course_page()
    pages = [
        make_lesson_page(make_module_page(course), slug="kvittering", title=f"Kvittering {name}")
        for name in "AB"
    ]

    titles = [client.get(path_of(page)).context["page"].title for page in pages]

    assert titles == ["Kvittering A", "Kvittering B"]


@pytest.mark.parametrize(
    "address",
    ["/da/findes-ikke/", "/da/kurser/findes/ikke/her/", "/da/a/b/c/d/e/f/", "/da/%22%60/"],
)
def test_what_is_not_there_answers_404(client: Client, address: str):
    make_home()

    assert client.get(address).status_code == 404


def test_a_page_answers_no_post(client: Client):
    assert client.post(path_of(make_lesson_page())).status_code == 405


@pytest.mark.parametrize("address", ["", "kurser/"])
def test_front_page_and_catalogue_answer_304_too(client: Client, address: str):
    make_lesson_page()
    first = client.get(f"/da/{address}")

    assert first.status_code == 200
    again = client.get(f"/da/{address}", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304


def test_the_catalogue_lists_minutes_languages_and_own_progress(
    as_learner: Client, learner: Person
):
    module = make_module_page(make_course_page(title="Underretninger"))
    read, _unread = make_lesson_page(module, minutes=6), make_lesson_page(module, minutes=8)
    mark_read(Lesson.objects.get(pk=read.translation_key), learner, at=timezone.now())

    html = as_learner.get("/da/kurser/").content.decode()

    assert "2 lektioner" in html
    assert "14 min" in html
    assert "1 af 2 læst" in html


def test_an_account_without_a_person_may_read(client: Client):
    client.force_login(User.objects.create(email="konto@example.org"))

    assert client.get(path_of(make_quiz_lesson())).status_code == 200


def test_editor_who_previews_a_lesson_has_not_read_it():
    page = make_lesson_page()
    editor = admin_browser("editor")
    asked = editor.get(reverse("wagtailadmin_home")).wsgi_request

    shown = page.make_preview_request(asked).content.decode()
    read = editor.get(path_of(page)).content.decode()

    assert "data-reached-end" not in shown
    assert "data-reached-end" in read
