"""What is followed up after a mentor has left: whose it is, done, moved, and who is reminded."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.models import AccessLog
from core.periods import months_after
from mentoring.actions.outcomes import LookAgain
from mentoring.handover.follow_ups import finish, give, move, remind
from mentoring.models import FollowUp, FollowUpMove, Pairing
from notices.models import Notice
from people.models import Person, Role
from tests.factories.mentoring import (
    caseworker_of,
    make_pairing,
    make_person,
    make_town,
    mentor_of,
    people_of,
)
from tests.factories.rounds import make_need, make_round
from tests.mentoring.handover.doing import CPR, confirmed, member_of, refused, today

pytestmark = pytest.mark.django_db
Browse = Callable[[Person], Client]


@pytest.fixture
def follow_up(pairing: Pairing, receiver: Person) -> FollowUp:
    """The first of the three."""
    confirmed(pairing, receiver)
    return FollowUp.objects.select_related("handover__member__pairing__place").get(months=1)


@pytest.fixture
def leader(pairing: Pairing) -> Person:
    return make_person("leader", place=pairing.place, name="Leder Demo")


def page(follow_up: FollowUp, what: str = "follow-up") -> str:
    return reverse(f"mentoring:{what}", args=[follow_up.pk])


def due(follow_up: FollowUp, days: int) -> None:
    FollowUp.objects.filter(pk=follow_up.pk).update(due_on=today() + timedelta(days=days))


# --- Actions --------------------------------------------------------------------------------------


def test_done_once_with_a_guarded_note(follow_up: FollowUp, receiver: Person) -> None:
    options = {"by": receiver, "at": timezone.now()}
    assert refused(finish, follow_up, note=" ", **options) == "empty"
    for note in (CPR, "x" * 501):
        with pytest.raises(ValidationError):
            finish(follow_up, note=note, **options)
    with pytest.raises(LookAgain):
        finish(follow_up, note="Drengen på 8 år er flyttet.", **options)

    for _press in range(2):
        finish(follow_up, note="Det går godt.", **options)

    follow_up.refresh_from_db()
    assert (follow_up.done_on, follow_up.done_by) == (today(), receiver)
    assert follow_up.note == "Det går godt."
    assert refused(finish, follow_up, note="Noget andet.", **options) == "changed"


def test_moved_once_with_a_reason_to_a_later_day(follow_up: FollowUp, receiver: Person) -> None:
    was = follow_up.due_on
    to_on = was + timedelta(days=7)
    options = {"by": receiver, "seen_on": was, "at": timezone.now()}
    assert refused(move, follow_up, to_on=to_on, reason="", **options) == "empty"
    with pytest.raises(ValidationError):
        move(follow_up, to_on=to_on, reason=CPR, **options)
    for day in (was, was - timedelta(days=1), today() + timedelta(days=367)):
        with pytest.raises(ValidationError) as refusal:
            move(follow_up, to_on=day, reason="Flyet er aflyst.", **options)
        assert list(refusal.value.message_dict) == ["to_on"]

    for _press in range(2):
        move(follow_up, to_on=to_on, reason="Flyet er aflyst.", **options)

    follow_up.refresh_from_db()
    assert follow_up.due_on == to_on
    moved = FollowUpMove.objects.get()
    assert (moved.from_on, moved.to_on, moved.moved_by) == (was, to_on, receiver)
    other = {"to_on": to_on + timedelta(days=7), "reason": "Igen."}
    assert refused(move, follow_up, **other, **options) == "changed"


def test_a_late_one_is_moved_to_today_at_the_earliest(
    follow_up: FollowUp, receiver: Person
) -> None:
    due(follow_up, -20)
    options = {"by": receiver, "seen_on": today() - timedelta(days=20), "at": timezone.now()}
    with pytest.raises(ValidationError):
        move(follow_up, to_on=today() - timedelta(days=1), reason="Syg.", **options)

    move(follow_up, to_on=today(), reason="Syg.", **options)


def test_done_is_neither_moved_nor_given_away(
    follow_up: FollowUp, receiver: Person, leader: Person
) -> None:
    at = timezone.now()
    finish(follow_up, by=receiver, note="Det går godt.", at=at)
    later = follow_up.due_on + timedelta(days=7)
    options = {"to_on": later, "seen_on": follow_up.due_on, "reason": "Syg.", "at": at}
    assert refused(move, follow_up, by=receiver, **options) == "changed"
    assert refused(give, follow_up, owner=leader, seen=receiver.pk, by=leader, at=at) == "changed"


def test_leader_names_the_owner_who_is_told(
    follow_up: FollowUp, receiver: Person, leader: Person, pairing: Pairing
) -> None:
    owner, at = caseworker_of(pairing), timezone.now()
    Notice.objects.all().delete()
    away = make_person("caseworker", place=make_town("Uummannaq"))
    left = make_person("caseworker", ends_on=today())
    for person in (away, left):
        options = {"owner": person, "seen": receiver.pk, "by": leader, "at": at}
        assert refused(give, follow_up, **options) == "receiver"

    give(follow_up, owner=owner, seen=receiver.pk, by=leader, at=at)
    give(follow_up, owner=owner, seen=receiver.pk, by=leader, at=at)

    follow_up.refresh_from_db()
    assert follow_up.owner == owner
    (notice,) = Notice.objects.all()
    assert (notice.person, notice.kind) == (owner, "mentoring.follow_up_given")
    assert notice.facts == {"town": "Upernavik", "due_on": follow_up.due_on.isoformat()}
    second = {"owner": leader, "seen": receiver.pk, "by": leader, "at": at}
    assert refused(give, follow_up, **second) == "changed"


# --- Whose it is ----------------------------------------------------------------------------------


def move_on(person: Person) -> None:
    """Their role is in another town from today on."""
    person.roles.all().delete()
    away = make_town("Uummannaq")
    Role.objects.create(person=person, key="mentor", scope="town", place=away, starts_on=today())


def test_one_whose_owner_has_moved_on_is_asked_for_anew(
    follow_up: FollowUp, receiver: Person, leader: Person, browse: Browse
) -> None:
    due(follow_up, 6)
    title = page(follow_up)
    assert title in browse(receiver).get(reverse("start")).content.decode()
    assert title not in browse(leader).get(reverse("start")).content.decode()

    move_on(receiver)

    assert title not in browse(receiver).get(reverse("start")).content.decode()
    assert title in browse(leader).get(reverse("start")).content.decode()
    assert remind(noon()) == 1
    assert told(receiver) == []
    assert told(leader) == ["unowned"]


@pytest.mark.parametrize(
    ("key", "is_local"), [("mentor", True), ("travelling", False), ("caseworker", None)]
)
def test_a_mentor_who_takes_over_leaves_them_to_the_local_owner(
    pairing: Pairing, leader: Person, key: str, is_local: bool | None
) -> None:
    planned = make_round(pairing.place)
    need = make_need(planned, pairing.place, owner=leader)
    need.pairing = pairing
    need.save()
    if is_local is None:  # the owner works there no more
        leader.roles.update(ends_on=today())
        key = "mentor"
    taker = make_person(key, place=pairing.place)

    confirmed(pairing, taker)

    owners = set(FollowUp.objects.values_list("owner", flat=True))
    assert owners == {leader.pk if is_local else taker.pk}


# --- Reminders ------------------------------------------------------------------------------------


def noon(days: int = 0) -> datetime:
    return datetime.combine(today() + timedelta(days=days), time(12), ZoneInfo("America/Nuuk"))


def told(person: Person) -> list[str]:
    """The kinds of messages about follow-ups, by name."""
    kinds = Notice.objects.filter(person=person).values_list("kind", flat=True)
    found = [kind.removeprefix("mentoring.follow_up_") for kind in kinds if "follow_up" in kind]
    return sorted(found)


def test_owner_is_reminded_a_week_before_once(follow_up: FollowUp, receiver: Person) -> None:
    due(follow_up, 8)
    assert remind(noon()) == 0
    assert remind(noon(1)) == 1
    assert remind(noon(2)) == 0
    assert told(receiver) == ["soon"]


def test_late_ones_reach_leader_and_coordinator_once_for_each_day(
    follow_up: FollowUp, receiver: Person, leader: Person, pairing: Pairing
) -> None:
    coordinator = make_person("coordinator", scope="country")
    elsewhere = make_person("leader", place=make_town("Uummannaq"))
    gone = make_person("leader", ends_on=today())
    due(follow_up, 0)
    remind(noon())
    assert (told(receiver), told(leader)) == (["soon"], [])

    for days in (1, 2):
        remind(noon(days))

    assert told(receiver) == ["late", "soon"]
    assert told(leader) == told(coordinator) == ["late_there"]
    assert told(elsewhere) == told(gone) == []
    move(
        follow_up,
        by=receiver,
        to_on=today() + timedelta(days=4),
        seen_on=today(),
        reason="Syg.",
        at=noon(2),
    )
    remind(noon(2))
    remind(noon(5))
    assert told(receiver) == ["late", "late", "soon", "soon"]


def test_one_that_nobody_owns_asks_the_leader(follow_up: FollowUp, leader: Person) -> None:
    FollowUp.objects.filter(pk=follow_up.pk).update(owner=None)
    due(follow_up, 5)
    remind(noon())
    assert told(leader) == ["unowned"]


def test_nobody_is_told_at_night_or_of_what_is_done(follow_up: FollowUp, receiver: Person) -> None:
    due(follow_up, -1)
    night = datetime.combine(today(), time(3), ZoneInfo("America/Nuuk"))
    assert remind(night) == 0
    finish(follow_up, by=receiver, note="Det går godt.", at=timezone.now())
    assert remind(noon()) == 0


# --- Pages ----------------------------------------------------------------------------------------


def test_owner_sees_it_does_it_and_a_leader_reads_what_was_seen(
    follow_up: FollowUp, receiver: Person, leader: Person, browse: Browse
) -> None:
    client = browse(receiver)
    form = client.get(page(follow_up)).context["done_form"]
    assert form is not None
    for note in ("", CPR, "x" * 501, "Drengen på 8 år."):
        response = client.post(page(follow_up, "finish-follow-up"), {"note": note})
        assert response.status_code == 422, note
        if note != CPR:
            assert response.context["done_form"]["note"].value() == note
    seen = response.context["form"].texts_seen
    given = {"note": "Drengen på 8 år.", "as_it_is": seen}
    assert client.post(page(follow_up, "finish-follow-up"), given).status_code == 302

    said = browse(leader).get(page(follow_up)).content.decode()
    assert "Drengen på 8 år." in said
    again = client.post(page(follow_up, "finish-follow-up"), {"note": "Noget andet."})
    assert again.status_code == 422
    assert AccessLog.objects.filter(
        actor=leader.user, action="view", kind="mentoring.followup"
    ).exists()


def test_owner_moves_it(follow_up: FollowUp, receiver: Person, browse: Browse) -> None:
    client, address = browse(receiver), page(follow_up, "move-follow-up")
    later = str(follow_up.due_on + timedelta(days=3))
    given = {"to_on": later, "reason": "Syg.", "seen_on": str(follow_up.due_on)}
    wrong = [
        {"to_on": ""},
        {"to_on": "x"},
        {"to_on": str(follow_up.due_on)},
        {"reason": ""},
        {"reason": CPR},
        {"seen_on": "x"},
    ]
    for change in wrong:
        assert client.post(address, given | change).status_code == 422, change

    assert client.post(address, given).status_code == 302

    follow_up.refresh_from_db()
    assert str(follow_up.due_on) == later


def test_leader_and_coordinator_name_the_owner(
    follow_up: FollowUp, pairing: Pairing, leader: Person, browse: Browse
) -> None:
    coordinator, owner = make_person("coordinator", place=pairing.place), caseworker_of(pairing)
    client = browse(leader)
    form = client.get(page(follow_up)).context["owner_form"]
    address = page(follow_up, "follow-up-owner")
    assert client.post(address, {"owner": "", "seen": ""}).status_code == 422
    assert client.post(address, {"owner": str(owner.pk), "seen": ""}).status_code == 422

    given = {"owner": str(owner.pk), "seen": str(form.initial["seen"])}
    assert client.post(address, given).status_code == 302

    assert page(follow_up) in browse(owner).get(reverse("mentoring:follow-ups")).content.decode()
    back = {"owner": str(coordinator.pk), "seen": str(owner.pk)}
    assert browse(coordinator).post(address, back).status_code == 302


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("owner", 200),
        ("leader", 200),
        ("coordinator", 200),
        ("the mentor", 404),
        ("a caseworker", 404),
        ("leader elsewhere", 404),
        ("administrator", 404),
        ("owner whose role ended", 404),
    ],
)
def test_who_finds_a_follow_up(
    *,
    follow_up: FollowUp,
    pairing: Pairing,
    receiver: Person,
    leader: Person,
    browse: Browse,
    who: str,
    status: int,
) -> None:
    person = {
        "owner": lambda: receiver,
        "leader": lambda: leader,
        "coordinator": lambda: make_person("coordinator", scope="country"),
        "the mentor": lambda: mentor_of(pairing),
        "a caseworker": lambda: caseworker_of(pairing),
        "leader elsewhere": lambda: make_person("leader", place=make_town("Uummannaq")),
        "administrator": lambda: make_person("administrator", scope="country"),
        "owner whose role ended": lambda: receiver,
    }[who]()
    if who == "owner whose role ended":
        Role.objects.filter(person=receiver).update(ends_on=today())
    client = browse(person)

    assert client.get(page(follow_up)).status_code == status
    may_finish = status == 200 and who == "owner"
    finishing = client.post(page(follow_up, "finish-follow-up"), {"note": ""})
    assert finishing.status_code == (422 if may_finish else 404)
    may_name = who in {"leader", "coordinator"}
    naming = client.post(page(follow_up, "follow-up-owner"), {"owner": ""})
    assert naming.status_code == (422 if may_name else 404)


@pytest.mark.parametrize("name", ["finish-follow-up", "move-follow-up", "follow-up-owner"])
def test_nothing_is_changed_by_reading(
    follow_up: FollowUp, receiver: Person, browse: Browse, name: str
) -> None:
    assert browse(receiver).get(page(follow_up, name)).status_code == 405


def test_start_shows_what_is_due_and_to_those_in_charge_what_is_late(
    follow_up: FollowUp, receiver: Person, leader: Person, pairing: Pairing, browse: Browse
) -> None:
    start, link = reverse("start"), page(follow_up)
    coordinator = make_person("coordinator", place=pairing.place)

    def shown(person: Person) -> bool:
        return link in browse(person).get(start).content.decode()

    due(follow_up, 31)
    assert [shown(one) for one in (receiver, leader, coordinator)] == [False, False, False]
    due(follow_up, 30)
    assert [shown(one) for one in (receiver, leader, coordinator)] == [True, False, False]
    due(follow_up, 0)
    assert [shown(one) for one in (receiver, leader, coordinator)] == [True, False, False]
    due(follow_up, -1)
    assert [shown(one) for one in (receiver, leader, coordinator)] == [True, True, True]
    due(follow_up, 90)
    Role.objects.filter(person=receiver).update(ends_on=today())
    assert [shown(one) for one in (receiver, leader, coordinator)] == [False, True, True]


def test_the_list_is_narrowed_to_what_is_done(
    follow_up: FollowUp, receiver: Person, leader: Person, browse: Browse
) -> None:
    finish(follow_up, by=receiver, note="Det går godt.", at=timezone.now())
    address = reverse("mentoring:follow-ups")

    def rows(**query: str) -> list[FollowUp]:
        return [one for one, _late in browse(leader).get(address, query).context["rows"]]

    assert rows(tilstand="gjort") == [follow_up]
    assert [one.months for one in rows()] == [3, 6]
    assert browse(receiver).get(address).context["rows"] == []


def test_pages_take_the_same_queries_for_one_and_for_many(
    follow_up: FollowUp,
    pairing: Pairing,
    receiver: Person,
    leader: Person,
    count_queries: Callable[[Person, str], int],
) -> None:
    due(follow_up, -1)
    addresses = [
        (person, address)
        for person in (receiver, leader)
        for address in (reverse("mentoring:follow-ups"), page(follow_up), reverse("start"))
    ]
    for_one = [count_queries(person, address) for person, address in addresses]

    for _number in range(5):
        confirmed(make_pairing(place=pairing.place), receiver)
    FollowUp.objects.exclude(pk=follow_up.pk).update(due_on=today() - timedelta(days=3))

    assert [count_queries(person, address) for person, address in addresses] == for_one
    assert max(for_one) <= 30


def test_the_first_one_counts_from_the_last_day_of_a_mentor_who_was_there(
    receiver: Person,
) -> None:
    pairing = make_pairing(mentors=2)
    never, mentor = people_of(pairing, "mentor")
    later = today() + timedelta(days=60)
    pairing.members.filter(person=never).update(starts_on=later, ends_on=later)

    confirmed(pairing, receiver, member=member_of(pairing, mentor))

    assert FollowUp.objects.get(months=1).due_on == months_after(today(), 1)


def test_they_are_planned_also_for_a_training_that_ended_on_its_first_day(
    receiver: Person,
) -> None:
    pairing = make_pairing()
    pairing.members.filter(side="mentor").update(starts_on=today())

    confirmed(pairing, receiver)

    assert FollowUp.objects.count() == 3
