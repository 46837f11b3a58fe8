"""What stands outside pages in Kalaallisut: proposed by one, released by another, never lost."""

from importlib import import_module
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone, translation

from competences.actions import begin_next_version, publish_version
from competences.imports import import_framework
from competences.models import Competence, CompetenceText, Topic
from core.periods import local_day
from courses.models import Choice
from pages.models import ChecklistPoint, GlossaryTerm, TranslationOrder, Wording
from pages.translating import orders, proposing, wordings
from pages.translating.records import KINDS
from pages.translating.states import State
from people import groups
from rules.actions import save_rule
from rules.models import Rule
from tests.competences.test_frameworks import TOML
from tests.factories.courses import current, make_path, make_question, make_rule
from tests.factories.translating import make_staff
from tests.pages.editing.test_shared import make_card, make_checklist, make_word
from tests.pages.translating.doing import (
    QUESTIONS,
    RULES,
    browser,
    propose,
    refused,
    release,
    send_on,
    standing,
)

# --- From one to the other ----------------------------------------------------------------------


def test_a_rule_is_read_in_kalaallisut_once_somebody_else_has_released_it(one, two):
    rule = make_rule(statement_da="Underret straks.")

    order = send_on(RULES, rule, one, {"statement": "[kl] regel"})
    assert Rule.objects.get().statement_kl == ""
    wording = release(RULES, rule, two)

    order.refresh_from_db()
    assert Rule.objects.get().statement_kl == "[kl] regel"
    assert (list(wording.written_by.all()), wording.released_by) == ([one], two)
    assert (order.state, order.closed_by) == (TranslationOrder.State.DONE, two)
    assert Rule.objects.get().versions.count() == 2  # its history knows


def test_who_wrote_it_does_not_release_it(one):
    rule = make_rule()
    send_on(RULES, rule, one, {"statement": "[kl] regel"})

    with refused("own_work"):
        release(RULES, rule, one)

    assert Rule.objects.get().statement_kl == ""
    assert standing(RULES, rule).state == State.REVIEW


def test_who_changes_a_word_of_it_is_one_of_its_writers(one, two):
    rule = make_rule()
    order = send_on(RULES, rule, one, {"statement": "[kl] regel"})
    orders.send_back(order.pk, "Se på endelsen.")
    orders.hand_over(order.pk, two, at=timezone.now())
    send_on(RULES, rule, two, {"statement": "[kl] bedre regel"})

    for writer in (one, two):
        with refused("own_work"):
            release(RULES, rule, writer)


def test_what_was_not_sent_on_is_not_released(one, two):
    rule = make_rule()
    propose(RULES, rule, one, {"statement": "[kl] regel"})

    with refused("not_sent"):
        release(RULES, rule, two)


def test_what_waits_for_other_eyes_is_not_written_in(one):
    rule = make_rule()
    send_on(RULES, rule, one, {"statement": "[kl] regel"})

    with refused("in_review"):
        proposing.write(RULES, rule.pk, "kl", {"statement": "[kl] x"}, one, at=timezone.now())


def test_only_who_has_taken_it_writes_it(one, two):
    rule = make_rule()
    proposing.take(RULES, rule.pk, "kl", one, at=timezone.now())

    with refused("taken"):
        proposing.take(RULES, rule.pk, "kl", two, at=timezone.now())
    with refused("not_yours"):
        proposing.write(RULES, rule.pk, "kl", {"statement": "[kl] x"}, two, at=timezone.now())


def test_nothing_new_is_not_sent_on(one):
    rule = make_rule()
    propose(RULES, rule, one, {"statement": ""})

    with refused("nothing_new"):
        proposing.submit(RULES, rule.pk, "kl", one, at=timezone.now())

    assert not Wording.objects.exists()


def test_two_windows_of_one_translator_lose_nothing(one):
    rule = make_rule()
    propose(RULES, rule, one, {"statement": "[kl] først"})

    with refused("stale"):
        proposing.write(
            RULES, rule.pk, "kl", {"statement": "[kl] sidst"}, one, at=timezone.now(), seen=""
        )

    assert dict(Wording.objects.get().texts) == {"statement": "[kl] først"}


def test_another_text_than_was_looked_at_is_not_released(one, two):
    rule = make_rule()
    order = send_on(RULES, rule, one, {"statement": "[kl] første"})
    seen = standing(RULES, rule).version
    orders.send_back(order.pk, "Se på endelsen.")
    send_on(RULES, rule, one, {"statement": "[kl] anden"})

    with refused("stale"):
        proposing.release(RULES, rule.pk, "kl", two, at=timezone.now(), seen=seen)

    assert Rule.objects.get().statement_kl == ""


# --- The Danish text changes meanwhile ----------------------------------------------------------


def correct(rule: Rule, statement: str, **how: Any) -> Rule:
    """What a reviewer does in the rule's form."""
    rule = Rule.objects.get(pk=rule.pk)
    rule.statement_da = statement
    return save_rule(rule, at=timezone.now(), **how)


def test_a_newer_danish_text_makes_it_outdated_and_shows_the_difference(one, two):
    rule = make_rule(statement_da="Underret straks.")
    send_on(RULES, rule, one, {"statement": "[kl] regel"})
    release(RULES, rule, two)

    correct(rule, "Underret med det samme.")

    now = standing(RULES, rule)
    assert now.state == State.OUTDATED
    (changed,) = now.changed
    assert "".join(piece.text for piece in changed.before) == "Underret straks."
    assert "".join(piece.text for piece in changed.after) == "Underret med det samme."
    assert Rule.objects.get().statement_kl == "[kl] regel"  # a correction takes nothing away


def test_taking_the_change_back_makes_it_ready_again(one, two):
    rule = make_rule(statement_da="Underret straks.")
    texts = {"statement": "[kl] a", "deadline": "[kl] b", "deadline_starts": "[kl] c"}
    send_on(RULES, rule, one, texts)
    release(RULES, rule, two)

    correct(rule, "Noget andet.")
    correct(rule, "Underret straks.")

    assert standing(RULES, rule).state == State.READY


def test_what_was_written_for_an_older_danish_text_is_not_released(one, two):
    rule = make_rule(statement_da="Underret straks.")
    order = send_on(RULES, rule, one, {"statement": "[kl] regel"})
    correct(rule, "Underret med det samme.")

    with refused("changed"):
        release(RULES, rule, two)
    orders.send_back(order.pk, "Den danske tekst er ny.")
    send_on(RULES, rule, one, {"statement": "[kl] regel"})  # still right, says the translator
    release(RULES, rule, two)

    assert standing(RULES, rule).changed == []
    assert Rule.objects.get().statement_kl == "[kl] regel"


def test_what_is_law_now_is_read_in_danish_until_it_is_translated_anew(one, two):
    rule = make_rule(statement_da="24 timer.")
    send_on(RULES, rule, one, {"statement": "[kl] 24"})
    release(RULES, rule, two)

    correct(rule, "48 timer.", marks_citing=True)

    now = standing(RULES, rule)
    assert Rule.objects.get().statement_kl == ""
    assert (now.state, now.begun["statement"]) == (State.OUTDATED, "[kl] 24")  # to go on from


def test_whoever_edits_the_danish_loses_and_publishes_no_kalaallisut(one, two):
    word = make_word(term_kl="[kl] frist", kl_state="confirmed")
    propose(KINDS["ord"], word, one, {"meaning": "[kl] forslag"})
    client = browser(make_staff("editor"))
    address = reverse("wagtailsnippets_pages_glossaryterm:edit", args=[word.pk])
    page = BeautifulSoup(client.get(address).content, "html.parser")
    assert page.select_one("[name=term_kl], [name=meaning_kl]") is None

    client.post(
        address,
        {
            "seen_version": page.select_one("[name=seen_version]")["value"],
            "key": word.key,
            "term_da": word.term_da,
            "meaning_da": "Noget nyt.",
            "term_kl": "[kl] uden om",
            "meaning_kl": "[kl] uden om",
            "is_shown": "on",
        },
    )

    kept = GlossaryTerm.objects.get()
    assert (kept.meaning_da, kept.term_kl, kept.meaning_kl) == ("Noget nyt.", "[kl] frist", "")
    assert dict(standing(KINDS["ord"], word).proposed.texts)["meaning"] == "[kl] forslag"


# --- Every kind ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "make"),
    [
        ("regler", make_rule),
        ("love", lambda: make_rule().act),
        ("ord", make_word),
        ("kontaktkort", make_card),
        ("emner", lambda: Topic.objects.create(key="receipt", title_da="Kvittering")),
        ("forloeb", make_path),
    ],
)
def test_each_kind_goes_live_by_other_eyes(one, two, kind, make):
    record = make()
    place = KINDS[kind].fields[0]

    send_on(KINDS[kind], record, one, {place: "[kl] tekst"})
    record.refresh_from_db()
    assert getattr(record, f"{place}_kl") == ""
    release(KINDS[kind], record, two)

    record.refresh_from_db()
    assert getattr(record, f"{place}_kl") == "[kl] tekst"


def test_the_answers_of_a_question_come_with_it_and_learners_answer_them(one, two):
    question = make_question()
    choice = Choice.objects.filter(question=question).order_by("sort_order").first()
    before = current(question)

    send_on(QUESTIONS, question, one, {"text": "[kl] hvad", f"{choice.pk}.text": "[kl] svar"})
    assert current(question) == before
    release(QUESTIONS, question, two)

    version = current(question)
    with translation.override("kl"):
        assert (version.text, version.content["choices"][0]["text"]["kl"]) == (
            "[kl] hvad",
            "[kl] svar",
        )


def test_the_points_of_a_checklist_come_with_it(one, two):
    checklist = make_checklist("Før du ringer", "Skriv tiden ned")
    point = checklist.points_in_order()[0]
    kind = KINDS["tjeklister"]

    send_on(kind, checklist, one, {f"{point.pk}.text": "[kl] punkt"})
    release(kind, checklist, two)

    point.refresh_from_db()
    assert point.text_kl == "[kl] punkt"
    assert standing(kind, checklist).state == State.DRAFT  # the heading is still Danish


def test_a_word_that_was_looked_at_is_confirmed(one, two):
    word = make_word(term_kl="[kl] set", kl_state="seen", kl_source="Kilde")

    send_on(KINDS["ord"], word, one, {"term": "[kl] frist"})
    release(KINDS["ord"], word, two)

    word.refresh_from_db()
    assert (word.term_kl, word.kl_state, word.kl_source) == ("[kl] frist", "confirmed", "")


def test_a_competence_is_named_by_it_and_a_new_version_does_not_pass_it_on_unseen(one, two):
    call_command("load_topics", verbosity=0)
    toml = TOML.replace("2027-01-01", "2026-01-01").encode()
    version = import_framework("f.toml", toml, at=timezone.now(), publish=True).version
    competence = Competence.objects.get()
    kind = KINDS["kompetencer"]
    send_on(kind, competence, one, {"title": "[kl] titel"})
    release(kind, competence, two)
    competence.refresh_from_db()
    assert (version.texts.get().title_kl, competence.title_kl) == ("[kl] titel", "[kl] titel")

    draft = begin_next_version(version, at=timezone.now())
    CompetenceText.objects.filter(version=draft).update(title_da="Noget andet")
    publish_version(draft, at=timezone.now())

    assert standing(kind, competence).state == State.OUTDATED


def test_texts_stand_in_the_order_of_danish():
    for word in ("Øvelse", "afgørelse", "Socialstyrelsen", "barn"):
        make_word(f"ord-{len(word)}-{ord(word[0])}", term_da=word)
    today = local_day(timezone.now())

    titles = [one.title for one in wordings.standing_of(KINDS["ord"], "kl", today=today)]

    assert titles == ["afgørelse", "barn", "Socialstyrelsen", "Øvelse"]


# --- What was live before -----------------------------------------------------------------------

MIGRATION = import_module("pages.migrations.0014_keep_what_is_live_in_kalaallisut")


def test_the_migration_keeps_what_is_live_and_the_danish_it_stands_beside():
    rule = make_rule(statement_da="Dansk.", statement_kl="[kl] regel")
    checklist = make_checklist("Før du ringer", "Skriv tiden ned")
    point = checklist.points_in_order()[0]
    ChecklistPoint.objects.filter(pk=point.pk).update(text_kl="[kl] punkt")
    make_word()

    MIGRATION.keep_what_is_live(apps, None)

    assert Wording.objects.count() == 2
    assert Rule.objects.get().statement_kl == "[kl] regel"
    of_rule = standing(RULES, rule).released
    assert (of_rule.texts, of_rule.released_by) == ([["statement", "[kl] regel"]], None)
    assert ["statement", "Dansk."] in of_rule.made_from
    of_list = standing(KINDS["tjeklister"], checklist)
    assert of_list.released.texts == [[f"{point.pk}.text", "[kl] punkt"]]
    assert of_list.changed == []


def test_the_migration_knows_every_kind_with_its_texts():
    told = {
        kind: (names, rows[3] if rows else ())
        for kind, _app, _model, names, rows in MIGRATION.KINDS
    } | {"kompetencer": (MIGRATION.SAID, ())}

    assert told == {
        key: (kind.fields, kind.rows.fields if kind.rows else ()) for key, kind in KINDS.items()
    }


def test_the_migration_takes_changing_from_translators_alone():
    groups.ensure()
    change = Permission.objects.get(codename="change_glossaryterm")
    for name in ("Oversættere", "Redaktører"):
        Group.objects.get(name=name).permissions.add(change)

    MIGRATION.take_changing_from_translators(apps, None)

    assert not Group.objects.get(name="Oversættere").permissions.filter(pk=change.pk).exists()
    assert Group.objects.get(name="Redaktører").permissions.filter(pk=change.pk).exists()
