"""What one saves for later: once however often it is pressed, and undone with a press."""

import uuid

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from courses import access
from courses.actions.own import empty_bin, remove_saved, save_for_later
from courses.learning.overview import lesson_state
from courses.models import Bookmark
from people.models import Person
from tests.factories.cases import make_case
from tests.factories.courses import (
    AT,
    LATER,
    make_course,
    make_learner,
    make_lesson,
    make_module,
    make_rule,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("base")]


@pytest.fixture
def lesson():
    return make_lesson(make_module(make_course()))


def things(lesson):
    """One of each kind that can be saved, by its kind."""
    return {"lektion": lesson, "sag": make_case(lesson.module), "regel": make_rule()}


def save(client, kind, key, query=""):
    return client.post(reverse("courses:save", args=[kind, key]) + query)


def unsave(client, kind, key, query=""):
    return client.post(reverse("courses:unsave", args=[kind, key]) + query)


@pytest.mark.parametrize("kind", ["lektion", "sag", "regel"])
def test_saving_twice_saves_once_and_the_first_time_counts(learner, lesson, kind):
    thing = things(lesson)[kind]

    save_for_later(thing, learner, at=AT)
    save_for_later(thing, learner, at=LATER)

    [saved] = Bookmark.objects.of(learner)
    assert (saved.kind, saved.key, saved.saved_at) == (kind, thing.pk, AT)


@pytest.mark.parametrize("kind", ["lektion", "sag", "regel"])
def test_removing_twice_removes_once(client, learner, lesson, kind):
    thing = things(lesson)[kind]
    save_for_later(thing, learner, at=AT)

    assert remove_saved(kind, thing.pk, learner) is True
    assert remove_saved(kind, thing.pk, learner) is False
    assert unsave(client, kind, thing.pk).status_code == 302
    assert not Bookmark.objects.exists()


def test_the_database_takes_nothing_that_marks_two_things_or_none(learner, lesson):
    case = make_case(lesson.module)
    for about in ({}, {"lesson": lesson, "case": case}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Bookmark.objects.create(person=learner, saved_at=AT, **about)


def test_the_list_shows_the_latest_first_and_only_ones_own(client, learner, lesson):
    other = make_learner()
    save_for_later(make_lesson(lesson.module, 2, title="En andens"), other, at=AT)
    save_for_later(lesson, learner, at=AT)
    save_for_later(make_rule(paragraph="§ 25", statement_da="Kvittér."), learner, at=LATER)

    html = client.get(reverse("courses:bookmarks")).content.decode()

    assert html.index("§ 25: Kvittér.") < html.index("Lektion 1")
    assert "En andens" not in html


def test_what_was_removed_comes_back_with_one_press(client, learner, lesson):
    save(client, "lektion", lesson.pk)

    removed = unsave(client, "lektion", lesson.pk)
    page = client.get(removed["Location"]).content.decode()
    undo = reverse("courses:save", args=["lektion", lesson.pk]) + "?fra=liste"

    assert f'action="{undo}"' in page
    assert client.post(undo)["Location"] == reverse("courses:bookmarks")
    assert [one.key for one in Bookmark.objects.of(learner)] == [lesson.pk]
    assert f'action="{undo}"' not in client.get(removed["Location"]).content.decode()


def test_a_press_on_the_page_of_a_lesson_leads_back_there(client, learner, lesson):
    assert save(client, "lektion", lesson.pk)["Location"] == lesson.path
    assert unsave(client, "lektion", lesson.pk, "?fra=side")["Location"] == lesson.path


def test_nothing_is_saved_of_what_one_may_not_read(client, learner, lesson, monkeypatch):
    unchecked = make_rule(state="unverified")

    assert save(client, "regel", unchecked.pk).status_code == 404
    assert save(client, "lektion", uuid.uuid4()).status_code == 404
    assert save(client, "kursus", lesson.course_id).status_code == 404
    assert unsave(client, "kursus", lesson.course_id).status_code == 404
    monkeypatch.setattr(access, "_gates", [lambda request, found: False])
    assert save(client, "lektion", lesson.pk).status_code == 404
    assert not Bookmark.objects.exists()


def test_a_rule_that_holds_no_longer_and_a_page_that_is_gone_stay_in_the_list(
    client, learner, lesson
):
    save_for_later(lesson, learner, at=AT)
    type(lesson).objects.filter(pk=lesson.pk).update(paths={}, is_live=False)

    html = client.get(reverse("courses:bookmarks")).content.decode()

    assert "kan ikke læses lige nu" in html
    assert f'href="{lesson.path}"' not in html


def test_a_look_changes_nothing(client, learner, lesson):
    for name in ("save", "unsave"):
        assert (
            client.get(reverse(f"courses:{name}", args=["lektion", lesson.pk])).status_code == 405
        )


def test_a_lesson_knows_in_its_one_query_whether_it_is_saved(
    learner, lesson, django_assert_num_queries
):
    before = lesson_state(lesson.pk, learner)
    save_for_later(lesson, learner, at=AT)

    with django_assert_num_queries(1):
        after = lesson_state(lesson.pk, learner)

    assert (before.is_saved, after.is_saved) == (False, True)
    assert before.stamp != after.stamp
    assert lesson_state(lesson.pk, make_learner()).is_saved is False
    assert lesson_state(lesson.pk, None).is_saved is False


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_takes_the_same_queries_for_one_and_for_many(
    client, learner, lesson, django_assert_num_queries, count
):
    for number in range(count):
        save_for_later(make_lesson(lesson.module, number + 2), learner, at=AT)
    save_for_later(make_rule(), learner, at=AT)
    client.get(reverse("courses:bookmarks"))

    with django_assert_num_queries(4):  # session, account, how many, one page of it
        client.get(reverse("courses:bookmarks"))


@pytest.mark.parametrize(("saved", "more"), [(5, False), (6, True)])
def test_my_learning_shows_the_latest_five(client, learner, lesson, saved, more):
    for number in range(saved):
        save_for_later(make_lesson(lesson.module, number + 2), learner, at=AT)

    context = client.get(reverse("courses:learning")).context

    assert len(context["bookmarks"]) == 5
    assert context["more_bookmarks"] is more


def test_bookmarks_go_with_the_account(learner, lesson):
    save_for_later(lesson, learner, at=AT)
    stays = make_learner()
    save_for_later(lesson, stays, at=AT)
    Person.objects.filter(pk=learner.pk).update(user=None)

    empty_bin(AT)

    assert [one.person for one in Bookmark.objects.all()] == [stays]
