"""What was late at the end of a half-year stays late in it, whoever puts it off afterwards."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cooperation.decisions.actions import move_action
from cooperation.models import Action
from cooperation.reports.content import Scope, figure_in
from cooperation.reports.current import computed, frame_of_report, open_rows
from cooperation.reports.sections import section_of
from mentoring.handover.follow_ups import move
from mentoring.models import FollowUp, Handover
from tests.factories.cooperation import make_body
from tests.factories.mentoring import make_pairing, make_town
from tests.factories.people import make_person
from tests.factories.reports import AFTER, HALF, make_report

pytestmark = pytest.mark.django_db
DUE = date(2027, 6, 1)
OCTOBER = date(2027, 10, 1)


@pytest.fixture
def upernavik():
    return make_town("Upernavik", "Avannaata Kommunia")


def make_action(place, due_on=DUE):
    body = make_body(keeper=place.municipality)
    return Action.objects.create(
        body=body, text="Gør det", owner=make_person(), due_on=due_on, written_at=AFTER
    )


def make_follow_up(place, due_on=DUE):
    member = make_pairing(place=place).members.filter(side="mentor").first()
    handover = Handover.objects.create(member=member, begun_at=AFTER)
    return FollowUp.objects.create(handover=handover, months=3, due_on=due_on)


def put_off(thing, to_on, at):
    """Move it as people do."""
    thing.refresh_from_db()
    facts = {"by": make_person(), "to_on": to_on, "seen_on": thing.due_on, "reason": "Stormen"}
    (move_action if isinstance(thing, Action) else move)(thing, at=at, **facts)


KINDS = pytest.mark.parametrize(
    ("section", "make", "first"),
    [("actions", make_action, "due"), ("follow-ups", make_follow_up, "all")],
)


def counted(place, section, first, half=HALF, at=AFTER):
    report = make_report(Scope(municipality=place.municipality), half, at=at)
    content = computed(report, on=at.date())
    frame = frame_of_report(report, on=at.date())
    numbers = []
    for key in (first, "late"):
        number = figure_in(content, section, key)["total"]
        opened = open_rows(frame, content, section_of(section), key, None)
        assert opened.rows.count() == number
        numbers.append(number)
    return tuple(numbers)


@KINDS
def test_what_is_put_off_after_the_half_year_was_late_in_it(upernavik, section, make, first):
    thing = make(upernavik)
    put_off(thing, OCTOBER, HALF.ends_at + timedelta(days=14))
    put_off(thing, OCTOBER + timedelta(days=30), HALF.ends_at + timedelta(days=20))

    assert counted(upernavik, section, first) == (1, 1)
    later = HALF.after.ends_at + timedelta(days=1)
    assert counted(upernavik, section, first, HALF.after, later) == (1, 1)


@KINDS
def test_what_was_put_off_before_it_ended_was_not_due_in_it(upernavik, section, make, first):
    put_off(make(upernavik), OCTOBER, HALF.ends_at - timedelta(seconds=1))

    assert counted(upernavik, section, first) == (0, 0)


@KINDS
def test_what_is_put_off_as_it_ends_was_due_in_it(upernavik, section, make, first):
    put_off(make(upernavik), OCTOBER, HALF.ends_at)

    assert counted(upernavik, section, first) == (1, 1)


@KINDS
def test_the_rows_say_when_it_was_due_then(upernavik, section, make, first):
    put_off(make(upernavik), OCTOBER, AFTER)
    report = make_report(Scope(municipality=upernavik.municipality))
    frame = frame_of_report(report, on=AFTER.date())

    (cells,) = section_of(section).cells(section_of(section).rows(frame, "late"))

    assert DUE in cells
    assert OCTOBER not in cells


@KINDS
def test_it_asks_as_much_for_one_as_for_many(upernavik, section, make, first):
    asked = []
    report = make_report(Scope(municipality=upernavik.municipality))
    frame = frame_of_report(report, on=AFTER.date())
    for many in (1, 5):
        for _ in range(many):
            put_off(make(upernavik), OCTOBER, AFTER)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            section_of(section).figures(frame)
            list(section_of(section).cells(section_of(section).rows(frame, first)))
        asked.append(len(queries))

    assert asked[0] == asked[1] == 2
