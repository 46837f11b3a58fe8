"""Decisions keep every word they ever had; actions are somebody's, by a day, until they end."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cooperation.decisions.actions import (
    change_decision,
    decide,
    decision_seen,
    drop_action,
    finish_action,
    give_action,
    move_action,
    pass_on,
    settle_decision,
)
from cooperation.decisions.register import searched
from cooperation.decisions.reminders import remind
from cooperation.models import Action, Body, Decision
from cooperation.refusals import CooperationRefused
from notices.models import Notice
from people.models import Person
from tests.factories.cooperation import make_body, make_initiative, make_member
from tests.factories.people import AT, make_person, make_role, make_town

pytestmark = pytest.mark.django_db
TODAY = AT.date()


@pytest.fixture
def body() -> Body:
    return make_body()


@pytest.fixture
def owner(body: Body) -> Person:
    return make_member(body).person


def resolve(body: Body, title: str = "Fælles tolke", **changes: Any) -> Decision:
    facts: dict[str, Any] = {
        "key": uuid.uuid4(),
        "title_da": title,
        "text_da": "Kommunerne deler en liste.",
        "decided_on": TODAY,
        "by": None,
        "at": AT,
    }
    return decide(body, **(facts | changes))


def promise(body: Body, owner: Person, **changes: Any) -> Action:
    facts: dict[str, Any] = {
        "key": uuid.uuid4(),
        "text": "Skriv listen",
        "due_on": TODAY + timedelta(days=14),
        "by": None,
        "at": AT,
    }
    return give_action(body, owner=owner, **(facts | changes))


def test_an_action_is_given_to_no_decision_that_was_settled_meanwhile(
    body: Body, owner: Person
) -> None:
    decision = resolve(body)
    settle_decision(Decision.objects.get(), state="done", reason="Listen er der.", by=None, at=AT)

    with pytest.raises(CooperationRefused) as refusal:
        promise(body, owner, decision=decision)

    assert refusal.value.code == "step"
    assert not Action.objects.exists()


def client_of(person: Person) -> Client:
    client = Client()
    client.force_login(person.user)
    return client


# --- Decisions ------------------------------------------------------------------------------------


def test_decisions_are_numbered_within_group_and_year_and_sent_twice_is_one(body):
    key = uuid.uuid4()

    first = resolve(body, key=key)
    again = resolve(body, key=key, title_da="Noget andet")
    second = resolve(body)
    last_year = resolve(body, decided_on=date(TODAY.year - 1, 12, 31))
    elsewhere = resolve(make_body())

    assert again == first
    assert [one.label for one in (first, second, last_year, elsewhere)] == [
        "2027/1",
        "2027/2",
        "2026/1",
        "2027/1",
    ]


def test_nobody_has_decided_tomorrow(body):
    with pytest.raises(CooperationRefused) as refusal:
        resolve(body, decided_on=TODAY + timedelta(days=1))
    assert refusal.value.code == "period"
    assert not Decision.objects.exists()


def test_a_change_needs_a_reason_and_keeps_what_it_said_before(body):
    decision = resolve(body)
    words = {"title_da": "Fælles tolke i alle byer", "text_da": "Listen gælder alle."}
    seen = decision_seen(decision)
    with pytest.raises(CooperationRefused) as refusal:
        change_decision(decision, seen=seen, reason="", by=None, at=AT, **words)

    for _ in range(2):  # a double press is one change
        change_decision(decision, seen=seen, reason="Byerne manglede.", by=None, at=AT, **words)

    assert refusal.value.code == "empty"
    said = decision.versions.order_by("number").values_list("number", "title_da", "reason")
    assert list(said) == [
        (1, "Fælles tolke", ""),
        (2, "Fælles tolke i alle byer", "Byerne manglede."),
    ]
    with pytest.raises(CooperationRefused) as late:
        change_decision(decision, seen=seen, reason="Mere.", by=None, at=AT, title_da="Tredje")
    assert late.value.code == "changed"


def test_initiatives_of_two_at_once_are_not_written_over(body):
    decision, one, other = resolve(body), make_initiative(), make_initiative()
    words = {"title_da": decision.title_da, "text_da": decision.text_da}
    seen = decision_seen(decision)
    facts: dict[str, Any] = {"seen": seen, "reason": "", "by": None, "at": AT, **words}

    for _ in range(2):  # a double press is one change
        change_decision(decision, initiatives=[one], **facts)
    with pytest.raises(CooperationRefused) as refusal:
        change_decision(decision, initiatives=[other], **facts)

    assert refusal.value.code == "changed"
    assert list(decision.initiatives.all()) == [one]


def test_a_refused_change_leaves_the_initiatives_as_they_were(body):
    decision, one = resolve(body), make_initiative()
    facts: dict[str, Any] = {"seen": decision_seen(decision), "reason": "", "by": None, "at": AT}

    with pytest.raises(CooperationRefused):
        change_decision(decision, initiatives=[one], title_da="Nyt", text_da="Nyt", **facts)

    assert not decision.initiatives.exists()


def test_whoever_comes_second_reads_how_it_stands_and_keeps_their_text(body):
    chair = make_member(body, role="chair", starts_on=timezone.localdate()).person
    decision = resolve(body)
    client = client_of(chair)
    address = reverse("cooperation:change-decision", args=[decision.pk])
    mine = {"title_da": "Min linje", "text_da": "Min tekst", "reason": "Min grund"}
    mine["seen"] = client.get(address).context["form"]["seen"].value()
    theirs = {"title_da": "Deres linje", "text_da": "Deres <b>tekst</b>"}
    now = timezone.now()
    change_decision(
        decision, seen=decision_seen(decision), reason="Deres.", by=None, at=now, **theirs
    )

    answer = client.post(address, mine)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Det er ikke gemt endnu" in page
    assert "<dd>Deres &lt;b&gt;tekst&lt;/b&gt;</dd>" in page
    for text in ("Min linje", "Min tekst", "Min grund"):
        assert text in page
    again = mine | {"seen": answer.context["form"]["seen"].value()}
    assert client.post(address, again).status_code == 302
    decision.refresh_from_db()
    assert (decision.title_da, decision.text_da) == ("Min linje", "Min tekst")


def test_it_is_not_carried_out_while_somebody_owes_an_action(body, owner):
    decision = resolve(body)
    action = promise(body, owner, decision=decision)
    with pytest.raises(CooperationRefused) as refusal:
        settle_decision(decision, state="done", reason="Klar.", by=None, at=AT)
    finish_action(action, note="Listen er skrevet.", by=owner, at=AT)

    settled = settle_decision(decision, state="done", reason="Klar.", by=None, at=AT)

    assert refusal.value.code == "step"
    assert (settled.state, settled.settled_on) == ("done", TODAY)
    with pytest.raises(CooperationRefused):
        promise(body, owner, decision=settled)
    reopened = settle_decision(decision, state="open", reason="Listen var tom.", by=None, at=AT)
    assert (reopened.state, reopened.settled_on) == ("open", None)
    assert decision.versions.count() == 3


def test_one_decision_replaces_another_of_the_same_group(body):
    old, new = resolve(body), resolve(body, "Tolke bestilles samlet")
    elsewhere = resolve(make_body())
    for wrong in (None, old, elsewhere):
        with pytest.raises(CooperationRefused):
            settle_decision(old, state="replaced", reason="Nyt.", replaced_by=wrong, by=None, at=AT)

    replaced = settle_decision(
        old, state="replaced", reason="Nyt.", replaced_by=new, by=None, at=AT
    )

    assert replaced.replaced_by == new
    assert list(new.replaces.all()) == [old]
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.filter(pk=new.pk).update(state="replaced", settled_on=TODAY)


def test_the_register_finds_every_word_a_decision_ever_had(body):
    decision = resolve(body)
    other = resolve(body, "Nye kontaktkort", text_da="Kortene prøves.", source="Seminar i Sisimiut")
    change_decision(
        decision,
        seen=decision_seen(decision),
        reason="Kortere.",
        by=None,
        at=AT,
        title_da="Én liste",
        text_da="Kommunerne deler den.",
    )
    everything = Decision.objects.all()

    assert list(searched(everything, "fælles tolke")) == [decision]  # it said so once
    assert list(searched(everything, "liste kommunerne")) == [decision]
    assert list(searched(everything, "sisimiut")) == [other]
    assert list(searched(everything, "2027/2")) == [other]
    assert set(searched(everything, "2027")) == {decision, other}
    assert not searched(everything, "tolke kontaktkort").exists()


def test_words_that_are_searched_for_stand_in_no_address_and_numbers_are_refused(body):
    resolve(body)
    client = client_of(make_member(body, starts_on=timezone.localdate()).person)
    address = reverse("cooperation:decisions")

    found = client.post(address, {"q": "tolke"})
    refused = client.post(address, {"q": "0101" + "01-1234"})

    assert [one.title_da for one in found.context["page"].object_list] == ["Fælles tolke"]
    assert (refused.status_code, list(refused.context["page"].object_list)) == (422, [])


@pytest.mark.parametrize("count", [1, 12])
def test_the_register_asks_the_same_however_much_there_is(
    body, owner, count, django_assert_num_queries
):
    for _ in range(count):
        promise(body, owner, decision=resolve(body))
    client = client_of(make_person(make_role("coordinator")))
    address = reverse("cooperation:decisions")
    client.get(address)

    with django_assert_num_queries(6):
        # account, roles; the groups, how many there are, the decisions; whether one writes
        page = client.get(address)

    assert [one.actions_open for one in page.context["page"].object_list] == [1] * count


# --- Actions --------------------------------------------------------------------------------------


def test_an_action_is_moved_with_a_reason_to_a_later_day(body, owner):
    action = promise(body, owner)
    seen = action.due_on
    later = seen + timedelta(days=7)
    for to_on, reason, code in (
        (seen, "Sygdom.", "late"),
        (seen - timedelta(days=1), "Sygdom.", "late"),
        (later, " ", "empty"),
        (TODAY + timedelta(days=4 * 366), "Sygdom.", "late"),
    ):
        with pytest.raises(CooperationRefused) as refusal:
            move_action(action, to_on=to_on, seen_on=seen, reason=reason, by=owner, at=AT)
        assert refusal.value.code == code

    for _ in range(2):
        move_action(action, to_on=later, seen_on=seen, reason="Sygdom.", by=owner, at=AT)

    action.refresh_from_db()
    assert action.due_on == later
    assert [(one.from_on, one.to_on) for one in action.moves.all()] == [(seen, later)]
    with pytest.raises(CooperationRefused) as changed:
        move_action(
            action, to_on=later + timedelta(days=1), seen_on=seen, reason="Mere.", by=None, at=AT
        )
    assert changed.value.code == "changed"


def test_done_or_given_up_says_why_and_only_once(body, owner):
    action = promise(body, owner)
    with pytest.raises(CooperationRefused):
        finish_action(action, note=" ", by=owner, at=AT)
    for _ in range(2):
        finish_action(action, note="Listen er skrevet.", by=owner, at=AT)

    with pytest.raises(CooperationRefused) as refusal:
        drop_action(action, note="Nej.", by=owner, at=AT)

    assert refusal.value.code == "closed"
    action.refresh_from_db()
    assert (action.done_on, action.dropped_on, action.settled_by) == (TODAY, None, owner)


def test_somebody_else_does_it_and_is_told(body, owner):
    action = promise(body, owner, by=owner)
    other = make_member(body).person
    assert not Notice.objects.exists()  # whoever gives it to oneself knows

    pass_on(action, owner=other, seen=owner.pk, by=owner, at=AT)
    with pytest.raises(CooperationRefused) as refusal:
        pass_on(action, owner=owner, seen=owner.pk, by=None, at=AT)

    assert refusal.value.code == "changed"
    assert [one.person for one in Notice.objects.filter(kind="cooperation.action_given")] == [other]


@pytest.mark.parametrize("reason", ["", "Hun er på orlov."])
def test_who_did_it_before_and_who_passed_it_on_stays_to_be_read(body, owner, reason):
    action = promise(body, owner)
    chair, other = make_member(body, role="chair").person, make_member(body).person
    client = Client()
    client.force_login(chair.user)
    page = reverse("cooperation:change-action", args=[action.pk, "giv-videre"])

    for _time in range(2):
        client.post(page, {"owner": other.pk, "seen": owner.pk, "reason": reason})

    [move] = action.moves.all()
    assert (move.from_owner, move.to_owner, move.moved_by) == (owner, other, chair)
    assert (move.from_on, move.to_on, move.reason) == (None, None, reason)
    text = client.get(action.get_absolute_url()).text
    assert f"{owner.name} → {other.name}, {chair.name}" in text
    assert reason in text


def test_what_is_neither_moved_nor_passed_on_is_no_move(body, owner):
    action = promise(body, owner)
    for facts in ({}, {"to_on": TODAY}, {"to_owner": owner}, {"from_on": TODAY, "to_on": TODAY}):
        with pytest.raises(IntegrityError), transaction.atomic():
            action.moves.create(reason="Fordi.", moved_at=AT, **facts)


@pytest.mark.parametrize(
    ("days", "told"),
    [(8, []), (7, ["soon"]), (0, ["soon"]), (-1, ["late", "late_there"])],
)
def test_owners_are_reminded_a_week_before_and_chairs_of_what_is_late(body, owner, days, told):
    chair = make_member(body, role="chair").person
    promise(body, owner, due_on=TODAY + timedelta(days=days))
    Notice.objects.all().delete()

    for _ in range(2):  # runs again
        remind(AT)

    told_of = list(Notice.objects.all())
    kinds = {one.kind.removeprefix("cooperation.action_"): one.person for one in told_of}
    assert len(told_of) == len(told)
    assert sorted(kinds) == told
    assert kinds.get("late_there", chair) == chair
    assert all(person == owner for kind, person in kinds.items() if kind != "late_there")


def test_nobody_is_reminded_at_night_or_of_what_is_done(body, owner):
    action = promise(body, owner, due_on=TODAY)
    Notice.objects.all().delete()

    assert remind(AT.replace(hour=3)) == 0
    finish_action(action, note="Gjort.", by=owner, at=AT)
    assert remind(AT) == 0
    assert not Notice.objects.exists()


@pytest.mark.parametrize("role", ["owner", "chair", "member", "other"])
def test_an_owner_finishes_and_moves_whoever_runs_the_group_also_passes_on_and_gives_up(body, role):
    today = timezone.localdate()
    owner = make_person(make_role("caseworker", make_town()))  # no seat: the action is enough
    people = {
        "owner": owner,
        "chair": make_member(body, role="chair").person,
        "member": make_member(body).person,
        "other": make_person(make_role("coordinator", make_town("Sisimiut").municipality)),
    }
    action = promise(body, owner, due_on=today, at=timezone.now())
    client = client_of(people[role])

    page = client.get(action.get_absolute_url())
    answers = {
        step: client.post(reverse("cooperation:change-action", args=[action.pk, step])).status_code
        for step in ("gjort", "flyt", "giv-videre", "opgiv", "andet")
    }

    allowed = {"owner": 2, "chair": 4, "member": 0, "other": 0}[role]
    assert page.status_code == (404 if role == "other" else 200)
    assert list(answers.values()) == [422] * allowed + [404] * (5 - allowed)


def test_what_is_due_stands_on_the_first_page(body):
    today, now = timezone.localdate(), timezone.now()
    owner = make_person(make_role("leader", make_town()))
    make_member(body, owner, starts_on=today)
    chair = make_member(body, role="chair", starts_on=today).person
    promise(body, owner, text="For sent", due_on=today - timedelta(days=1), at=now)
    promise(body, owner, text="Snart", due_on=today + timedelta(days=30), at=now)
    promise(body, owner, text="Senere", due_on=today + timedelta(days=31), at=now)

    pages = {
        name: client_of(person).get("/da/start/").content.decode()
        for name, person in (("owner", owner), ("chair", chair))
    }

    assert [text in pages["owner"] for text in ("For sent", "Snart", "Senere")] == [
        True,
        True,
        False,
    ]
    assert [text in pages["chair"] for text in ("For sent", "Snart")] == [True, False]
