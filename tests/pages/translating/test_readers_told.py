"""Readers of a text outside pages are told, quietly, that its Danish is newer."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.apps import apps
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.safestring import SafeString

from competences.actions import begin_next_version, publish_version
from competences.imports import import_framework
from competences.models import Competence, CompetenceText
from core.bilingual import Translated
from courses.actions import freeze_question
from courses.models import Choice, Question
from pages.explaining import Explainer
from pages.models import Checklist, ChecklistPoint, ContactCard, GlossaryTerm
from pages.translating import proposing
from pages.translating.records import KINDS, Kind, Place
from pages.translating.states import State
from people.models import Person
from rules.actions import save_rule
from rules.models import Rule
from tests.competences.test_frameworks import TOML
from tests.factories.courses import current, make_path, make_question, make_rule
from tests.factories.pages import block, make_lesson_page, text
from tests.factories.translating import make_staff
from tests.pages.editing.test_shared import make_card, make_checklist, make_word
from tests.pages.translating.doing import browser, propose, release, send_on, standing

TOLD = "Den danske tekst er nyere end denne oversættelse."


def make_competence() -> Competence:
    call_command("load_topics", verbosity=0)
    toml = TOML.replace("2027-01-01", "2026-01-01").encode()
    import_framework("f.toml", toml, at=timezone.now(), publish=True)
    return Competence.objects.get()


#: A kind with texts that readers are told of, and how one of its records is made.
MARKED: dict[str, Callable[[], Any]] = {
    "regler": make_rule,
    "spoergsmaal": make_question,
    "ord": make_word,
    "kontaktkort": make_card,
    "tjeklister": make_checklist,
    "kompetencer": make_competence,
    "forloeb": make_path,
}
#: Names of a few words, each shown where it leads to what it names; see docs/translation.md.
UNMARKED = {"love", "rammer", "emner"}


def places_of(kind: Kind, record: Any) -> list[Place]:
    """The texts of the record as the database has them."""
    return list(standing(kind, record).places)


def translate_all(kind: Kind, record: Any, one: Person, two: Person) -> None:
    """All that the record says is translated by one and released by the other."""
    words = {place.path: f"[kl] {place.name}" for place in places_of(kind, record)}
    send_on(kind, record, one, words)
    release(kind, record, two)


def say_in_danish(place: Place, words: str) -> None:
    """An editor writes it anew, as a mere correction."""
    setattr(place.owner, f"{place.name}_da", words)
    if isinstance(place.owner, Rule):
        save_rule(place.owner, at=timezone.now())
    elif isinstance(place.owner, CompetenceText):  # the Danish of what is published is frozen
        draft = begin_next_version(place.owner.version, at=timezone.now())
        CompetenceText.objects.filter(version=draft).update(**{f"{place.name}_da": words})
        publish_version(draft, at=timezone.now())
    else:
        place.owner.save()
    if isinstance(place.owner, Choice | Question):
        owner = place.owner
        question = owner if isinstance(owner, Question) else owner.question
        freeze_question(Question.objects.get(pk=question.pk), at=timezone.now())


def is_older(place: Place) -> bool:
    owner = place.owner
    assert isinstance(owner, Translated)
    return owner.is_older(place.name, "kl")


def shown(client: Client, address: str) -> BeautifulSoup:
    return BeautifulSoup(client.get(address).content, "html.parser")


# --- What is known of it -------------------------------------------------------------------------


@pytest.mark.parametrize("key", MARKED)
def test_readers_and_translators_know_the_same(key, one, two):
    kind = KINDS[key]
    record = MARKED[key]()
    translate_all(kind, record, one, two)
    assert not any(map(is_older, places_of(kind, record)))
    count = len(places_of(kind, record))

    for index in range(count):
        before = places_of(kind, record)[index].danish
        say_in_danish(places_of(kind, record)[index], f"{before[:30]} i dag")
        now = standing(kind, record)
        assert [is_older(place) for place in now.places] == [one == index for one in range(count)]
        assert now.state == State.OUTDATED

        say_in_danish(now.places[index], before)
        now = standing(kind, record)
        assert not any(map(is_older, now.places))
        assert now.state == State.READY


@pytest.mark.parametrize("key", MARKED)
def test_nobody_is_told_once_it_was_looked_at_anew_and_stays(key, one, two):
    kind = KINDS[key]
    record = MARKED[key]()
    translate_all(kind, record, one, two)
    say_in_danish(places_of(kind, record)[-1], "Noget andet.")
    assert is_older(places_of(kind, record)[-1])

    send_on(kind, record, one, {})
    release(kind, record, two)

    assert not any(map(is_older, places_of(kind, record)))
    assert places_of(kind, record)[-1].live.startswith("[kl]")


def test_every_kind_is_told_of_or_is_a_name():
    told = {
        key
        for key, kind in KINDS.items()
        if issubclass(kind.offered(timezone.now().date()).model, Translated)
    }

    assert (told, set(KINDS) - told) == (set(MARKED), UNMARKED)


def test_what_came_with_a_file_is_told_of_from_then_on():
    checklist = make_checklist("Før du ringer", "Skriv tiden ned")
    ChecklistPoint.objects.update(text_kl="[kl] punkt")
    kind = KINDS["tjeklister"]

    proposing.keep_what_is_live(at=timezone.now())
    ChecklistPoint.objects.update(text_da="Skriv klokkeslættet ned")

    assert [is_older(place) for place in places_of(kind, checklist)] == [False, True]


def test_a_text_that_nobody_has_translated_is_not_older(one):
    word = make_word()
    propose(KINDS["ord"], word, one, {"meaning": "[kl] betydning"})
    GlossaryTerm.objects.update(meaning_da="Den sidste dag.")

    with translation.override("kl"):
        assert not GlossaryTerm.objects.get().meaning.is_older


def test_the_history_of_a_rule_does_not_change_by_it(one, two):
    rule = make_rule()
    translate_all(KINDS["regler"], rule, one, two)
    count = rule.versions.count()

    save_rule(Rule.objects.get(), at=timezone.now())

    assert rule.versions.count() == count
    assert "made_from" not in rule.versions.order_by("-number")[0].content


# --- Where it is shown ---------------------------------------------------------------------------


def lesson_with(record: Any) -> str:
    """The address of a lesson that shows ``record``; in Kalaallisut it is read beside Danish."""
    kind = {Rule: "rule", ContactCard: "contact", Checklist: "shared_checklist"}[type(record)]
    return make_lesson_page(body=[text("<p>Læs.</p>"), block(kind, str(record.pk))]).url


@pytest.mark.parametrize("key", ["regler", "kontaktkort", "tjeklister"])
def test_a_lesson_tells_it_beside_what_it_shows(key, client, one, two):
    kind = KINDS[key]
    record = MARKED[key]()
    address = lesson_with(record)
    translate_all(kind, record, one, two)
    kl = address.replace("/da/", "/kl/")
    assert TOLD not in shown(client, kl).get_text()

    say_in_danish(places_of(kind, record)[-1], "Noget andet.")

    told = shown(client, kl).select_one(".prose .box .muted")
    assert told is not None
    assert told.get_text() == TOLD
    assert TOLD not in shown(client, address).get_text()

    send_on(kind, record, one, {})
    release(kind, record, two)

    assert TOLD not in shown(client, kl).get_text()


def test_a_rule_that_says_something_else_is_read_in_danish_and_is_not_told_of(client, one, two):
    rule = make_rule()
    address = lesson_with(rule).replace("/da/", "/kl/")
    translate_all(KINDS["regler"], rule, one, two)
    rule = Rule.objects.get()
    rule.statement_da = "Noget andet."

    save_rule(rule, at=timezone.now(), marks_citing=True)

    page = shown(client, address)
    assert "Noget andet." in page.get_text()
    assert TOLD not in page.get_text()


@pytest.mark.parametrize(
    ("key", "address"), [("regler", "rules"), ("ord", "glossary"), ("forloeb", "")]
)
def test_lists_and_paths_tell_it(key, address, one, two):
    kind = KINDS[key]
    record = MARKED[key]()
    translate_all(kind, record, one, two)
    reader = browser(make_staff("caseworker"))
    here = reverse(address) if address else reverse("courses:path", args=[record.key])
    kl = here.replace("/da/", "/kl/")
    assert TOLD not in shown(reader, kl).get_text()

    say_in_danish(places_of(kind, record)[0], "Noget andet.")

    assert TOLD in shown(reader, kl).get_text()
    assert TOLD not in shown(reader, here).get_text()


def test_an_explained_word_tells_it(one, two):
    word = make_word()
    translate_all(KINDS["ord"], word, one, two)
    GlossaryTerm.objects.update(meaning_da="Den sidste dag.", term_kl="piffissaliussaq")

    with translation.override("kl"):
        html = Explainer(GlossaryTerm.objects.all(), "kl")(
            SafeString("<p>Una piffissaliussaq.</p>")
        )

    assert TOLD in html


def test_a_competence_tells_it_on_its_page(one, two):
    competence = make_competence()
    kind = KINDS["kompetencer"]
    translate_all(kind, competence, one, two)
    reader = browser(make_staff("caseworker"))
    kl = reverse("competences:competence", args=[competence.pk]).replace("/da/", "/kl/")
    assert TOLD not in shown(reader, kl).get_text()

    say_in_danish(places_of(kind, competence)[1], "Noget andet.")

    assert TOLD in shown(reader, kl).get_text()


def test_a_quiz_tells_it_beside_its_question(client, one, two):
    question, other = make_question(), make_question()
    for each in (question, other):
        translate_all(KINDS["spoergsmaal"], each, one, two)
    quiz = block("quiz", {"questions": [str(question.pk), str(other.pk)]})
    kl = make_lesson_page(body=[text("<p>Læs.</p>"), quiz]).url.replace("/da/", "/kl/")
    reader = browser(make_staff("caseworker"))
    assert TOLD not in shown(reader, kl).get_text()

    choice = Choice.objects.filter(question=question).first()
    say_in_danish(Place("", choice, "text", "kl"), "Noget andet.")

    assert current(question).content["older"] == ["kl"]
    assert "older" not in current(other).content
    for who in (client, reader):
        assert shown(who, kl).get_text().count(TOLD) == 1

    send_on(KINDS["spoergsmaal"], question, one, {})
    release(KINDS["spoergsmaal"], question, two)

    assert TOLD not in shown(reader, kl).get_text()


# --- What was released before ---------------------------------------------------------------------

MIGRATION = import_module("pages.migrations.0016_tell_readers_of_newer_danish")


@pytest.mark.parametrize("key", MARKED)
def test_the_migration_remembers_what_was_released(key, one, two):
    kind = KINDS[key]
    record = MARKED[key]()
    translate_all(kind, record, one, two)
    by_release = [place.owner.made_from for place in places_of(kind, record)]
    owners = {place.owner.pk: place.owner for place in places_of(kind, record)}
    for owner in owners.values():
        type(owner).objects.filter(pk=owner.pk).update(made_from=None)

    MIGRATION.remember(apps, None)

    assert [place.owner.made_from for place in places_of(kind, record)] == by_release
    assert all(by_release)


def test_the_migration_knows_every_text_that_readers_are_told_of():
    told = {name: texts for _app, name, _key, texts, _row in MIGRATION.TOLD}

    for kind in KINDS.values():
        model = kind.offered(timezone.now().date()).model
        if issubclass(model, Translated):
            assert told.pop(model.__name__) == kind.fields
        if kind.rows is not None:
            assert told.pop(kind.rows.model.__name__) == kind.rows.fields
    assert told == {}
