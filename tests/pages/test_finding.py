"""Whatever can be read is found by any part of its words, and nothing else is."""

import random
import re

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.models import PageViewRestriction

from core.periods import local_day
from pages import finding
from pages.models import Findable, GlossaryTerm
from rules.actions import save_rule
from rules.models import Rule
from tests.factories.admin import admin_browser
from tests.factories.courses import make_path, make_rule
from tests.factories.pages import (
    edit,
    in_kalaallisut,
    make_lesson_page,
    make_module_page,
    text,
    translate,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("base")]
MANY = 21


def titles(query: str, language: str = "da") -> list[str]:
    """The titles of everything that ``query`` finds, over all pages of the list."""
    found: list[str] = []
    with translation.override(language):
        hits = finding.find(query, language)
        for page in range(1, hits.page_count + 1):
            hits = finding.find(query, language, page=page)
            found += [
                str(hit.title).replace("<mark>", "").replace("</mark>", "") for hit in hits.hits
            ]
    return found


def parts_of(words: list[str], count: int) -> list[tuple[str, str]]:
    """Words, each with a part of three letters or more, drawn alike in every run."""
    draw = random.Random(19)
    cases = []
    while len(cases) < count:
        word = draw.choice(words)
        longest = max(re.findall(r"\w+", word), key=len)
        if len(longest) < 3:
            continue
        length = draw.randint(3, len(longest))
        start = draw.randint(0, len(longest) - length)
        cases.append((word, longest[start : start + length]))
    return cases


@pytest.mark.parametrize("language", ["da", "kl"])
def test_hundred_of_a_hundred_parts_of_words_are_found(language):
    call_command("load_glossary", verbosity=0)
    field = f"term_{language}"
    terms = GlossaryTerm.objects.exclude(**{field: ""}).order_by("key")
    words = list(terms.values_list(field, flat=True))
    cases = parts_of(words, 100)

    missed = [(word, part) for word, part in cases if word not in titles(part, language)]

    assert len({part for _word, part in cases}) > 60
    assert missed == []


@pytest.mark.parametrize(
    ("word", "part"),
    [
        ("underretningspligten", "pligt"),
        ("Beslutningsgrundlaget", "GRUNDLAG"),
        ("nalunaaruteqarnissamut", "qarniss"),
        ("ĸaĸortumiut", "qaqor"),
        ("qaqortumiut", "ĸaĸor"),
        ("sâsat", "saas"),
        ("børnesamtale", "rnesam"),
    ],
)
def test_a_part_of_a_word_in_the_text_of_a_lesson_finds_it(word, part):
    make_lesson_page(title="Øvelse", body=[text(f"<p>Her står {word} midt i.</p>")])

    assert titles(part) == ["Øvelse"]


def test_the_sentence_that_holds_it_is_shown_and_its_word_marked():
    body = [text("<p>Den første sætning. Skriv kvitteringsbrevet samme dag. Den sidste.</p>")]
    make_lesson_page(title="Brevet", body=body)

    hit = finding.find("kvittering", "da").hits[0]

    assert hit.excerpt == "Skriv <mark>kvitteringsbrevet</mark> samme dag."


def test_markup_in_a_text_is_shown_and_not_run():
    term = GlossaryTerm(key="ord", term_da="<b>fed</b>", meaning_da="<script>alert(1)</script>")
    term.save()

    hit = finding.find("script", "da").hits[0]

    assert "<script>" not in hit.excerpt
    assert "&lt;<mark>script</mark>&gt;" in hit.excerpt


def test_every_word_must_be_there_in_any_order():
    make_lesson_page(title="Et", body=[text("<p>Kvittering og beslutning.</p>")])
    make_lesson_page(title="To", body=[text("<p>Kvittering alene.</p>")])

    assert titles("beslut kvitt") == ["Et"]


def test_one_or_two_letters_begin_a_word():
    make_lesson_page(title="Et", body=[text("<p>Læs § 19 i loven.</p>")])
    make_lesson_page(title="To", body=[text("<p>Læs § 219 i loven.</p>")])

    assert titles("19") == ["Et"]


def test_a_title_comes_before_a_text():
    make_lesson_page(title="Anden lektion", body=[text("<p>Om kvittering.</p>")])
    make_lesson_page(title="Kvitteringen", body=[text("<p>Send den.</p>")])

    assert titles("kvittering") == ["Kvitteringen", "Anden lektion"]


def test_a_rule_and_a_word_are_found_where_they_are_listed():
    rule = make_rule(statement_da="Kvitteringen sendes inden en uge.", paragraph="§ 17")
    word = GlossaryTerm.objects.create(
        key="kvittering", term_da="kvittering", meaning_da="Et brev til den, der underrettede."
    )

    hits = finding.find("kvittering", "da").hits

    assert [hit.kind for hit in hits] == ["word", "rule"]
    assert [hit.url.partition("#")[2] for hit in hits] == [word.key, rule.key]


def test_a_rule_that_may_not_be_shown_any_more_is_found_no_more():
    rule = Rule.objects.get(pk=make_rule(statement_da="Kvitteringen sendes inden en uge.").pk)
    rule.state = Rule.State.UNVERIFIED
    save_rule(rule, at=timezone.now())

    assert titles("kvitteringen") == []


def test_a_word_taken_back_or_deleted_is_found_no_more():
    word = GlossaryTerm.objects.create(key="ord", term_da="handleplan", meaning_da="En plan.")
    word.is_shown = False
    word.save()
    GlossaryTerm.objects.create(key="ord-2", term_da="handlekraft", meaning_da="Kraft.").delete()

    assert titles("handle") == []


def test_a_learning_path_is_found_while_it_is_offered():
    path = make_path(title_da="Første uge", summary_da="Det, du skal vide", title_kl="[kl] Sapaat")
    assert titles("rste") == ["Første uge"]
    assert titles("vide uge") == ["Første uge"]
    assert titles("sapaat", "kl") == ["[kl] Sapaat"]

    path.retired_on = local_day(timezone.now())
    path.save()
    assert titles("rste") == []
    path.retired_on, path.is_offered = None, False
    path.save()
    assert Findable.objects.filter(kind="path").count() == 0


def test_a_draft_a_withdrawn_and_a_restricted_page_are_not_found():
    make_lesson_page(title="Kladde", body=[text("<p>hemmeligord</p>")], live=False)
    withdrawn = make_lesson_page(title="Trukket", body=[text("<p>hemmeligord</p>")])
    withdrawn.unpublish()
    restricted = make_lesson_page(title="Lukket", body=[text("<p>hemmeligord</p>")])
    PageViewRestriction.objects.create(
        page=restricted.get_parent(), restriction_type=PageViewRestriction.LOGIN
    )

    assert titles("hemmeligord") == []
    assert titles("hemmeligord", "kl") == []


def test_what_was_published_last_is_found_and_what_it_said_before_is_not():
    page = make_lesson_page(title="Øvelse", body=[text("<p>gammeltekst</p>")])
    edit(page, body=[text("<p>nyformulering</p>")])

    assert titles("gammeltekst") == []
    assert titles("nyformul") == ["Øvelse"]


def test_in_kalaallisut_the_danish_page_is_found_until_there_is_a_translation(client: Client):
    page = make_lesson_page(title="Kvittering", body=[text("<p>Send brevet.</p>")])

    with translation.override("kl"):
        hit = finding.find("kvitt", "kl").hits[0]
    assert hit.language == "da"
    assert hit.url.startswith("/kl/")
    assert client.get(hit.url).status_code == 200

    translate(in_kalaallisut(page), title="[kl] Kvittering", body=[text("<p>[kl] brevet</p>")])
    assert titles("brevet", "kl") == ["[kl] Kvittering"]
    assert titles("brevet", "da") == ["Kvittering"]


def test_search_takes_the_same_queries_for_one_hit_and_for_many(django_assert_num_queries):
    module = make_module_page()
    make_lesson_page(module, title="Et", body=[text("<p>fællesord</p>")])
    with django_assert_num_queries(2):
        finding.find("fællesord", "da")
    for number in range(MANY):
        make_lesson_page(module, title=f"Nr. {number}", body=[text("<p>fællesord</p>")])
    with django_assert_num_queries(2):
        hits = finding.find("fællesord", "da", page=2)

    assert (hits.count, hits.page_count, len(hits.hits)) == (MANY + 1, 2, MANY + 1 - 20)


def test_building_anew_gives_the_same():
    page = make_lesson_page(title="Øvelse", body=[text("<p>noget</p>")])
    translate(in_kalaallisut(page), title="[kl] Øvelse")
    make_rule()
    call_command("load_glossary", verbosity=0)
    before = sorted(Findable.objects.values_list("kind", "key", "language", "folded"))

    assert finding.build() == len(before)
    assert sorted(Findable.objects.values_list("kind", "key", "language", "folded")) == before


# --- The pages ----------------------------------------------------------------------------------


def test_whoever_reads_goes_through_the_hits_page_by_page(client: Client):
    module = make_module_page()
    for number in range(MANY):
        make_lesson_page(module, title=f"Nr. {number}", body=[text("<p>søgeord</p>")])

    first = client.post(reverse("find"), {"q": "søgeor"})
    second = client.post(reverse("find"), {"q": "søgeor", "side": "2"})

    assert f"{MANY} træf" in first.content.decode()
    assert "side 2 af 2" in second.content.decode()
    assert second.context["hits"].first == 21


def test_what_nobody_wrote_is_said_kindly(client: Client):
    html = client.post(reverse("find"), {"q": "findesikke"}).content.decode()

    assert "Intet indeholder »findesikke«." in html


@pytest.mark.parametrize(
    "words", ['"', "%", "_", "\\", "<script>", "'; DROP TABLE x", "a" * 100, "  "]
)
def test_hostile_words_find_nothing_and_break_nothing(client: Client, words):
    assert client.post(reverse("find"), {"q": words}).status_code == 200


def test_too_many_words_stay_in_the_box_with_what_to_do(client: Client):
    answer = client.post(reverse("find"), {"q": "ord " * 40})

    assert answer.status_code == 422
    assert "Skriv færre ord" in answer.content.decode()
    assert "ord ord ord" in answer.content.decode()


def test_a_number_like_a_citizens_is_refused_and_said_nowhere_else(client: Client):
    number = f"010190{1234}"
    answer = client.post(reverse("find"), {"q": number})

    assert answer.status_code == 422
    assert answer.content.decode().count(number) == 1  # in the box it was typed into


def test_words_never_stand_in_an_address(client: Client):
    make_lesson_page(title="Øvelse", body=[text("<p>ordet</p>")])

    assert "hits" not in client.get(reverse("find"), {"q": "ordet"}).context


def test_rules_stand_by_paragraph_each_with_its_source(client: Client):
    make_rule(paragraph="§ 19, stk. 1", statement_da="Nitten.")
    make_rule(paragraph="§ 3", statement_da="Tre.")
    html = client.get(reverse("rules")).content.decode()

    assert html.index("Tre.") < html.index("Nitten.")


def test_words_stand_in_the_order_of_the_language(client: Client):
    call_command("load_glossary", verbosity=0)
    with translation.override("kl"):
        terms = [str(one.term) for one in client.get(reverse("glossary")).context["terms"]]

    assert terms.index("angajoqqaat") < terms.index("inuusuttut") < terms.index("suliaq")


@pytest.mark.parametrize("address", ["rules", "glossary"])
def test_lists_take_the_same_queries_for_one_and_for_many(
    client: Client, django_assert_max_num_queries, address
):
    for _ in range(MANY):
        make_rule()
    call_command("load_glossary", verbosity=0)
    with django_assert_max_num_queries(1):
        client.get(reverse(address))


@pytest.mark.parametrize(("who", "status"), [("editor", 200), ("translator", 302)])
def test_editors_write_words_and_translators_only_change_them(who, status):
    add = reverse("wagtailsnippets_pages_glossaryterm:add")

    assert admin_browser(who).get(add).status_code == status


def test_loading_again_keeps_what_a_translator_made_of_a_word():
    call_command("load_glossary", verbosity=0)
    word = GlossaryTerm.objects.get(key="tolk")
    word.kl_state = GlossaryTerm.KlState.CONFIRMED
    word.save()
    call_command("load_glossary", verbosity=0)

    assert GlossaryTerm.objects.get(key="tolk").kl_state == "confirmed"
