"""What stands outside pages in Kalaallisut: proposed by one, released by another, never lost."""

from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from competences.actions import begin_next_version, publish_version
from competences.imports import import_framework
from competences.models import Competence, CompetenceText, Topic
from core.periods import local_day
from courses.models import Choice
from pages.models import ChecklistPoint, GlossaryTerm, TranslationOrder, Wording
from pages.translating import wordings
from pages.translating.records import KINDS, Kind
from pages.translating.second_eyes import TranslationRefused
from pages.translating.states import State
from people import groups
from people.models import Person
from rules.actions import save_rule
from rules.models import Rule
from tests.competences.test_frameworks import TOML
from tests.factories.courses import current, make_path, make_question, make_rule
from tests.factories.translating import make_staff
from tests.pages.editing.test_shared import make_card, make_checklist, make_word

RULES, QUESTIONS = KINDS["regler"], KINDS["spoergsmaal"]


def standing(kind: Kind, record: Any) -> wordings.Standing:
    found = wordings.one_of(kind, record.pk, "kl", today=local_day(timezone.now()))
    assert found is not None
    return found


def propose(kind: Kind, record: Any, by: Person, texts: dict[str, str]) -> Wording | None:
    """Take it, and write ``texts`` into it."""
    at = timezone.now()
    wordings.take(kind, record.pk, "kl", by, at=at)
    seen = standing(kind, record).version
    return wordings.write(kind, record.pk, "kl", texts, by, at=at, seen=seen)


def send_on(kind: Kind, record: Any, by: Person, texts: dict[str, str]) -> TranslationOrder:
    """Take it, write it, send it on."""
    propose(kind, record, by, texts)
    return wordings.submit(kind, record.pk, "kl", by, at=timezone.now())


def release(kind: Kind, record: Any, by: Person) -> Wording:
    """Let it go live as ``by`` has just read it."""
    seen = standing(kind, record).version
    return wordings.release(kind, record.pk, "kl", by, at=timezone.now(), seen=seen)


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person.user)
    return client


def press(person: Person, kind: Kind, record: Any, do: str, **fields: str) -> Any:
    """What ``person`` gets for pressing a button of the text's page."""
    now = standing(kind, record)
    return browser(person).post(now.do_url, {"do": do, "seen": now.version, **fields}, follow=True)


def refused(code: str) -> Any:
    return pytest.raises(TranslationRefused, check=lambda refusal: refusal.code == code)


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
    wordings.orders.send_back(order.pk, "Se på endelsen.")
    wordings.orders.hand_over(order.pk, two, at=timezone.now())
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
        wordings.write(RULES, rule.pk, "kl", {"statement": "[kl] x"}, one, at=timezone.now())


def test_only_who_has_taken_it_writes_it(one, two):
    rule = make_rule()
    wordings.take(RULES, rule.pk, "kl", one, at=timezone.now())

    with refused("taken"):
        wordings.take(RULES, rule.pk, "kl", two, at=timezone.now())
    with refused("not_yours"):
        wordings.write(RULES, rule.pk, "kl", {"statement": "[kl] x"}, two, at=timezone.now())


def test_nothing_new_is_not_sent_on(one):
    rule = make_rule()
    propose(RULES, rule, one, {"statement": ""})

    with refused("nothing_new"):
        wordings.submit(RULES, rule.pk, "kl", one, at=timezone.now())

    assert not Wording.objects.exists()


def test_two_windows_of_one_translator_lose_nothing(one):
    rule = make_rule()
    propose(RULES, rule, one, {"statement": "[kl] først"})

    with refused("stale"):
        wordings.write(
            RULES, rule.pk, "kl", {"statement": "[kl] sidst"}, one, at=timezone.now(), seen=""
        )

    assert dict(Wording.objects.get().texts) == {"statement": "[kl] først"}


def test_another_text_than_was_looked_at_is_not_released(one, two):
    rule = make_rule()
    order = send_on(RULES, rule, one, {"statement": "[kl] første"})
    seen = standing(RULES, rule).version
    wordings.orders.send_back(order.pk, "Se på endelsen.")
    send_on(RULES, rule, one, {"statement": "[kl] anden"})

    with refused("stale"):
        wordings.release(RULES, rule.pk, "kl", two, at=timezone.now(), seen=seen)

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
    wordings.orders.send_back(order.pk, "Den danske tekst er ny.")
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


# --- A framework from a file --------------------------------------------------------------------

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
    wordings.take(COMPETENCES, competence.pk, "kl", two, at=timezone.now())

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


# --- The page -----------------------------------------------------------------------------------


def test_the_whole_way_on_the_page(one, two):
    rule = make_rule(statement_da="Underret straks.")
    make_word("underret", term_kl="[kl] ord", kl_state="confirmed")

    press(one, RULES, rule, "take")
    page = browser(one).get(standing(RULES, rule).url).content.decode()
    assert "[kl] ord" in page
    press(one, RULES, rule, "submit", statement="[kl] regel")
    own = browser(one).get(standing(RULES, rule).url).content.decode()
    assert "Frigiv den til læserne" not in own
    press(two, RULES, rule, "approve")

    assert Rule.objects.get().statement_kl == "[kl] regel"
    after = browser(one).get(standing(RULES, rule).url).content.decode()
    assert f"frigivet af {two}" in after
    assert f"Oversat af {one}" in after


def test_what_was_typed_stays_when_it_is_refused(one):
    rule = make_rule()
    propose(RULES, rule, one, {"statement": "[kl] første"})

    answer = browser(one).post(
        standing(RULES, rule).do_url,
        {"do": "write", "seen": "gammel", "statement": "[kl] anden"},
    )

    assert answer.status_code == 422
    assert "[kl] anden" in answer.content.decode()
    again = BeautifulSoup(answer.content, "html.parser").select_one("[name=seen]")["value"]
    browser(one).post(
        standing(RULES, rule).do_url, {"do": "write", "seen": again, "statement": "[kl] anden"}
    )
    assert dict(Wording.objects.get().texts)["statement"] == "[kl] anden"


def test_a_number_that_looks_like_a_citizens_is_refused_at_its_field(one):
    rule = make_rule()
    press(one, RULES, rule, "take")

    answer = press(one, RULES, rule, "write", statement="Ring til 010190-1234")

    assert answer.status_code == 422
    assert not Wording.objects.exists()


@pytest.mark.parametrize(
    ("role", "do", "may"),
    [
        ("editor", "take", True),
        ("reviewer", "take", False),
        ("reviewer", "write", False),
        ("editor", "approve", False),
        ("editor", "send_back", False),
        ("mentor", "take", False),
    ],
)
def test_who_may_press_what(role, do, may):
    rule = make_rule()
    now = standing(RULES, rule)

    answer = browser(make_staff(role)).post(now.do_url, {"do": do})

    assert (answer.status_code == 302 and answer.url == now.url) is may
    assert TranslationOrder.objects.exists() is may


def test_a_translator_changes_no_record(one):
    client = browser(one)
    rule, question, word = make_rule(), make_question(), make_word()

    for address, record in (
        ("wagtailsnippets_rules_rule:edit", rule),
        ("wagtailsnippets_courses_question:edit", question),
        ("wagtailsnippets_pages_glossaryterm:edit", word),
    ):
        assert client.get(reverse(address, args=[record.pk])).status_code == 302


def test_what_is_not_in_use_has_no_page(one):
    rule = make_rule()
    address = standing(RULES, rule).url.replace(str(rule.pk), str(one.pk))

    assert browser(one).get(address, follow=True).status_code == 404


# --- The queue and the list ---------------------------------------------------------------------


def test_texts_stand_in_the_queue_beside_pages(lesson, one, two):
    at, today = timezone.now(), local_day(timezone.now())
    mine, free, sent = (make_rule(key=key, statement_da=f"Regel {key}.") for key in "abc")
    orders = wordings.orders
    due = today - timedelta(days=1)
    orders.order(mine.pk, "kl", at=at, by=one, owner=one, due_on=due, kind="regler")
    orders.order(free.pk, "kl", at=at, by=one, kind="regler")
    orders.order(lesson.translation_key, "kl", at=at, by=one)
    send_on(RULES, sent, two, {"statement": "[kl] regel"})

    queue = wordings.queue_of(one, "kl", today=today, most=50)
    page = browser(one).get(reverse("translation_queue")).content.decode()
    start = browser(one).get("/da/start/").content.decode()

    assert [row.title for row in queue.mine] == ["Regel a."]
    assert {row.title for row in queue.free} == {"Regel b.", "Titel"}
    assert [row.title for row in queue.review] == ["Regel c."]
    for title in ("Regel a.", "Regel b.", "Regel c."):
        assert title in page
        assert title in start
    assert "Over tid" in page


@pytest.mark.parametrize("count", [1, 5])
def test_list_and_queue_take_the_same_queries_at_any_size(one, count, django_assert_num_queries):
    for number in range(count):
        rule = make_rule(key=f"regel-{number}")
        question = make_question(key=f"spoergsmaal-{number}")
        wordings.take(RULES, rule.pk, "kl", one, at=timezone.now())
        wordings.take(QUESTIONS, question.pk, "kl", one, at=timezone.now())
    today = local_day(timezone.now())

    with django_assert_num_queries(14):
        wordings.counts("kl", today=today)
    with django_assert_num_queries(12):
        wordings.queue_of(one, "kl", today=today, most=50)


def test_what_came_by_a_file_is_told_apart_once_its_danish_changes(one):
    word = make_word(term_kl="[kl] ord", kl_state="seen", kl_source="Kilde")

    assert wordings.keep_what_is_live(at=timezone.now()) == 1
    assert wordings.keep_what_is_live(at=timezone.now()) == 0
    GlossaryTerm.objects.filter(pk=word.pk).update(term_da="tidsfrist")

    assert standing(KINDS["ord"], word).state == State.OUTDATED
    assert Wording.objects.get().released_by is None


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
