"""The table of states: page × language × state, filtered, as CSV, in constant queries."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from pages.actions import ask_for_translation
from pages.models import GlossaryTerm, LessonPage, ModulePage
from pages.translating import orders
from pages.translating.states import Filters, State, pages_with_state
from people.models import Person
from tests.factories.courses import make_learner, make_question, make_rule
from tests.factories.pages import (
    edit,
    in_kalaallisut,
    make_lesson_page,
    make_module_page,
    text,
    translate,
)
from tests.factories.translating import make_staff, publish, write

ALL = {"Titel": "[kl] titel", "Læs.": "[kl] a"}


def state_of(lesson: LessonPage) -> str:
    return pages_with_state("kl").get(pk=lesson.pk).state


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person.user)
    return client


def test_a_copy_of_the_danish_page_is_missing(lesson):
    assert state_of(lesson) == State.MISSING


def test_a_page_that_is_taken_but_says_nothing_new_is_missing(lesson, one):
    orders.take(lesson.translation_key, "kl", one, at=timezone.now())

    assert state_of(lesson) == State.MISSING


def test_a_page_with_some_texts_is_a_draft(lesson, one):
    write(lesson, {"Titel": "[kl] titel"}, one)

    assert state_of(lesson) == State.DRAFT


def test_a_page_that_is_published_with_gaps_is_a_draft(lesson, one, two):
    write(lesson, {"Titel": "[kl] titel"}, one)
    publish(lesson, two)

    assert state_of(lesson) == State.DRAFT


def test_a_page_that_is_sent_on_is_in_review(lesson, one):
    write(lesson, ALL, one)
    order = orders.take(lesson.translation_key, "kl", one, at=timezone.now())
    orders.submit(order.pk, one, at=timezone.now())

    assert state_of(lesson) == State.REVIEW


def test_a_page_that_is_published_whole_is_ready(lesson, one, two):
    write(lesson, ALL, one)
    publish(lesson, two)

    assert state_of(lesson) == State.READY


def test_newer_danish_words_make_it_outdated_and_the_old_ones_ready_again(lesson, one, two):
    write(lesson, ALL, one)
    publish(lesson, two)

    edit(lesson, minutes=9)
    assert state_of(lesson) == State.READY
    edit(lesson, title="Ny titel")
    assert state_of(lesson) == State.OUTDATED
    edit(lesson, title="Titel")
    assert state_of(lesson) == State.READY


def test_work_on_an_outdated_page_makes_it_a_draft(lesson, one, two):
    write(lesson, ALL, one)
    publish(lesson, two)
    edit(lesson, title="Ny titel")
    orders.take(lesson.translation_key, "kl", one, at=timezone.now())

    assert state_of(lesson) == State.DRAFT


def test_a_page_translated_by_hand_has_states_too(lesson, one, two):
    page = translate(in_kalaallisut(lesson), title="[kl] titel")
    assert state_of(lesson) == State.READY

    page.title = "[kl] ny"
    page.save_revision(user=one.user)
    assert state_of(lesson) == State.DRAFT

    publish(lesson, two)
    edit(lesson, title="Ny titel")
    assert state_of(lesson) == State.OUTDATED


def test_the_difference_is_shown_word_by_word_at_its_paragraph(lesson, one, two):
    body = [text("<p>Læs hele underretningen.</p><p>Skriv tiden ned.</p>")]
    lesson = edit(lesson, body=body)
    write(lesson, {"Læs hele underretningen.": "[kl] a", "Skriv tiden ned.": "[kl] b"}, one)
    publish(lesson, two)
    body[0]["value"] = "<p>Læs hele underretningen.</p><p>Skriv klokkeslættet ned.</p>"
    edit(lesson, body=body)

    html = browser(one).get(reverse("translation", args=[lesson.translation_key, "kl"]))

    html = html.content.decode()
    assert "<del>tiden</del>" in html
    assert "<ins>klokkeslættet</ins>" in html
    assert "hele underretningen" not in html
    assert "<dt>Tekst</dt>" in html


def test_words_of_the_glossary_stand_beside_the_text(lesson, one):
    GlossaryTerm.objects.create(
        key="underretning", term_da="underretning", term_kl="[kl] ord", kl_state="confirmed",
        meaning_da="At sige det til kommunen.",
    )  # fmt: skip
    GlossaryTerm.objects.create(key="tilsyn", term_da="tilsyn", meaning_da="At se efter.")
    lesson = edit(lesson, body=[text("<p>Underretningen er kommet.</p>")])
    orders.take(lesson.translation_key, "kl", one, at=timezone.now())
    page = in_kalaallisut(lesson)

    for address in (
        reverse("translation", args=[lesson.translation_key, "kl"]),
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
    ):
        html = browser(one).get(address).content.decode()
        assert "[kl] ord" in html
        assert "<dt>tilsyn</dt>" not in html


def test_who_looked_at_it_is_told(lesson, one, two):
    write(lesson, ALL, one)
    publish(lesson, two)

    html = browser(one).get(reverse("translation", args=[lesson.translation_key, "kl"]))

    assert "udgivet af Oversætter Demo 2" in html.content.decode()


# --- The table ----------------------------------------------------------------------------------


def listed(filters: dict[str, str], person: Person | None = None) -> list[str]:
    return [page.title for page in Filters.read(filters).pages(person)]


def test_it_is_filtered_by_state_course_and_translator(one, two):
    lessons = [make_lesson_page(title=f"Lektion {number}") for number in (1, 2)]
    write(lessons[0], {"Lektion 1": "[kl] en"}, one)
    orders.take(lessons[0].translation_key, "kl", one, at=timezone.now())
    course = lessons[1].get_parent().get_parent()

    assert listed({"tilstand": "draft"}) == ["Lektion 1"]
    assert "Lektion 1" not in listed({"kursus": str(course.translation_key)})
    assert "Lektion 2" in listed({"kursus": str(course.translation_key)})
    assert listed({"hvem": str(one.pk)}) == ["Lektion 1"]
    assert listed({"hvem": "mig"}, one) == ["Lektion 1"]
    assert listed({"hvem": "mig"}, two) == []
    assert "Lektion 1" not in listed({"hvem": "fri"})


@pytest.mark.parametrize(
    "asked", [{"tilstand": "nej"}, {"kursus": "x"}, {"hvem": "x"}, {"orden": "x"}, {"sprog": "x"}]
)
def test_what_cannot_be_read_of_an_address_is_left_out(lesson, asked):
    assert "Titel" in listed(asked)


def test_what_is_asked_for_most_comes_first_and_titles_are_sorted(lesson):
    other = make_lesson_page(title="Anden")
    ask_for_translation(other.translation_key, "kl", make_learner(), at=timezone.now())

    assert listed({})[0] == "Anden"
    titles = listed({"orden": "titel"})
    assert titles == sorted(titles, key=str.casefold)


@pytest.mark.parametrize("count", [1, 30])
def test_every_page_takes_the_same_number_of_queries(one, count, django_assert_max_num_queries):
    module: ModulePage = make_module_page()
    for number in range(count):
        page = make_lesson_page(module, title=f"Lektion {number}")
        write(page, {page.title: "[kl] titel"}, one)
        orders.take(page.translation_key, "kl", one, at=timezone.now())
        ask_for_translation(page.translation_key, "kl", make_learner(), at=timezone.now())
    client = browser(one)
    client.get("/admin/")

    counted = []
    for name in ("missing_translations", "translation_queue", "unwritten_texts"):
        with django_assert_max_num_queries(60) as queries:
            assert client.get(reverse(name)).status_code == 200
        counted.append(len(queries))

    # Signing in and the frame of the admin included; each kind of text has its table.
    assert counted == [17, 16, 23]


def test_the_csv_holds_every_row_and_no_formula(lesson, one):
    edit(lesson, title="=1+1")

    answer = browser(one).get(reverse("translations_csv"))
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()

    assert lines[0].startswith("Side;Kursus;Sprog;Tilstand")
    assert any(line.startswith("'=1+1;") for line in lines)
    assert len(lines) == 1 + pages_with_state("kl").count()


def test_the_csv_says_the_day_on_which_a_page_came_out_in_nuuk(lesson, one, two):
    write(lesson, ALL, one)
    publish(lesson, two)
    evening = datetime(2026, 6, 9, 23, 30, tzinfo=ZoneInfo("America/Nuuk"))
    Page.objects.filter(translation_key=lesson.translation_key).update(last_published_at=evening)

    answer = browser(one).get(reverse("translations_csv"))

    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    [row] = [line.split(";") for line in lines if line.startswith("Titel;")]
    assert row[7:9] == ["09-06-2026", "09-06-2026"]


@pytest.mark.parametrize(
    ("role", "is_let_in"), [("translator", True), ("editor", True), ("reviewer", True)]
)
def test_translators_editors_and_reviewers_see_it(lesson, role, is_let_in):
    answer = browser(make_staff(role)).get(reverse("missing_translations"))

    assert (answer.status_code == 200) is is_let_in


def test_nobody_else_sees_it(lesson):
    client = browser(make_staff("mentor"))

    for name in ("missing_translations", "translation_queue", "unwritten_texts", "course_files"):
        assert client.get(reverse(name)).status_code in {302, 403}


def test_rules_questions_and_words_without_kalaallisut_are_counted_and_listed(one):
    make_rule(statement_da="Uden oversættelse.")
    make_rule(statement_kl="[kl] regel", deadline_kl="[kl] frist", deadline_starts_kl="[kl] fra")
    make_question(text_da="Spørgsmål uden oversættelse?")
    client = browser(one)

    rules = client.get(reverse("unwritten_texts")).content.decode()
    questions = client.get(reverse("unwritten_texts") + "?slags=spoergsmaal").content.decode()

    assert "Regler: 1" in rules
    assert "Uden oversættelse." in rules
    assert "Spørgsmål uden oversættelse?" in questions
