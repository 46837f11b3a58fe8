"""Two people have one record of the admin open. Neither loses what the other has saved."""

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from wagtail import hooks
from wagtail.snippets.models import get_snippet_models

from competences.imports import import_framework
from competences.models import Framework, FrameworkVersion, Topic
from core.admin_forms import GuardedAdminForm
from core.identity import has_cpr_like
from core.registers import RegisterEditView
from courses.models import Choice, LearningPath, Question
from pages.models import Checklist, ContactCard, GlossaryTerm
from rules.models import Act, Rule
from tests.at_once import at_once
from tests.competences.test_frameworks import AT, TOML
from tests.factories.admin import admin_browser, seen_version, sent_by
from tests.factories.courses import (
    make_course,
    make_lesson,
    make_module,
    make_path,
    make_question,
    make_rule,
)
from tests.pages.editing.test_shared import make_card, make_checklist, make_word

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("base")]

hooks.search_for_hooks()  # they register the kinds
KINDS = sorted(get_snippet_models(), key=lambda kind: kind._meta.label)

STALE = "En anden har gemt, mens du skrev."


def make_whole_path() -> LearningPath:
    """A path with a step that can be walked."""
    module = make_module(make_course())
    make_lesson(module)
    return make_path(module)


def make_version() -> FrameworkVersion:
    """A draft of a framework, with its topics."""
    call_command("load_topics", verbosity=0)
    version: FrameworkVersion = import_framework("f.toml", TOML.encode(), at=AT).version
    return version


def make_topic() -> Topic:
    """One of the topics that the site brings."""
    call_command("load_topics", verbosity=0)
    return Topic.objects.earliest("key")


#: One of each kind. A kind that is missing here fails below.
MAKERS: dict[type[Model], Callable[[], Model]] = {
    Act: lambda: make_rule().act,
    Checklist: make_checklist,
    ContactCard: make_card,
    Framework: lambda: make_version().framework,
    FrameworkVersion: make_version,
    GlossaryTerm: make_word,
    LearningPath: make_whole_path,
    Question: make_question,
    Rule: make_rule,
    Topic: make_topic,
}


@pytest.fixture
def browsers() -> tuple[Client, Client]:
    """Two reviewers, who may change everything."""
    return admin_browser("reviewer"), admin_browser("reviewer")


def address_of(record: Model) -> str:
    """Where ``record`` is edited."""
    meta = record._meta
    return reverse(f"wagtailsnippets_{meta.app_label}_{meta.model_name}:edit", args=[record.pk])


def said(response: Any) -> str:
    """What stands on the page."""
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ").split())


def words_in(sent: dict[str, list[str]]) -> tuple[str, str]:
    """The first name of a Danish text of the record, and of one of its rows where it has any."""
    texts = [name for name in sent if name.endswith("_da") and sent[name][0]]
    own = next((name for name in texts if "-" not in name), texts[0])
    return own, next((name for name in texts if "-" in name), own)


def stands(record: Model, name: str) -> str:
    """What the database says under the ``name`` of a field in the form."""
    if "-" not in name:
        return str(getattr(type(record)._base_manager.get(pk=record.pk), name))
    rows, number, field = name.split("-")
    in_order = getattr(record, rows).model._base_manager.order_by("sort_order")
    return str(getattr(in_order[int(number)], field))


# --- Every kind ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind._meta.label)
def test_every_kind_of_the_admin_is_guarded(kind: Any):
    views = kind.snippet_viewset

    assert kind in MAKERS
    assert issubclass(views.edit_view_class, RegisterEditView)
    assert issubclass(views.get_form_class(for_update=True), GuardedAdminForm)
    assert not views.copy_view_enabled


@pytest.mark.parametrize(("first", "second"), [(0, 1), (1, 0)], ids=["own first", "row first"])
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind._meta.label)
def test_the_second_who_saves_reads_it_keeps_the_text_and_may_save_once_more(
    browsers: tuple[Client, Client], kind: type[Model], first: int, second: int
):
    record = MAKERS[kind]()
    address = address_of(record)
    anna, bo = browsers
    by_anna, by_bo = sent_by(anna.get(address)), sent_by(bo.get(address))
    names = words_in(by_anna)
    a_name, b_name = names[first], names[second]
    a_text, b_text = f"{by_anna[a_name][0]} Anna", f"{by_bo[b_name][0]} Bo"

    assert anna.post(address, by_anna | {a_name: [a_text]}).status_code == 302
    answer = bo.post(address, by_bo | {b_name: [b_text]})

    assert answer.status_code == 200
    assert STALE in said(answer)
    assert stands(record, a_name) == a_text
    again = sent_by(answer)
    assert again[b_name] == [b_text]
    link = BeautifulSoup(answer.content, "html.parser").select_one(f"a.button[href='{address}']")
    assert link is not None
    assert (link["target"], link.get_text()) == ("_blank", "Se, hvad der står nu")
    assert bo.post(address, again).status_code == 302
    assert stands(record, b_name) == b_text


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind._meta.label)
def test_pressing_twice_is_no_second_writer(browsers: tuple[Client, Client], kind: type[Model]):
    record = MAKERS[kind]()
    address = address_of(record)
    sent = sent_by(browsers[0].get(address))
    name = words_in(sent)[0]
    sent[name] = [f"{sent[name][0]} Anna"]

    assert [browsers[0].post(address, sent).status_code for _press in range(2)] == [302, 302]


# --- What counts, and what does not -------------------------------------------------------------


@pytest.fixture
def question() -> Question:
    """A question with its answers."""
    return make_question(text_da="Hvad gør du?")


def test_the_error_names_what_differs(browsers: tuple[Client, Client], question: Question):
    address = address_of(question)
    sent = sent_by(browsers[0].get(address))
    Question.objects.update(text_da="Hvad gør du så?")

    answer = browsers[0].post(address, sent | {"choices-0-text_da": ["Ringer"]})

    rows = Choice._meta.verbose_name_plural
    assert f"i: Spørgsmål på dansk, {rows}. Se, hvad der står nu." in said(answer)


@pytest.mark.parametrize("seen", [None, "x" * 64])
def test_a_form_that_does_not_say_what_it_showed_is_asked(
    browsers: tuple[Client, Client], question: Question, seen: str | None
):
    sent = sent_by(browsers[0].get(address_of(question))) | {"text_da": ["Noget andet?"]}
    del sent["seen_version"]

    answer = browsers[0].post(
        address_of(question), sent | ({} if seen is None else {"seen_version": [seen]})
    )

    assert STALE in said(answer)
    assert Question.objects.get().text_da == "Hvad gør du?"


def test_the_second_press_does_not_cover_a_third_writer(
    browsers: tuple[Client, Client], question: Question
):
    address = address_of(question)
    sent = sent_by(browsers[0].get(address)) | {"text_da": ["Mit?"]}
    Question.objects.update(text_da="Annas?")
    again = sent_by(browsers[0].post(address, sent))
    Question.objects.update(text_da="Bos?")

    answer = browsers[0].post(address, again)

    assert STALE in said(answer)
    assert Question.objects.get().text_da == "Bos?"


def test_a_row_that_was_added_meanwhile_is_shown_and_stays(
    browsers: tuple[Client, Client], question: Question
):
    address = address_of(question)
    sent = sent_by(browsers[0].get(address)) | {"text_da": ["Mit?"]}
    count = question.choices.count()
    Choice.objects.create(question=question, text_da="Annas svar", sort_order=count)

    again = sent_by(browsers[0].post(address, sent))
    assert again[f"choices-{count}-text_da"] == ["Annas svar"]
    assert browsers[0].post(address, again).status_code == 302

    question = Question.objects.get()
    assert question.text_da == "Mit?"
    assert [one.text_da for one in question.choices.all()][-1] == "Annas svar"
    assert question.choices.count() == count + 1


def test_a_row_that_was_taken_away_meanwhile_is_written_anew(
    browsers: tuple[Client, Client], question: Question
):
    address = address_of(question)
    sent = sent_by(browsers[0].get(address)) | {"choices-1-text_da": ["Mit svar"]}
    count = question.choices.count()
    question.choices.order_by("sort_order")[1].delete()

    answer = browsers[0].post(address, sent)
    assert STALE in said(answer)
    assert browsers[0].post(address, sent_by(answer)).status_code == 302

    rows = Choice.objects.order_by("sort_order")
    assert len(rows) == count
    assert rows[1].text_da == "Mit svar"


def test_a_row_that_both_take_away_is_away(browsers: tuple[Client, Client]):
    checklist = make_checklist("Før du ringer", "Et", "To", "Tre")
    address = address_of(checklist)
    sent = sent_by(browsers[0].get(address)) | {"points-1-DELETE": ["on"], "title_da": ["Mit"]}
    checklist.points.order_by("sort_order")[1].delete()

    again = sent_by(browsers[0].post(address, sent))
    assert browsers[0].post(address, again).status_code == 302

    points = Checklist.objects.get().points.order_by("sort_order")
    assert [one.text_da for one in points] == ["Et", "Tre"]


def test_what_the_form_does_not_hold_is_in_nobodys_way(
    browsers: tuple[Client, Client], question: Question
):
    address = address_of(question)
    sent = sent_by(browsers[0].get(address)) | {"text_da": ["Mit?"]}
    Question.objects.update(retired_at=AT)

    assert browsers[0].post(address, sent).status_code == 302

    kept = Question.objects.get()
    assert (kept.text_da, kept.retired_at) == ("Mit?", AT)


def test_a_new_record_has_no_version(browsers: tuple[Client, Client]):
    assert "seen_version" not in sent_by(
        browsers[0].get(reverse("wagtailsnippets_courses_question:add"))
    )


def test_versions_hold_no_digits_for_the_identity_guard(question: Question):
    version = seen_version(question)

    assert (len(version), version.isalpha(), has_cpr_like(version)) == (64, True, False)


def test_more_rows_take_no_more_queries(django_assert_num_queries):
    few, many = make_checklist("Få", "Et"), make_checklist("Mange", *map(str, range(20)))
    version = make_version()

    for record, queries in ((few, 2), (many, 2), (version, 3)):
        with django_assert_num_queries(queries):
            seen_version(record)


# --- In the same moment -------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", [Question, Checklist, GlossaryTerm])
def test_of_many_in_the_same_moment_one_is_first(kind: type[Model]):
    record = MAKERS[kind]()
    address = address_of(record)
    browsers = [admin_browser("reviewer") for _number in range(4)]
    forms = [sent_by(browser.get(address)) for browser in browsers]
    name = words_in(forms[0])[1]

    def press(number: int) -> int:
        return (
            browsers[number].post(address, forms[number] | {name: [f"Nummer {number}"]}).status_code
        )

    answers = at_once(len(browsers), press)

    assert sorted(answers) == [200, 200, 200, 302]
    assert stands(record, name) == f"Nummer {answers.index(302)}"
