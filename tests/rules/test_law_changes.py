"""A new version of an act: each rule waits until somebody has looked at it; all can be undone."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from wagtail.models import ModelLogEntry

from rules.differences import differences
from rules.law_changes import (
    close_items,
    decide,
    enter_version,
    take_back_decision,
    take_back_version,
)
from rules.models import Act, Decision, Replacement, ReviewItem, Rule, RuleVersion
from rules.refusals import RegisterRefused
from tests.factories.courses import make_learner, make_question, make_rule
from tests.factories.law import DECIDED, ENTERED, NEW_LAW, decide_on, new_version

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("base")]


def fresh(rule: Rule) -> Rule:
    return Rule.objects.select_related("act", "awaiting_act").get(pk=rule.pk)


# --- Entering -----------------------------------------------------------------------------------


def test_entering_ends_the_old_version_and_lets_its_rules_wait():
    reviewer = make_learner()
    rule, gone = make_rule(), make_rule()
    decide_on(gone, "gone")
    elsewhere = make_rule(act=None)

    new = new_version(rule.act, by=reviewer)

    old = Act.objects.get(pk=rule.act_id)
    assert (old.in_force_until, new.key) == (NEW_LAW, "boernestoetteloven-5-2027")
    assert list(Rule.objects.being_checked()) == [rule]
    assert (fresh(rule).act, fresh(rule).awaiting_act) == (old, new)
    assert fresh(rule).statement_da == rule.statement_da
    assert (fresh(elsewhere).awaiting_act, fresh(gone).awaiting_act) == (None, None)
    replacement = Replacement.objects.get()
    assert (replacement.entered_by, replacement.entered_at) == (reviewer, ENTERED)


def test_a_waiting_rule_holds_and_says_that_it_is_being_checked():
    rule = make_rule()
    assert not fresh(rule).as_box()["is_being_checked"]

    new_version(rule.act)

    box = fresh(rule).as_box()
    assert (box["is_being_checked"], box["statement"]) == (True, rule.statement_da)
    assert fresh(rule).is_publishable


def test_only_one_new_version_takes_the_place_of_an_act():
    rule = make_rule()
    new_version(rule.act)

    with pytest.raises(RegisterRefused) as refusal:
        new_version(rule.act, number="6/2027")

    assert refusal.value.code == "replaced"
    assert "børnestøtteloven (2027)" in refusal.value.messages[0]
    assert Act.objects.count() == 2


@pytest.mark.parametrize(("days", "allowed"), [(-1, False), (0, False), (1, True)])
def test_the_new_version_begins_after_the_old_one(days, allowed):
    rule = make_rule()
    Act.objects.update(in_force_from=NEW_LAW)
    old = Act.objects.get()

    if allowed:
        new_version(old, in_force_from=NEW_LAW + timedelta(days=days))
    else:
        with pytest.raises(ValidationError) as refusal:
            new_version(old, in_force_from=NEW_LAW + timedelta(days=days))
        assert set(refusal.value.message_dict) == {"in_force_from"}
        assert fresh(rule).awaiting_act is None
    assert Act.objects.count() == 1 + allowed


def test_a_rule_that_nobody_looked_at_waits_for_the_newest_version():
    rule = make_rule()
    first = new_version(rule.act)

    second = new_version(
        first, number="9/2028", short_name="børnestøtteloven (2028)", in_force_from=date(2028, 1, 1)
    )

    assert (fresh(rule).awaiting_act, fresh(rule).act) == (second, rule.act)
    assert second.key == "boernestoetteloven-9-2028"
    take_back_version(second, at=DECIDED, by=None)
    assert fresh(rule).awaiting_act == first


def test_entering_can_be_taken_back_until_a_rule_was_checked():
    rule = make_rule()
    new = new_version(rule.act)
    decision = decide_on(rule, "unchanged")

    with pytest.raises(RegisterRefused) as refusal:
        take_back_version(new, at=DECIDED, by=None)
    assert refusal.value.code == "used"

    take_back_decision(decision, at=DECIDED, by=None)
    take_back_version(new, at=DECIDED, by=None)

    assert list(Act.objects.values_list("key", "in_force_until")) == [("boernestoetteloven", None)]
    assert fresh(rule).awaiting_act is None
    assert not fresh(rule).as_box()["is_being_checked"]


# --- Deciding -----------------------------------------------------------------------------------


def test_unchanged_moves_the_rule_to_the_new_version_with_a_new_check():
    reviewer = make_learner()
    rule = make_rule()
    new = new_version(rule.act)

    decision = decide_on(rule, "unchanged", by=reviewer)

    now = fresh(rule)
    assert (now.act, now.awaiting_act, now.checked_by) == (new, None, reviewer)
    assert (now.checked_on, now.review_by) == (NEW_LAW, date(2028, 9, 6))
    assert now.source_url == "https://nalunaarutit.gl/2027/5"
    assert now.statement_da == rule.statement_da
    assert (decision.holds_from, decision.decided_by, decision.act) == (NEW_LAW, reviewer, new)
    assert not ReviewItem.objects.exists()


def test_changed_keeps_what_the_rule_said_before():
    rule = make_rule()
    new_version(rule.act)

    decision = decide_on(rule, "changed", deadline_da="48 timer", deadline_hours=48)

    assert fresh(rule).deadline_da == "48 timer"
    assert decision.before.content["deadline_da"] == "24 timer"
    assert decision.after.content["deadline_da"] == "48 timer"
    assert [version.content["deadline_da"] for version in rule.versions.order_by("number")] == [
        "24 timer",
        "24 timer",
        "48 timer",
    ]


def test_a_change_that_changes_nothing_is_refused():
    rule = make_rule()
    new = new_version(rule.act)

    with pytest.raises(RegisterRefused) as refusal:
        decide_on(rule, "changed", statement_da=rule.statement_da)

    assert refusal.value.code == "same"
    assert fresh(rule).awaiting_act == new
    assert not Decision.objects.exists()


def test_a_rule_that_is_gone_states_nothing_and_cannot_be_published():
    rule = make_rule()
    old = rule.act
    new_version(old)

    decide_on(rule, "gone")

    now = fresh(rule)
    assert (now.state, now.retired_on, now.act) == ("retired", NEW_LAW, old)
    assert not now.is_publishable
    assert (now.as_box()["statement"], now.as_box()["retired_on"]) == ("", NEW_LAW)
    assert not now.is_overdue(date(2040, 1, 1))
    assert not Rule.objects.overdue(on=date(2040, 1, 1)).exists()


def test_nothing_is_decided_before_the_new_version_holds():
    rule = make_rule()
    new_version(rule.act, at=ENTERED - timedelta(days=30))

    with pytest.raises(RegisterRefused) as refusal:
        decide_on(rule, "unchanged", at=ENTERED - timedelta(days=1))

    assert refusal.value.code == "early"
    decide_on(rule, "unchanged", at=ENTERED)


def test_the_second_of_two_reviewers_is_told_who_was_first():
    first = make_learner("Godkender Et")
    rule = make_rule()
    new_version(rule.act)
    seen = rule.versions.order_by("-number").first().number
    decide_on(rule, "unchanged", by=first)

    with pytest.raises(RegisterRefused) as refusal:
        decide(rule, "gone", {}, seen_version=seen, at=DECIDED, by=make_learner())

    assert (refusal.value.code, "Godkender Et" in refusal.value.messages[0]) == ("stale", True)
    assert fresh(rule).state == "verified"
    assert Decision.objects.count() == 1


def test_a_rule_without_a_new_law_can_be_checked_again_too():
    rule = make_rule()

    decision = decide_on(rule, "unchanged")

    assert (decision.act, decision.holds_from) == (None, NEW_LAW)
    assert fresh(rule).checked_on == NEW_LAW


@pytest.mark.parametrize("kind", ["unchanged", "changed", "gone"])
def test_a_decision_can_be_taken_back_and_the_history_keeps_both(kind):
    reviewer = make_learner()
    rule = make_rule()
    new = new_version(rule.act)
    before = Rule.objects.filter(pk=rule.pk).values().get()
    changed = {"statement_da": "Nu gælder noget andet."} if kind == "changed" else {}
    decision = decide_on(rule, kind, **changed)

    take_back_decision(decision, at=DECIDED, by=reviewer)

    assert Rule.objects.filter(pk=rule.pk).values().get() == before
    assert fresh(rule).awaiting_act == new
    assert rule.versions.count() == 4
    decision.refresh_from_db()
    assert (decision.undone_by, decision.undone_at) == (reviewer, DECIDED)
    with pytest.raises(RegisterRefused) as refusal:
        take_back_decision(decision, at=DECIDED, by=reviewer)
    assert refusal.value.code == "undone"


def test_a_decision_is_not_taken_back_over_what_came_after_it():
    rule = make_rule()
    new_version(rule.act)
    first = decide_on(rule, "unchanged")
    decide_on(rule, "changed", statement_da="Noget nyt.")

    with pytest.raises(RegisterRefused) as refusal:
        take_back_decision(first, at=DECIDED, by=None)

    assert refusal.value.code == "stale"
    assert fresh(rule).statement_da == "Noget nyt."


def test_each_step_stands_in_the_log_of_the_admin():
    rule = make_rule()
    new = new_version(rule.act)
    take_back_decision(decide_on(rule, "unchanged"), at=DECIDED, by=None)

    logged = set(ModelLogEntry.objects.values_list("object_id", "action"))

    assert {
        (str(new.pk), "wagtail.create"),
        (str(rule.act_id), "rules.replace"),
        (str(rule.pk), "rules.unchanged"),
        (str(rule.pk), "rules.take_back"),
    } <= logged


# --- What cites a rule --------------------------------------------------------------------------


def test_a_changed_rule_marks_the_questions_that_rest_on_it():
    rule = make_rule()
    question, _other = make_question(rule=rule), make_question(rule=make_rule())
    new_version(rule.act)
    assert not ReviewItem.objects.exists()

    decision = decide_on(rule, "changed", deadline_da="48 timer", deadline_hours=48)

    item = ReviewItem.objects.get()
    assert (item.kind, item.object_id, item.title) == ("question", question.pk, str(question))
    assert (item.decision, item.state, item.marked_at) == (decision, "open", DECIDED)


def test_an_item_keeps_who_looked_at_it_first():
    first, second = make_learner(), make_learner()
    rule = make_rule()
    make_question(rule=rule)
    decide_on(rule, "gone")
    item = ReviewItem.objects.get()

    assert close_items([item.pk], "done", at=DECIDED, by=first) == [item]
    assert close_items([item.pk], "done", at=DECIDED, by=second) == []

    item.refresh_from_db()
    assert (item.state, item.closed_by, item.closed_at) == ("done", first, DECIDED)
    close_items([item.pk], "open", at=DECIDED, by=second)
    item.refresh_from_db()
    assert (item.state, item.closed_by) == ("open", None)


def test_what_a_decision_marked_is_marked_no_more_once_it_is_taken_back():
    rule = make_rule()
    make_question(rule=rule)
    decision = decide_on(rule, "gone")
    assert ReviewItem.objects.open().count() == 1

    take_back_decision(decision, at=DECIDED, by=None)

    assert not ReviewItem.objects.valid().exists()


def test_a_difference_is_told_word_by_word():
    before = {"statement_da": "Kommunen beslutter inden for 24 timer.", "paragraph": "§ 19"}
    after = {"statement_da": "Kommunen beslutter inden for 48 timer.", "paragraph": "§ 19"}

    (found,) = differences(before, after)

    assert (found.old, found.new) == (before["statement_da"], after["statement_da"])
    assert [piece.text for piece in found.before if piece.is_changed] == ["24"]
    assert [piece.text for piece in found.after if piece.is_changed] == ["48"]


def test_a_difference_is_told_in_kalaallisut_where_both_have_it():
    before = {"statement_da": "a", "statement_kl": "[kl] a"}

    (both,) = differences(before, {"statement_da": "b", "statement_kl": "[kl] b"}, "kl")
    (one,) = differences(before, {"statement_da": "b", "statement_kl": ""}, "kl")

    assert (both.new, both.language) == ("[kl] b", "kl")
    assert (one.new, one.language) == ("b", "da")


def test_the_history_of_a_rule_is_never_rewritten():
    rule = make_rule()
    kept = RuleVersion.objects.get()
    new_version(rule.act)
    decide_on(rule, "gone")

    assert RuleVersion.objects.order_by("number").first() == kept
    assert kept.content == RuleVersion.objects.get(pk=kept.pk).content


def test_entering_an_unsaved_act_that_is_wrong_saves_nothing():
    rule = make_rule()

    with pytest.raises(ValidationError):
        enter_version(rule.act, Act(number="", in_force_from=NEW_LAW), at=ENTERED, by=None)

    assert Act.objects.get().in_force_until is None
