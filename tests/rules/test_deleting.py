"""What something rests on is not deleted; the admin says what rests on it."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from people.models import User
from rules.models import Act, Rule
from tests.factories.admin import make_user
from tests.factories.courses import make_question, make_rule
from tests.factories.law import decide_on, new_version
from tests.factories.pages import block, make_lesson_page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("base")]


@pytest.fixture
def superuser(base: None) -> Client:
    """Nobody else holds the right to delete a rule or an act."""
    user = make_user("reviewer")
    User.objects.filter(pk=user.pk).update(is_superuser=True)
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


def address_of(thing: Rule | Act) -> str:
    name = f"wagtailsnippets_rules_{thing._meta.model_name}:delete"
    return reverse(name, args=[thing.pk])


def told(response) -> tuple[str, list[str]]:
    box = BeautifulSoup(response.content, "html.parser").select_one(".help-warning")
    return box.p.get_text(strip=True), [one.get_text(strip=True) for one in box.select("li")]


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_rule_names_how_much_rests_on_it_and_the_first_five(superuser, method):
    rule = make_rule()
    make_lesson_page(title="De første 24 timer", body=[block("rule", str(rule.pk))])
    for number in range(6):
        make_question(rule=rule, text_da=f"Spørgsmål {number}", key=f"q-{number}")

    response = getattr(superuser, method)(address_of(rule))

    sentence, named = told(response)
    assert response.status_code == 409
    assert sentence == "“§ 19, stk. 1” kan ikke slettes: 7 steder bygger på den."
    assert len(named) == 6
    assert set(named) >= {"og 2 mere"}
    assert Rule.objects.filter(pk=rule.pk).exists()


def test_a_rule_that_nothing_cites_is_kept_for_its_history(superuser):
    rule = make_rule()

    sentence, named = told(superuser.post(address_of(rule)))

    assert "det, den har sagt, bliver gemt" in sentence
    assert named == []
    assert Rule.objects.exists()


def test_an_act_names_its_rules(superuser):
    rules = [make_rule(paragraph=f"§ {number}") for number in range(6)]

    response = superuser.post(address_of(rules[0].act))

    sentence, named = told(response)
    assert sentence == "“børnestøtteloven” kan ikke slettes: 6 regler bygger på den."
    assert named == [*map(str, rules[:5]), "og 1 mere"]
    assert Act.objects.exists()


def test_versions_of_a_law_are_kept_and_an_act_that_nothing_needs_goes(superuser):
    rule = make_rule()
    old = rule.act
    new = new_version(old)
    decide_on(rule, "unchanged")

    sentence, _named = told(superuser.post(address_of(old)))
    assert "en af flere versioner af en lov" in sentence

    alone = Act.objects.create(
        key="alene", kind="act", number="1", title_da="Alene", source_url="https://example.org/"
    )
    superuser.post(address_of(alone))
    assert set(Act.objects.all()) == {old, new}


def test_deleting_many_at_once_is_refused_in_the_same_words(superuser):
    rules = [make_rule(), make_rule()]
    query = "&".join(f"id={rule.pk}" for rule in rules)

    response = superuser.post(f"/admin/bulk/rules/rule/delete/?{query}")

    assert response.status_code == 409
    assert Rule.objects.count() == 2
