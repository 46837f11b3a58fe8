"""The reviewer's work in the admin: a new version, and decisions."""

from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from rules.models import Act, Decision, ReviewItem, Rule
from rules.review import acts_to_check
from tests.factories.admin import admin_browser
from tests.factories.courses import make_question, make_rule
from tests.factories.law import decide_on, new_version
from tests.rules.reading import said, soup

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("base")]
TODAY = timezone.localdate()
NOBODY_SAW_ITS_ACT = {"act": None, "paragraph": "", "checked_on": TODAY - timedelta(days=90)}
NEW = {
    "number": "5/2027",
    "kind": "act",
    "title_da": "Inatsisartutlov nr. 5 om støtte til børn",
    "title_kl": "",
    "short_name": "den nye børnestøttelov",
    "dated_on": "2027-05-11",
    "in_force_from": TODAY.isoformat(),
    "source_url": "https://nalunaarutit.gl/2027/5",
    "note": "",
}


def sent(rule: Rule, kind: str, **changes: object) -> dict[str, object]:
    """What the browser sends for a decision on ``rule`` as the page shows it."""
    latest = rule.versions.order_by("-number").first()
    values = {
        "seen_version": latest.number,
        "source_title": "Den nye lov",
        "source_url": "https://nalunaarutit.gl/2027/5",
        "checked_on": TODAY.isoformat(),
        "review_by": (TODAY + timedelta(days=365)).isoformat(),
    }
    if kind == "changed":
        values |= {"paragraph": rule.paragraph, "statement_da": rule.statement_da}
        values |= {"deadline_da": rule.deadline_da, "deadline_hours": rule.deadline_hours}
        values |= {"deadline_starts_da": rule.deadline_starts_da}
    return {"kind": kind} | {f"{kind}-{name}": value for name, value in (values | changes).items()}


def decide_in_browser(client: Client, rule: Rule, kind: str, **changes: object):
    address = reverse("rules_decide", args=[rule.pk])
    return client.post(address, sent(rule, kind, **changes), follow=True)


# --- A new version ------------------------------------------------------------------------------


def test_a_reviewer_enters_a_new_version_and_meets_the_rules_that_wait(reviewer):
    rule = make_rule()
    address = reverse("rules_new_version", args=[rule.act_id])
    assert "1 regel kommer på listen" in soup(reviewer, address).get_text()

    response = reviewer.post(address, NEW, follow=True)

    new = Act.objects.get(number="5/2027")
    assert response.redirect_chain[-1][0] == reverse("rules_worklist", args=[new.pk])
    assert rule.statement_da in said(response)
    assert Rule.objects.get().awaiting_act == new
    assert new.dated_on == date(2027, 5, 11)
    assert Act.objects.get(pk=rule.act_id).in_force_until == TODAY
    assert Decision.objects.count() == 0


def test_a_rule_whose_act_nobody_has_seen_is_looked_at_with_every_new_law(reviewer):
    stands = make_rule()
    unseen = make_rule(statement_da="Kvittér skriftligt.", **NOBODY_SAW_ITS_ACT)
    check = {"href": reverse("rules_decide", args=[unseen.pk])}
    assert soup(reviewer, reverse("rules_new_version", args=[stands.act_id])).find("a", check)
    new = new_version(stands.act, in_force_from=TODAY)
    decide_in_browser(reviewer, stands, "unchanged")
    worklist, review = reverse("rules_worklist", args=[new.pk]), reverse("rules_review")

    page = soup(reviewer, worklist)

    assert page.find("a", check)
    assert "Kvittér skriftligt." in page.get_text()
    assert "Alle regler er efterset" not in page.get_text()
    assert soup(reviewer, review).find("a", href=worklist)

    decide_in_browser(reviewer, unseen, "unchanged")

    page = soup(reviewer, worklist)
    assert not page.find("a", check)
    assert "Alle regler er efterset" in page.get_text()
    assert not soup(reviewer, review).find("a", href=worklist)


def test_a_rule_without_an_act_is_asked_about_by_the_newest_law_alone(reviewer):
    make_rule(**NOBODY_SAW_ITS_ACT)
    first = new_version(make_rule().act, in_force_from=TODAY - timedelta(days=9))
    second = new_version(first, number="6/2027", in_force_from=TODAY)

    acts = {act: act.may_change for act in acts_to_check()}

    assert acts == {second: True}


def test_both_forms_bring_what_their_date_fields_call(reviewer):
    rule = make_rule()

    for name, key in (("rules_new_version", rule.act_id), ("rules_decide", rule.pk)):
        page = reviewer.get(reverse(name, args=[key])).content.decode()
        assert 0 < page.index("date-time-chooser.js") < page.index("initDateChooser(")


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("in_force_from", "", "Udfyld feltet."),
        ("in_force_from", "2020-01-01", "Den nye version skal begynde efter den gamle"),
        ("source_url", "javascript:alert(1)", "URL"),
        ("title_da", "", "Udfyld feltet."),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_is_saved(reviewer, field, value, message):
    rule = make_rule()
    Act.objects.update(in_force_from=date(2024, 3, 16))

    response = reviewer.post(reverse("rules_new_version", args=[rule.act_id]), NEW | {field: value})

    assert response.status_code == 422
    page = BeautifulSoup(response.content, "html.parser")
    errors = page.select_one(f"#panel-child-{field}-errors, #id_{field}-errors, .error-message")
    assert message in (errors or page).get_text()
    assert page.select_one("[name=number]")["value"] == "5/2027"
    assert Act.objects.count() == 1
    assert Rule.objects.get().awaiting_act is None


def test_a_number_like_a_citizens_is_refused_at_its_field(reviewer):
    rule = make_rule()
    number = "".join(["0102", "03", "-", "1234"])

    response = reviewer.post(
        reverse("rules_new_version", args=[rule.act_id]), NEW | {"note": f"se {number}"}
    )

    assert response.status_code == 422
    assert Act.objects.count() == 1


def test_the_second_reviewer_who_enters_it_is_told(reviewer):
    rule = make_rule()
    new_version(rule.act, short_name="den, en anden har oprettet")

    response = reviewer.post(reverse("rules_new_version", args=[rule.act_id]), NEW)

    assert "Der er allerede oprettet en ny version: den, en anden har oprettet." in said(response)
    assert Act.objects.count() == 2


def test_a_new_version_is_taken_back_from_its_list(reviewer):
    rule = make_rule()
    reviewer.post(reverse("rules_new_version", args=[rule.act_id]), NEW)
    new = Act.objects.get(number="5/2027")

    response = reviewer.post(reverse("rules_take_back_version", args=[new.pk]), follow=True)

    assert "Den gamle gælder fortsat." in said(response)
    assert Act.objects.get() == rule.act


# --- Decisions ----------------------------------------------------------------------------------


@pytest.fixture
def waiting(reviewer) -> list[Rule]:
    rules = [make_rule(key=f"regel-{number}") for number in range(2)]
    reviewer.post(reverse("rules_new_version", args=[rules[0].act_id]), NEW)
    return list(Rule.objects.select_related("awaiting_act").order_by("key"))


def test_one_press_confirms_a_rule_and_leads_to_the_next(reviewer, waiting):
    first, second = waiting
    shown = soup(reviewer, reverse("rules_decide", args=[first.pk]))
    assert shown.select_one("[name=unchanged-source_url]")["value"] == NEW["source_url"]
    assert shown.select_one("[name=unchanged-checked_on]")["value"] == TODAY.isoformat()

    response = decide_in_browser(reviewer, first, "unchanged")

    assert response.redirect_chain[-1][0] == reverse("rules_decide", args=[second.pk])
    assert "§ 19, stk. 1: Uændret." in said(response)
    response = decide_in_browser(reviewer, second, "unchanged")
    assert response.redirect_chain[-1][0] == reverse("rules_worklist", args=[first.awaiting_act_id])
    assert not Rule.objects.being_checked().exists()


def test_a_change_is_written_and_what_it_said_is_kept(reviewer, waiting):
    rule = waiting[0]
    make_question(rule=rule)

    decide_in_browser(reviewer, rule, "changed", deadline_da="48 timer", deadline_hours="48")

    decision = Decision.objects.get()
    assert decision.decided_by.name == "Reviewer Demo"
    assert (
        decision.before.content["deadline_hours"],
        decision.after.content["deadline_hours"],
    ) == (
        24,
        48,
    )
    assert ReviewItem.objects.open().count() == 1


def test_a_change_that_says_nothing_new_is_refused_and_keeps_what_was_typed(reviewer, waiting):
    response = decide_in_browser(reviewer, waiting[0], "changed", source_title="Ny kilde")

    assert response.status_code == 422
    assert "Reglen siger det samme som før." in said(response)
    assert b"Ny kilde" in response.content
    assert not Decision.objects.exists()


def test_a_rule_that_is_gone_leaves_the_list(reviewer, waiting):
    decide_in_browser(reviewer, waiting[0], "gone")

    rule = Rule.objects.get(pk=waiting[0].pk)
    assert (rule.state, rule.retired_on) == ("retired", TODAY)
    assert (
        "gælder ikke længere" in soup(reviewer, reverse("rules_decide", args=[rule.pk])).get_text()
    )


def test_whoever_comes_second_reads_who_was_first(reviewer, waiting):
    stale = sent(waiting[0], "gone")
    decide_in_browser(reviewer, waiting[0], "unchanged")

    response = reviewer.post(reverse("rules_decide", args=[waiting[0].pk]), stale)

    assert response.status_code == 422
    assert "Reviewer Demo har ændret reglen i mellemtiden." in said(response)
    assert Rule.objects.get(pk=waiting[0].pk).state == "verified"


def test_a_decision_is_taken_back_with_one_press(reviewer, waiting):
    decide_in_browser(reviewer, waiting[0], "gone")
    decision = Decision.objects.get()
    worklist = reverse("rules_worklist", args=[decision.act_id])

    response = reviewer.post(
        reverse("rules_take_back_decision", args=[decision.pk]), {"next": worklist}, follow=True
    )

    assert response.redirect_chain[-1][0] == worklist
    assert Rule.objects.get(pk=waiting[0].pk).awaiting_act_id == decision.act_id
    again = reviewer.post(reverse("rules_take_back_decision", args=[decision.pk]), follow=True)
    assert "Det er allerede fortrudt." in said(again)


def test_nobody_is_led_away_from_the_site(reviewer, waiting):
    decide_in_browser(reviewer, waiting[0], "gone")

    response = reviewer.post(
        reverse("rules_take_back_decision", args=[Decision.objects.get().pk]),
        {"next": "https://example.org/"},
    )

    assert response["Location"] == reverse("rules_review")


@pytest.mark.parametrize("role", ["editor", "translator"])
def test_others_may_read_the_lists_and_decide_nothing(role, waiting):
    client = admin_browser(role)
    rule, act = waiting[0], waiting[0].awaiting_act_id

    page = soup(client, reverse("rules_worklist", args=[act]))
    assert page.select(f"a[href='{reverse('rules_decide', args=[rule.pk])}'], form") == []
    assert client.get(reverse("rules_review")).status_code == 200
    for name, key in [("rules_decide", rule.pk), ("rules_new_version", act)]:
        assert client.get(reverse(name, args=[key])).status_code in {302, 403}
    client.post(reverse("rules_decide", args=[rule.pk]), sent(rule, "gone"))
    client.post(reverse("rules_take_back_version", args=[act]))
    assert Rule.objects.being_checked().count() == 2


@pytest.mark.parametrize("count", [1, 12])
def test_the_work_list_takes_the_same_queries(reviewer, count, django_assert_max_num_queries):
    rules = [make_rule() for _number in range(2 * count)]
    for _number in range(count):
        make_rule(**NOBODY_SAW_ITS_ACT)
    new = new_version(rules[0].act, in_force_from=TODAY)
    for rule in rules[:count]:
        decide_on(rule, "unchanged", at=timezone.now())
    address = reverse("rules_worklist", args=[new.pk])
    reviewer.get(address)

    with django_assert_max_num_queries(15) as asked:
        assert len(soup(reviewer, address).select("tbody tr")) == 3 * count
    # the act; the rules that wait; those whose act nobody has seen; the decisions
    assert len([one for one in asked if "rules_" in one["sql"]]) == 4


# --- Edits outside a new law --------------------------------------------------------------------


def edit_form(client: Client, rule: Rule) -> dict[str, str]:
    page = soup(client, reverse("wagtailsnippets_rules_rule:edit", args=[rule.pk]))
    fields = {}
    for field in page.select("#w-editor-form [name]"):
        if field.name == "select":
            chosen = field.select_one("[selected]")
            fields[field["name"]] = chosen["value"] if chosen else ""
        elif field.name == "textarea":
            fields[field["name"]] = field.get_text().removeprefix("\n")
        elif field.get("type") != "checkbox":
            fields[field["name"]] = field.get("value", "")
    return fields


@pytest.mark.parametrize(("correction", "marked"), [(False, 1), (True, 0)])
def test_an_edit_marks_what_cites_the_rule_unless_it_is_a_correction(reviewer, correction, marked):
    rule = make_rule()
    make_question(rule=rule)
    fields = edit_form(reviewer, rule) | {"statement_da": "Nu siger den noget andet."}

    reviewer.post(
        reverse("wagtailsnippets_rules_rule:edit", args=[rule.pk]),
        fields | ({"is_correction": "on"} if correction else {}),
    )

    assert Rule.objects.get().statement_da == "Nu siger den noget andet."
    assert ReviewItem.objects.count() == marked


def test_a_new_date_of_the_check_marks_nothing(reviewer):
    rule = make_rule()
    make_question(rule=rule)
    fields = edit_form(reviewer, rule) | {"checked_on": "2027-02-02"}

    reviewer.post(reverse("wagtailsnippets_rules_rule:edit", args=[rule.pk]), fields)

    assert Rule.objects.get().checked_on == date(2027, 2, 2)
    assert not ReviewItem.objects.exists()


def test_a_form_opened_before_a_decision_does_not_write_over_it(reviewer):
    rule = make_rule()
    opened = edit_form(reviewer, rule)
    decide_on(rule, "changed", statement_da="Det nye.")

    response = reviewer.post(
        reverse("wagtailsnippets_rules_rule:edit", args=[rule.pk]), opened, follow=True
    )

    assert "En anden har gemt, mens du skrev." in said(response)
    assert Rule.objects.get().statement_da == "Det nye."
