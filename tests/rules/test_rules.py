"""Rules carry their source, their state and their history; unverified ones are never shown."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction

from rules.actions import save_rule
from rules.checks import refuse_unpublishable
from rules.models import Act, Rule, RuleVersion
from rules.signals import rule_changed
from tests.factories.courses import AT, LATER, make_learner, make_rule

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("base")]

REVIEW_BY = date(2027, 6, 15)


@pytest.fixture
def heard():
    """The rules that ``rule_changed`` was sent for."""
    rules = []

    def listen(sender, rule, **kwargs):
        rules.append(rule)

    rule_changed.connect(listen)
    yield rules
    rule_changed.disconnect(listen)


# --- State and dates ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "shown"), [("verified", True), ("press", True), ("unverified", False)]
)
def test_only_checked_rules_may_be_published(state, shown):
    rule = make_rule(state=state)

    assert rule.is_publishable == shown
    assert Rule.objects.publishable().exists() == shown
    if shown:
        refuse_unpublishable([rule])
    else:
        with pytest.raises(ValidationError) as refusal:
            refuse_unpublishable([make_rule(), rule])
        assert refusal.value.code == "unverified"
        assert rule.statement_da in refusal.value.messages[0]


@pytest.mark.parametrize(
    ("days", "overdue"), [(-1, False), (0, False), (1, True)], ids=["before", "last day", "after"]
)
def test_a_rule_is_overdue_from_the_day_after_its_last_day_of_review(days, overdue):
    rule = make_rule(review_by=REVIEW_BY)
    day = REVIEW_BY + timedelta(days=days)

    assert rule.is_overdue(day) == overdue
    assert list(Rule.objects.overdue(on=day)) == ([rule] if overdue else [])


def test_the_longest_overdue_comes_first():
    second = make_rule(review_by=REVIEW_BY)
    first = make_rule(review_by=REVIEW_BY - timedelta(days=1))
    make_rule(state="unverified", review_by=None, checked_on=None)

    assert list(Rule.objects.overdue(on=date(2028, 1, 1))) == [first, second]


@pytest.mark.parametrize("missing", ["source_url", "source_title", "checked_on", "review_by"])
@pytest.mark.parametrize("state", ["verified", "press"])
def test_a_checked_rule_needs_its_source_and_dates(missing, state):
    nothing = None if missing.endswith(("_on", "_by")) else ""

    with pytest.raises(ValidationError):
        make_rule(state=state, **{missing: nothing})
    make_rule(state="unverified", **{missing: nothing})

    with pytest.raises(IntegrityError), transaction.atomic():
        Rule.objects.update(state=state, **{missing: nothing})


def test_the_next_review_does_not_lie_before_the_check():
    with pytest.raises(ValidationError):
        make_rule(checked_on=REVIEW_BY, review_by=REVIEW_BY - timedelta(days=1))
    make_rule(checked_on=REVIEW_BY, review_by=REVIEW_BY)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://x.example.org", "nalunaarutit.gl"])
def test_a_source_is_a_web_address(url):
    with pytest.raises(ValidationError):
        make_rule(source_url=url)


@pytest.mark.parametrize("field", ["statement_da", "statement_kl", "paragraph", "source_title"])
def test_a_number_of_a_citizen_is_refused(field):
    number = "".join(["0102", "03", "-", "1234"])

    with pytest.raises(ValidationError) as refusal:
        make_rule(**{field: f"se {number}"})

    assert number not in str(refusal.value)
    assert not Rule.objects.exists()


def test_an_act_ends_after_it_starts():
    make_rule()
    with pytest.raises(IntegrityError), transaction.atomic():
        Act.objects.update(in_force_from=REVIEW_BY, in_force_until=REVIEW_BY)


@pytest.mark.parametrize(("days", "in_force"), [(-1, False), (0, True), (9, True), (10, False)])
def test_an_act_is_in_force_in_its_half_open_period(days, in_force):
    act = Act(in_force_from=REVIEW_BY, in_force_until=REVIEW_BY + timedelta(days=10))

    assert act.is_in_force(REVIEW_BY + timedelta(days=days)) == in_force


def test_an_act_without_days_is_in_force():
    assert Act().is_in_force(REVIEW_BY)


# --- The box ------------------------------------------------------------------------------------


def test_a_box_says_where_the_rule_stands_and_when_it_was_checked():
    box = make_rule().as_box()

    assert (box["paragraph"], box["act"]) == ("§ 19, stk. 1", "børnestøtteloven")
    assert (box["source_name"], box["checked_on"]) == ("Ombudsmanden", date(2027, 1, 1))
    assert (box["deadline"], box["deadline_starts"]) == (
        "24 timer",
        "når kommunen modtager underretningen",
    )


def test_a_box_of_an_unverified_rule_states_nothing():
    assert make_rule(state="unverified").as_box()["statement"] == ""


# --- History ------------------------------------------------------------------------------------


def test_each_change_is_kept_with_who_and_when(heard):
    reviewer = make_learner()
    rule = make_rule(statement_da="Før")
    rule.statement_da = "Efter"
    save_rule(rule, at=LATER, by=reviewer)

    versions = rule.versions.order_by("number")
    assert [version.content["statement_da"] for version in versions] == ["Før", "Efter"]
    assert [version.recorded_at for version in versions] == [AT, LATER]
    assert [version.recorded_by for version in versions] == [None, reviewer]
    assert heard == [rule, rule]


def test_saving_what_has_not_changed_keeps_no_version_and_tells_nobody(heard):
    rule = make_rule()
    heard.clear()

    save_rule(Rule.objects.get(), at=LATER)

    assert (RuleVersion.objects.count(), heard) == (1, [])
    assert rule.versions.get().number == 1


def test_a_refused_change_leaves_nothing(heard):
    rule = make_rule(statement_da="Før")
    heard.clear()
    rule.statement_da = ""

    with pytest.raises(ValidationError):
        save_rule(rule, at=LATER)

    assert (Rule.objects.get().statement_da, RuleVersion.objects.count()) == ("Før", 1)
    assert heard == []


def test_a_rule_with_a_history_cannot_be_deleted():
    with pytest.raises(IntegrityError):
        make_rule().delete()


# --- The data file ------------------------------------------------------------------------------


def test_loading_twice_changes_nothing():
    call_command("load_rules", verbosity=0)
    before = list(Rule.objects.order_by("key").values())
    versions = RuleVersion.objects.count()

    call_command("load_rules", verbosity=0)

    assert list(Rule.objects.order_by("key").values()) == before
    assert RuleVersion.objects.count() == versions == len(before)


def test_the_file_says_what_the_law_says():
    call_command("load_rules", verbosity=0)

    rule = Rule.objects.select_related("act").get(key="decision-24h")
    assert (rule.paragraph, rule.deadline_da, rule.deadline_hours) == (
        "§ 19, stk. 1",
        "24 timer",
        24,
    )
    assert rule.act.number == "11/2024"
    assert not Rule.objects.filter(state="unverified").exists()
    assert Rule.objects.get(key="investigation-two-months").deadline_months == 2


def test_loading_corrects_what_only_the_file_has_written():
    call_command("load_rules", verbosity=0)
    Rule.objects.filter(key="receipt").update(statement_da="Fejl")

    call_command("load_rules", verbosity=0)

    assert Rule.objects.get(key="receipt").statement_da != "Fejl"


def test_loading_leaves_what_a_reviewer_has_written():
    call_command("load_rules", verbosity=0)
    rule = Rule.objects.get(key="receipt")
    rule.statement_da = "Som godkenderen skrev"
    save_rule(rule, at=LATER, by=make_learner())

    call_command("load_rules", verbosity=0)

    assert Rule.objects.get(key="receipt").statement_da == "Som godkenderen skrev"
