"""Between two meetings nothing disappears: what is open is on the next agenda by itself."""

import random
import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from cooperation.decisions.actions import (
    decide,
    drop_action,
    finish_action,
)
from cooperation.meetings import actions
from cooperation.meetings.agenda import OpenThings, carried_to
from cooperation.meetings.minutes import content_of, hash_of
from cooperation.models import Action, AgendaItem, Body, Meeting
from cooperation.refusals import CooperationRefused
from notices.models import Notice
from people.models import Person
from tests.cooperation.meeting import hold, plan, promise, put, titles, write
from tests.factories.cooperation import make_body, make_member
from tests.factories.people import AT

pytestmark = pytest.mark.django_db
TODAY = AT.date()
State = Meeting.State


@pytest.fixture
def body() -> Body:
    return make_body()


@pytest.fixture
def chair(body: Body) -> Person:
    return make_member(body, role="chair").person


# --- What is open comes along ---------------------------------------------------------------------


def test_what_is_open_stands_on_the_next_agenda_and_becomes_items_when_it_begins(body, chair):
    first, second = plan(body, AT), plan(body, AT + timedelta(days=90))
    postponed, dealt, unsaid = (put(first, name) for name in ("Udsat", "Behandlet", "Uden ord"))
    hold(first)
    write(postponed, "postponed")
    write(dealt)
    action = promise(body, chair, item=postponed)
    decision = decide(
        body,
        key=uuid.uuid4(),
        title_da="Fælles tolke",
        text_da="",
        decided_on=TODAY,
        by=None,
        at=AT,
    )

    carried = carried_to(second, at=AT + timedelta(days=1))

    assert [one.title for one in carried.items] == ["Udsat", "Uden ord"]
    assert (carried.actions, carried.decisions) == ([action], [decision])
    put(second, "Nyt")
    hold(second)
    assert titles(second) == ["Nyt", "Udsat", "Uden ord", "Fælles tolke", "Skriv ud"]
    assert second.items.get(title="Udsat").earlier == postponed
    assert second.items.get(title="Uden ord").earlier == unsaid


def test_what_was_settled_meanwhile_is_gone_and_what_is_new_is_there(body, chair):
    meeting = plan(body, AT + timedelta(days=30))
    done, dropped, stays = (promise(body, chair, text) for text in ("A", "B", "C"))
    finish_action(done, note="Gjort.", by=chair, at=AT)
    drop_action(dropped, note="Ikke nødvendigt mere.", by=chair, at=AT)

    assert carried_to(meeting, at=AT).actions == [stays]
    new = promise(body, chair, "D")
    assert set(carried_to(meeting, at=AT).actions) == {stays, new}


def test_the_agenda_of_a_cancelled_meeting_goes_to_the_next_one(body):
    first, second = plan(body, AT + timedelta(days=3)), plan(body, AT + timedelta(days=90))
    item = put(first)

    assert carried_to(second, at=AT).items == []  # the first one comes before
    actions.cancel(first, reason="Flyet er aflyst.", by=None, at=AT)

    assert carried_to(second, at=AT).items == [item]


def test_a_meeting_that_went_by_unheld_keeps_nothing_from_the_next(body):
    forgotten = plan(body, AT - timedelta(days=2))
    item = put(forgotten)
    coming = plan(body, AT + timedelta(days=2))

    assert carried_to(coming, at=AT) == OpenThings([item], [], [])
    assert carried_to(forgotten, at=AT).items == []  # its own items are no earlier ones


def test_minutes_that_begin_after_a_later_meeting_was_held_take_nothing_from_the_next(body, chair):
    late, held = plan(body, AT - timedelta(days=90)), plan(body, AT - timedelta(days=30))
    taken = put(late)
    hold(held)  # it takes up what the forgotten one left
    again = write(held.items.get(earlier=taken), "postponed")
    action = promise(body, chair)
    coming = plan(body, AT + timedelta(days=30))
    assert carried_to(late, at=AT) == OpenThings([], [], [], elsewhere=held)

    actions.begin(late, by=None, at=AT)

    assert titles(late) == [taken.title]
    write(taken)  # what the later meeting said of it stands
    assert carried_to(coming, at=AT) == OpenThings([again], [], [action])


def test_open_things_stand_on_the_next_agenda_alone(body, chair):
    soon, later = plan(body, AT + timedelta(days=3)), plan(body, AT + timedelta(days=90))
    promise(body, chair)

    assert len(carried_to(soon, at=AT)) == 1
    assert len(carried_to(later, at=AT)) == 0
    assert carried_to(later, at=AT).elsewhere == soon
    hold(soon)
    assert len(carried_to(later, at=soon.starts_at)) == 1


def test_things_of_another_group_never_come_along(body, chair):
    other = make_body()
    promise(other, chair)
    meeting = plan(body, AT + timedelta(days=3))

    assert not carried_to(meeting, at=AT)


@pytest.mark.parametrize("seed", range(12))
def test_whatever_happens_everything_open_is_on_the_next_agenda(body, chair, seed):
    """Meetings are planned, held, cancelled and forgotten in any order; nothing gets lost."""
    chance = random.Random(seed)
    now = AT
    entered: dict[str, bool] = {}  # a book kept beside: what there is, and whether it is open

    for step in range(14):
        now += timedelta(days=chance.randint(1, 20))
        if body.meetings.to_come().filter(starts_at__gte=now).count() < 2:
            starts_at = now + timedelta(days=chance.randint(21, 60), minutes=step)
            plan(body, starts_at, at=now)
        meeting = chance.choice(list(body.meetings.to_come().order_by("starts_at")))
        put(meeting, f"Punkt {step}")
        promise(body, chair, f"Aktion {step}", at=now, due_on=now.date())
        entered |= {f"Punkt {step}": True, f"Aktion {step}": True}
        match chance.choice(["hold", "hold", "cancel", "forget", "finish"]):
            case "cancel":
                actions.cancel(meeting, reason="Vejret.", by=None, at=now)
            case "finish":
                action = chance.choice(list(Action.objects.open().order_by("due_on")))
                finish_action(action, note="Gjort.", by=chair, at=now)
                entered[action.text] = False
            case "hold":
                now = max(now, meeting.starts_at)
                actions.begin(meeting, by=None, at=now)
                for item in meeting.items.filter(kind="own"):
                    outcome = chance.choice(["dealt", "postponed", ""])
                    write(item, outcome)
                    # Of what a later meeting took up, its minutes tell.
                    if not AgendaItem.objects.filter(earlier=item).exists():
                        entered[item.title] = outcome != "dealt"

        coming = list(body.meetings.to_come().filter(starts_at__gte=now).order_by("starts_at"))
        coming = coming or [plan(body, now + timedelta(days=70, minutes=step), at=now)]
        carried = carried_to(coming[0], at=now)
        shown = {one.title for one in carried.items} | {one.text for one in carried.actions}
        shown |= {item.title for one in coming for item in one.items.all()}
        assert shown == {title for title, is_open in entered.items() if is_open}


# --- The life of a meeting ------------------------------------------------------------------------


def test_begun_twice_it_is_begun_once(body, chair):
    meeting = plan(body, AT)
    promise(body, chair)

    hold(meeting)
    hold(meeting)

    assert meeting.items.count() == 1


@pytest.mark.parametrize(("minutes", "is_early"), [(-121, True), (-120, False), (0, False)])
def test_minutes_begin_two_hours_before_at_the_earliest(body, minutes, is_early):
    meeting = plan(body, AT)
    at = AT + timedelta(minutes=minutes)

    if is_early:
        with pytest.raises(CooperationRefused) as refusal:
            actions.begin(meeting, by=None, at=at)
        assert refusal.value.code == "early"
    else:
        assert actions.begin(meeting, by=None, at=at).state == State.HELD


def test_minutes_are_sent_then_approved_and_then_they_never_change(body, chair):
    meeting = plan(body, AT)
    item = put(meeting)
    hold(meeting)
    write(item)
    actions.note_attendance(meeting, {body.members.get(): "present"})
    seen = hash_of(meeting)
    with pytest.raises(CooperationRefused) as unsent:
        actions.approve(meeting, seen=seen, by=chair, at=AT)
    actions.send_minutes(meeting, by=chair, at=AT)

    approved = actions.approve(meeting, seen=seen, by=chair, at=AT)

    assert unsent.value.code == "step"
    assert approved.state == State.APPROVED
    assert approved.content == content_of(meeting)
    for change in (
        lambda: write(item, "postponed"),
        lambda: put(approved),
        lambda: actions.note_attendance(approved, {}),
        lambda: actions.reopen(approved),
        lambda: promise(body, chair, item=item),
    ):
        with pytest.raises(CooperationRefused):
            change()
    approved.refresh_from_db()
    assert approved.sha256 == hash_of(approved)


def test_who_approves_has_read_what_is_approved(body, chair):
    meeting = plan(body, AT)
    item = put(meeting)
    hold(meeting)
    actions.send_minutes(meeting, by=chair, at=AT)
    seen = hash_of(meeting)
    write(item, minutes="Ændret.")

    with pytest.raises(CooperationRefused) as refusal:
        actions.approve(meeting, seen=seen, by=chair, at=AT)

    assert refusal.value.code == "changed"


def test_two_secretaries_do_not_overwrite_each_other(body):
    meeting = plan(body, AT)
    item = put(meeting)
    hold(meeting)
    seen = actions.item_seen(item)
    actions.write_item(item, minutes="Den ene.", outcome="", seen=seen, by=None, at=AT)

    actions.write_item(item, minutes="Den ene.", outcome="", seen=seen, by=None, at=AT)  # twice
    with pytest.raises(CooperationRefused) as refusal:
        actions.write_item(item, minutes="Den anden.", outcome="", seen=seen, by=None, at=AT)

    assert refusal.value.code == "changed"
    item.refresh_from_db()
    assert item.minutes == "Den ene."


def test_a_cancelled_meeting_says_why_and_is_not_held(body):
    meeting = plan(body, AT)
    with pytest.raises(CooperationRefused) as refusal:
        actions.cancel(meeting, reason=" ", by=None, at=AT)
    cancelled = actions.cancel(meeting, reason="Vejret.", by=None, at=AT)

    assert refusal.value.code == "empty"
    with pytest.raises(CooperationRefused) as held:
        hold(cancelled)
    assert held.value.code == "step"
    with pytest.raises(IntegrityError), transaction.atomic():
        Meeting.objects.filter(pk=meeting.pk).update(cancelled_reason="")


def test_a_meeting_lies_in_the_period_of_its_group(body):
    Body.objects.filter(pk=body.pk).update(ends_on=TODAY + timedelta(days=10))
    body.refresh_from_db()

    assert plan(body, AT + timedelta(days=9)).pk
    with pytest.raises(CooperationRefused) as refusal:
        plan(body, AT + timedelta(days=10))
    assert refusal.value.code == "period"


def test_items_change_places_before_the_meeting_and_not_after(body):
    meeting = plan(body, AT)
    first, second, third = (put(meeting, name) for name in ("A", "B", "C"))

    actions.move_item(third, up=True)
    actions.move_item(first, up=True)  # it stands first already
    actions.move_item(first, up=False)

    assert titles(meeting) == ["C", "A", "B"]
    actions.take_off(second)
    assert titles(meeting) == ["C", "A"]
    hold(meeting)
    with pytest.raises(CooperationRefused):
        actions.take_off(first)


def test_the_members_are_told_once_and_not_whoever_did_it(
    body, chair, django_capture_on_commit_callbacks
):
    member = make_member(body).person
    make_member(body, ends_on=TODAY)  # left today
    meeting = plan(body, AT + timedelta(days=3))

    for _ in range(2):
        actions.call(meeting, by=chair, at=AT)

    told = Notice.objects.filter(kind="cooperation.meeting_called")
    assert [notice.person for notice in told] == [member]
