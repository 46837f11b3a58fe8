"""What readers say, in the admin: who may read it, how it is narrowed, answered and closed."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from courses.actions.remarks import answer_remark, close_remark, tell_editors
from courses.models import Remark
from tests.factories.admin import admin_browser
from tests.factories.courses import (
    AT,
    make_course,
    make_learner,
    make_lesson,
    make_module,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("base")]

LIST = "/admin/beskeder/"


@pytest.fixture(autouse=True)
def _password_alone(settings):
    settings.SIDEMAND_SECOND_FACTOR = False


@pytest.fixture
def lesson():
    return make_lesson(make_module(make_course()), title="De første 24 timer")


def tell(lesson, text, *, kind="wrong", after=0, person=None):
    return tell_editors(
        lesson,
        person or make_learner(),
        remark_id=uuid.uuid4(),
        kind=kind,
        text=text,
        language="da",
        at=AT + timedelta(days=after),
    )


def texts(response):
    return [remark.text for remark in response.context["rows"]]


@pytest.mark.parametrize(
    ("role", "status"), [("editor", 200), ("reviewer", 200), ("translator", 302)]
)
def test_editors_and_reviewers_read_what_readers_say(lesson, role, status):
    remark = tell(lesson, "Der står 48 timer.")
    client = admin_browser(role)

    assert client.get(LIST).status_code == status
    assert client.get(f"{LIST}{remark.pk}/").status_code == status
    client.post(f"{LIST}{remark.pk}/", {"answer": "Tak"})
    client.post(f"{LIST}{remark.pk}/tilstand/", {"do": "close"})
    remark.refresh_from_db()
    assert (remark.state == "closed") is (status == 200)
    assert (remark.answer == "Tak") is (status == 200)


def test_the_menu_leads_there_for_who_may(lesson):
    assert "/admin/beskeder/" in admin_browser("editor").get("/admin/").content.decode()
    assert "/admin/beskeder/" not in admin_browser("translator").get("/admin/").content.decode()


def test_the_list_is_narrowed_and_ordered_by_its_address(lesson):
    anna, bo = make_learner("Anna Demo"), make_learner("Bo Demo")
    by = make_learner()
    tell(lesson, "Første", after=0, person=bo)
    tell(lesson, "Anden", kind="unclear", after=1, person=anna)
    answer_remark(tell(lesson, "Besvaret", after=2).pk, "Tak", by=by, at=AT)
    close_remark(tell(lesson, "Lukket", after=3).pk, by=by, at=AT)
    client = admin_browser("editor")

    def found(query):
        return texts(client.get(f"{LIST}?{query}"))

    assert found("") == ["Første", "Anden"]
    assert found("orden=-tid") == ["Anden", "Første"]
    assert found("orden=hvem") == ["Anden", "Første"]
    assert found("slags=unclear") == ["Anden"]
    assert found("tilstand=answered") == ["Besvaret"]
    assert found("tilstand=closed") == ["Lukket"]
    assert found("tilstand=alle") == ["Første", "Anden", "Besvaret", "Lukket"]
    assert found("tilstand=noget&slags=noget&orden=noget&p=99") == ["Første", "Anden"]


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_takes_the_same_queries_for_one_and_for_many(
    lesson, django_assert_max_num_queries, count
):
    for number in range(count):
        tell(lesson, f"Nummer {number}")
    client = admin_browser("editor")
    client.get(LIST)

    with django_assert_max_num_queries(12) as taken:
        client.get(LIST)

    remarks = [one for one in taken.captured_queries if "courses_remark" in one["sql"]]
    assert len(remarks) == 2  # how many, one page of them


def test_a_refused_answer_stays_in_the_form(lesson):
    remark = tell(lesson, "Der står 48 timer.")
    client = admin_browser("editor")
    number = "010203-1234"

    for answer in ("", f"Ring {number}", "a" * 1001):
        response = client.post(f"{LIST}{remark.pk}/", {"answer": answer})
        assert response.status_code == 422
        assert response.context["form"]["answer"].value() == answer
    remark.refresh_from_db()
    assert remark.answered_at is None


def test_the_answer_of_the_second_editor_stays_in_the_form(lesson):
    remark = tell(lesson, "Der står 48 timer.")
    answer_remark(remark.pk, "Tak", by=make_learner(), at=AT)

    response = admin_browser("editor").post(f"{LIST}{remark.pk}/", {"answer": "Også tak"})

    assert response.status_code == 422
    assert "Også tak" in response.content.decode()
    assert Remark.objects.get().answer == "Tak"


def test_an_unknown_message_is_not_there():
    client = admin_browser("editor")
    missing = uuid.uuid4()

    assert client.get(f"{LIST}{missing}/", follow=True).status_code == 404
    assert client.post(f"{LIST}{missing}/", {"answer": "Tak"}, follow=True).status_code == 404
    gone = client.post(f"{LIST}{missing}/tilstand/", {"do": "close"}, follow=True)
    assert gone.status_code == 404


def test_a_closed_message_is_opened_again(lesson):
    remark = tell(lesson, "Der står 48 timer.")
    client = admin_browser("editor")

    client.post(f"{LIST}{remark.pk}/tilstand/", {"do": "close"})
    client.post(f"{LIST}{remark.pk}/tilstand/", {"do": "open"})

    assert Remark.objects.get().state == "open"
    assert client.get(reverse("courses_remark_state", args=[remark.pk])).status_code == 405
