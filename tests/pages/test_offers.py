"""The catalogue: courses and paths in one list, narrowed, ready for other kinds."""

import re
from datetime import date

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.bilingual import Text
from courses.actions import take_path
from courses.learning import offers as offering
from courses.learning.offers import Offer, offers
from courses.models import LearningPath, Lesson, Module
from pages.models import CoursePage
from tests.factories.courses import make_learner, make_path
from tests.factories.pages import edit, in_kalaallisut, make_catalogue, make_lesson_page, translate

pytestmark = pytest.mark.usefixtures("base")
DAY = date(2027, 6, 15)


@pytest.fixture
def catalogue():
    """One course of one lesson, and two paths: a short one, and a long one in two languages."""
    page = make_lesson_page()
    record = Lesson.objects.get(pk=page.translation_key)
    course = page.get_parent().get_parent().specific
    edit(course, title="Underretninger", introduction="Fra bekymring")
    make_path(record.module, title_da="Første uge", summary_da="Det, du skal vide")
    make_path(record.module, title_da="Mentor på vej", title_kl="[kl] Mentori ĸujanaq")
    return make_catalogue()


def titles(client, address, method="get", data=None):
    page = BeautifulSoup(getattr(client, method)(address, data or {}).content, "html.parser")
    return [re.sub(r"\s+", " ", card.h2.get_text()).strip() for card in page.select("a.card")]


def test_paths_stand_beside_courses_with_kind_minutes_and_size(client, catalogue):
    page = BeautifulSoup(client.get(catalogue.url).content, "html.parser")

    cards = [re.sub(r"\s+", " ", card.get_text(" ")).strip() for card in page.select("a.card")]
    assert cards[0].startswith("Læringsforløb Første uge Det, du skal vide 1 modul · 6 min · Dansk")
    assert cards[2].startswith("Kursus Underretninger")


@pytest.mark.parametrize(
    ("narrow", "found"),
    [
        ({"type": "kursus"}, ["Underretninger"]),
        ({"type": "forloeb"}, ["Første uge", "Mentor på vej"]),
        ({"sprog": "kl"}, ["Mentor på vej"]),
        ({"laengde": "lang"}, []),
        ({"laengde": "kort", "type": "kursus"}, ["Underretninger"]),
        ({"type": "ukendt", "sprog": "xx", "laengde": "?"}, 3),
    ],
)
def test_the_list_is_narrowed_by_kind_language_and_length(client, catalogue, narrow, found):
    shown = titles(client, catalogue.url, data=narrow)

    assert (len(shown) if isinstance(found, int) else shown) == found


def test_a_course_is_found_in_kalaallisut_once_it_is_translated(client, catalogue):
    course = CoursePage.objects.get(locale__language_code="da")
    assert offers(None, day=DAY, kind="kursus", language="kl") == []

    translate(in_kalaallisut(course), title="[kl] kursus")

    (offer,) = offers(None, day=DAY, kind="kursus", language="kl")
    assert offer.languages == ["da", "kl"]


def test_somebody_else_offers_a_kind_of_their_own(client, catalogue, monkeypatch):
    monkeypatch.setattr(offering, "_kinds", dict(offering._kinds))
    said = Text.choose({"da": "Seminar i Sisimiut"})
    seminar = Offer("seminar", "1", said, Text.choose({}), "/da/s/", 120, ["da"])
    offering.register(
        "seminar", one="Seminar", many="Seminarer", provider=lambda person, day: [seminar]
    )

    assert "Seminar i Sisimiut" in titles(client, catalogue.url)
    assert titles(client, catalogue.url, data={"laengde": "lang"}) == ["Seminar i Sisimiut"]


def test_the_catalogue_takes_as_many_queries_for_few_as_for_many(client, catalogue):
    learner = make_learner()
    client.force_login(learner.user)
    take_path(LearningPath.objects.earliest("position"), learner, at=timezone.now())

    def count():
        client.get(catalogue.url)
        with CaptureQueriesContext(connection) as taken:
            client.get(catalogue.url, {"type": ""})
        return len(taken)

    for_few = count()
    module = Module.objects.get()
    for _ in range(40):
        make_path(module)

    assert count() == for_few
    assert for_few <= 10


def test_a_path_that_is_not_offered_is_not_in_the_catalogue(catalogue):
    LearningPath.objects.update(is_offered=False)

    assert {offer.kind for offer in offers(None, day=DAY)} == {"kursus"}
