"""Many at once: numbers are given once, minutes begin once, a double press is one."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from cooperation.decisions.actions import decide, finish_action, give_action
from cooperation.meetings import actions as meetings
from cooperation.models import Action, AgendaItem, Body, Decision, ToldTables
from cooperation.refusals import CooperationRefused
from cooperation.reports.actions import begin_report
from cooperation.reports.content import HIDDEN, Scope, figure_in
from tests.at_once import at_once
from tests.cooperation.reports.test_told_before import AFTER_NEXT, NEXT, make_rated, rate
from tests.factories.cooperation import make_body, make_member
from tests.factories.mentoring import make_competence, make_town
from tests.factories.people import AT
from tests.factories.reports import HALF, make_coordinator, make_learners

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS = 8


def together(work: Callable[[int], Any]) -> list[Any]:
    return at_once(WRITERS, work, refusals=(CooperationRefused,))


def resolve(body: Body, key: uuid.UUID) -> Decision:
    facts = {"title_da": "Tolk i tide", "text_da": "", "decided_on": AT.date()}
    return decide(body, key=key, **facts, by=None, at=AT)


def test_decisions_made_at_once_have_each_a_number_of_their_own() -> None:
    body = make_body()

    together(lambda _number: resolve(body, uuid.uuid4()))

    numbers = Decision.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, WRITERS + 1))


def test_one_decision_sent_many_times_is_one() -> None:
    body, key = make_body(), uuid.uuid4()

    answers = together(lambda _number: resolve(body, key))

    assert {answer.pk for answer in answers} == {key}
    assert Decision.objects.get().versions.count() == 1


def test_minutes_that_several_begin_take_up_what_is_open_once() -> None:
    body = make_body()
    owner = make_member(body).person
    give_action(
        body, key=uuid.uuid4(), text="Skriv", owner=owner, due_on=AT.date(), by=owner, at=AT
    )
    meeting = meetings.save_meeting(
        body,
        key=uuid.uuid4(),
        starts_at=AT,
        duration_minutes=60,
        place=None,
        room="",
        note="",
        seen=None,
        by=None,
        at=AT - timedelta(days=9),
    )

    together(lambda _number: meetings.begin(meeting, by=None, at=AT))

    assert AgendaItem.objects.filter(meeting=meeting).count() == 1


def test_one_of_several_who_finish_an_action_is_its_last_word() -> None:
    body = make_body()
    owner = make_member(body).person
    action = give_action(
        body, key=uuid.uuid4(), text="Skriv", owner=owner, due_on=AT.date(), by=owner, at=AT
    )

    answers = together(
        lambda number: finish_action(action, note=f"Svar {number}.", by=owner, at=AT)
    )

    done = [answer for answer in answers if isinstance(answer, Action)]
    refused = [answer for answer in answers if isinstance(answer, CooperationRefused)]
    assert (len(done), len(refused)) == (1, WRITERS - 1)
    assert {refusal.code for refusal in refused} == {"closed"}
    assert Action.objects.get().note == done[0].note


def test_of_drafts_that_are_begun_at_once_one_is_held_against_the_other() -> None:
    """4 hidden in the one and 5 in the other, and one more in all: not both are shown."""
    town = make_town("Upernavik", "Avannaata Kommunia")
    competence = make_competence()
    for level, people in make_rated(town, competence, 4, 7, 12).items():
        rate(people, competence, level, half=NEXT)
    rate(make_learners(town, 1), competence, "not_yet", half=NEXT)
    by = make_coordinator(town.municipality)

    together(
        lambda number: begin_report(
            Scope(municipality=town.municipality), (HALF, NEXT)[number % 2], by=by, at=AFTER_NEXT
        )
    )

    told = ToldTables.objects.order_by("year", "half").values_list("tables", flat=True)
    older, newer = (figure_in(one, "ratings", "not_yet") for one in told)
    assert older is not None
    assert newer is not None
    assert older["total"] == HIDDEN
    assert newer["total"] == HIDDEN or figure_in(told[0], "ratings", "all")["total"] == HIDDEN
