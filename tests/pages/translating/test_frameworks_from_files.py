"""Kalaallisut of a framework that came with a file is seen by somebody else before readers."""

from typing import Any

from django.core.management import call_command
from django.utils import timezone

from competences.actions import begin_next_version, publish_version
from competences.imports import import_framework
from competences.models import Competence, CompetenceText
from pages.models import TranslationOrder, Wording
from pages.translating import proposing
from pages.translating.records import KINDS
from pages.translating.states import State
from people.models import Person
from tests.competences.test_frameworks import TOML
from tests.pages.translating.doing import (
    browser,
    propose,
    refused,
    release,
    send_on,
    standing,
)

IN_FILE = TOML.replace("2027-01-01", "2026-01-01").replace(
    'alone_da = "Alene."', 'alone_da = "Alene."\ntitle_kl = "[kl] titel"\nalone_kl = "[kl] alene"'
)
COMPETENCES, FRAMEWORKS = KINDS["kompetencer"], KINDS["rammer"]


def bring(content: str, by: Person | None, *, publish: bool = True) -> Any:
    """What came of a framework that ``by`` took in from a file."""
    call_command("load_topics", verbosity=0)
    report = import_framework("f.toml", content.encode(), at=timezone.now(), publish=publish, by=by)
    assert report.problems == []
    return report


def test_kalaallisut_of_a_file_is_read_once_somebody_else_has_released_it(one, two):
    report = bring(IN_FILE, one)

    text, competence = CompetenceText.objects.get(), Competence.objects.get()
    now = standing(COMPETENCES, competence)
    assert report.proposed == ["Besøge familien"]
    assert (text.title_kl, text.alone_kl, competence.title_kl) == ("", "", "")
    assert (now.state, now.begun["title"], now.begun["alone"]) == (
        State.REVIEW,
        "[kl] titel",
        "[kl] alene",
    )
    with refused("own_work"):
        release(COMPETENCES, competence, one)

    release(COMPETENCES, competence, two)

    text.refresh_from_db()
    competence.refresh_from_db()
    assert (text.title_kl, text.alone_kl, competence.title_kl) == (
        "[kl] titel",
        "[kl] alene",
        "[kl] titel",
    )


def test_it_is_proposed_when_the_version_is_published(one):
    version = bring(IN_FILE, one, publish=False).version

    assert not Wording.objects.exists()
    assert not TranslationOrder.objects.exists()
    assert version.texts.get().title_kl == ""

    publish_version(version, at=timezone.now())

    assert standing(COMPETENCES, Competence.objects.get()).state == State.REVIEW
    assert version.texts.get().brought is None


def test_the_title_of_a_framework_waits_from_the_beginning(one, two):
    content = TOML.replace("[version]", 'title_kl = "[kl] ramme"\n\n[version]')

    report = bring(content, one, publish=False)

    framework = report.version.framework
    assert report.proposed == ["Sundhedspleje"]
    assert framework.title_kl == ""
    release(FRAMEWORKS, framework, two)
    framework.refresh_from_db()
    assert framework.title_kl == "[kl] ramme"


def test_a_file_of_a_next_version_leaves_what_is_released(one, two):
    bring(TOML.replace("2027-01-01", "2026-01-01"), one)
    competence = Competence.objects.get()
    send_on(COMPETENCES, competence, one, {"title": "[kl] frigivet", "alone": "[kl] alene"})
    release(COMPETENCES, competence, two)
    next_one = IN_FILE.replace("number = 1", "number = 2").replace("Alene.", "Helt alene.")

    report = bring(next_one, one)

    text = report.version.texts.get()
    now = standing(COMPETENCES, competence)
    assert (text.title_kl, text.alone_kl) == ("[kl] frigivet", "[kl] alene")
    assert (now.state, now.begun["title"]) == (State.REVIEW, "[kl] titel")
    release(COMPETENCES, competence, two)
    text.refresh_from_db()
    assert text.title_kl == "[kl] titel"


def test_what_was_released_after_a_draft_was_begun_stays_when_it_is_published(one, two):
    version = bring(TOML.replace("2027-01-01", "2026-01-01"), one).version
    draft = begin_next_version(version, at=timezone.now())
    competence = Competence.objects.get()
    send_on(COMPETENCES, competence, one, {"title": "[kl] titel"})
    release(COMPETENCES, competence, two)

    publish_version(draft, at=timezone.now())

    competence.refresh_from_db()
    assert (draft.texts.get().title_kl, competence.title_kl) == ("[kl] titel", "[kl] titel")
    assert standing(COMPETENCES, competence).state == State.DRAFT  # the rest is Danish


def test_a_file_leaves_what_a_translator_is_at_work_on(one, two):
    bring(TOML.replace("2027-01-01", "2026-01-01"), None)
    competence = Competence.objects.get()
    propose(COMPETENCES, competence, two, {"title": "[kl] mit"})

    bring(IN_FILE.replace("number = 1", "number = 2"), one)

    now = standing(COMPETENCES, competence)
    assert (now.state, now.begun["title"], now.owner_pk) == (State.DRAFT, "[kl] mit", two.pk)
    assert list(now.proposed.written_by.all()) == [two]


def test_what_a_translator_has_taken_is_theirs_to_send_on(one, two):
    bring(TOML.replace("2027-01-01", "2026-01-01"), None)
    competence = Competence.objects.get()
    proposing.take(COMPETENCES, competence.pk, "kl", two, at=timezone.now())

    bring(IN_FILE.replace("number = 1", "number = 2"), one)

    now = standing(COMPETENCES, competence)
    assert (now.state, now.begun["title"], now.owner_pk) == (State.DRAFT, "[kl] titel", two.pk)


def test_what_came_from_the_command_line_anybody_releases(one):
    bring(IN_FILE, None)
    page = browser(one).get(standing(COMPETENCES, Competence.objects.get()).url).content.decode()
    assert "Sendt den " in page

    release(COMPETENCES, Competence.objects.get(), one)

    assert CompetenceText.objects.get().title_kl == "[kl] titel"


def test_a_file_that_is_refused_proposes_nothing(one):
    call_command("load_topics", verbosity=0)
    content = TOML.replace("[version]", 'title_kl = "[kl] ramme"\n\n[version]')

    report = import_framework(
        "f.toml", content.replace("early", "flying").encode(), at=timezone.now(), by=one
    )

    assert report.is_refused
    assert not Wording.objects.exists()
    assert not TranslationOrder.objects.exists()
