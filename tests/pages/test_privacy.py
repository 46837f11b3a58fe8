"""A restriction holds for both languages, for the page's record and for all that lies below."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from courses.models import Lesson, LessonProgress
from people.models import Person
from tests.factories.courses import make_question
from tests.factories.pages import block, in_kalaallisut, make_lesson_page, text, translate

LOGIN, GROUPS, PASSWORD = (
    PageViewRestriction.LOGIN,
    PageViewRestriction.GROUPS,
    PageViewRestriction.PASSWORD,
)


def restrict(page: Page, kind: str = LOGIN, *groups: Group) -> PageViewRestriction:
    """Close ``page`` as an editor does."""
    restriction = PageViewRestriction.objects.create(
        page=page, restriction_type=kind, password="ord" if kind == PASSWORD else ""
    )
    restriction.groups.set(groups)
    return restriction


@pytest.fixture
def lesson():
    """A lesson with words that could leak."""
    return make_lesson_page(title="Fortrolig titel", body=[text("<p>Fortrolig tekst.</p>")])


@pytest.mark.parametrize("level", [0, 1, 2, 3])
def test_a_restriction_on_any_level_leads_to_the_sign_in(client: Client, lesson, level: int):
    above = [lesson, *reversed(lesson.get_ancestors()[1:])][level]
    restrict(above)

    response = client.get(lesson.url)

    assert response.status_code == 302
    assert response["Location"].startswith("/da/konto/")
    assert "no-store" in response["Cache-Control"]


def test_whoever_signed_in_reads_it_and_no_cache_keeps_it(as_learner: Client, lesson):
    restrict(lesson)

    response = as_learner.get(lesson.url)

    assert b"Fortrolig tekst." in response.content
    assert "no-store" in response["Cache-Control"]
    assert "dem, en redaktør har givet adgang" in response.content.decode()


@pytest.mark.parametrize("is_translated", [False, True])
def test_a_restriction_in_danish_holds_in_kalaallisut(client: Client, lesson, is_translated: bool):
    kalaallisut = in_kalaallisut(lesson)
    if is_translated:
        kalaallisut = translate(kalaallisut, title="[kl] titel")
    restrict(lesson.get_parent())

    assert client.get(kalaallisut.url).status_code == 302


def test_a_restriction_in_kalaallisut_holds_in_danish(client: Client, lesson):
    restrict(in_kalaallisut(lesson))

    assert client.get(lesson.url).status_code == 302


def test_a_page_for_a_group_is_missing_for_others_who_signed_in(as_learner: Client, lesson):
    restrict(lesson, GROUPS, Group.objects.create(name="Kollegaer"))

    assert as_learner.get(lesson.url).status_code == 404


def test_a_page_for_a_group_opens_for_its_members(as_learner: Client, learner: Person, lesson):
    group = Group.objects.create(name="Kollegaer")
    restrict(lesson, GROUPS, group)
    assert learner.user is not None
    learner.user.groups.add(group)

    assert as_learner.get(lesson.url).status_code == 200


def test_a_shared_password_opens_the_page(client: Client, lesson):
    restriction = restrict(lesson, PASSWORD)

    asked = client.get(lesson.url)
    assert b"Fortrolig tekst." not in asked.content
    assert "Adgangskode mangler" in asked.content.decode()
    client.post(
        f"/da/adgang/{restriction.pk}/{lesson.pk}/", {"password": "ord", "return_url": lesson.url}
    )

    assert b"Fortrolig tekst." in client.get(lesson.url).content


def test_a_wrong_password_opens_nothing(client: Client, lesson):
    restriction = restrict(lesson, PASSWORD)

    client.post(
        f"/da/adgang/{restriction.pk}/{lesson.pk}/", {"password": "nej", "return_url": lesson.url}
    )

    assert b"Fortrolig tekst." not in client.get(lesson.url).content


def test_a_kept_copy_is_asked_for_again_after_a_restriction(client: Client, lesson):
    etag = client.get(lesson.url)["ETag"]
    restrict(lesson)

    assert client.get(lesson.url, headers={"if-none-match": etag}).status_code == 302


def test_the_record_of_a_restricted_lesson_takes_nothing(as_learner: Client):
    question = make_question()
    page = make_lesson_page(body=[block("quiz", {"questions": [str(question.pk)]})])
    restrict(page, GROUPS, Group.objects.create(name="Kollegaer"))

    read = as_learner.post(reverse("courses:read", args=[page.translation_key]))
    quiz = as_learner.get(reverse("courses:quiz", args=[page.translation_key]))

    assert (read.status_code, quiz.status_code) == (404, 404)
    assert not LessonProgress.objects.exists()


def test_the_record_of_an_open_lesson_takes_what_is_read(as_learner: Client, lesson):
    as_learner.post(reverse("courses:read", args=[lesson.translation_key]))

    record = Lesson.objects.get(pk=lesson.translation_key)
    assert LessonProgress.objects.get(lesson=record).read_at <= timezone.now()


def test_a_lesson_unpublished_while_it_is_read_still_takes_what_was_read(
    as_learner: Client, lesson
):
    lesson.unpublish()

    as_learner.post(reverse("courses:read", args=[lesson.translation_key]))

    assert LessonProgress.objects.get().read_at is not None
