"""What must be ready before arrival: who may tick it, who is told, and where it is late."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.periods import local_day
from mentoring.actions import (
    add_item,
    decide_round,
    edit_item,
    remind_owners,
    resume_reminders,
    stop_reminders,
    take_out,
    tick,
    untick,
)
from mentoring.models import Need, ReadinessItem
from notices.actions import choose_mail
from notices.models import Notice
from people.models import Person
from tests.factories.mentoring import AT, TODAY, make_person, make_town
from tests.factories.rounds import make_need, make_round

pytestmark = pytest.mark.django_db
Browse = Callable[[Person], Client]
DAY = timedelta(days=1)


@pytest.fixture
def need() -> Need:
    return make_need(make_round())


@pytest.fixture
def leader() -> Person:
    return make_person("leader", name="Leder Demo 1")


@pytest.fixture
def owner() -> Person:
    person = make_person("caseworker", name="Ansvarlig Demo 1")
    person.email = "ansvarlig@example.org"
    person.save()
    return person


def said(response: Any) -> str:
    main = BeautifulSoup(response.content, "html.parser").main
    return " ".join(main.get_text(" ").split())


# --- The list -------------------------------------------------------------------------------------


def test_the_standard_list_is_due_before_the_arrival(need: Need):
    days = {item.kind: (need.starts_on - item.due_on).days for item in need.items.all()}

    assert days == {
        "cases": 14,
        "translations": 28,
        "interpreter": 21,
        "accounts": 7,
        "workplace": 7,
        "housing": 42,
        "leader": 28,
        "introduction": 7,
    }


def test_each_standard_thing_stands_once_and_ones_own_has_words(need: Need):
    with pytest.raises(IntegrityError), transaction.atomic():
        need.items.create(kind="housing", due_on=TODAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        need.items.create(kind="own", due_on=TODAY)
    add_item(need, title="Cykel", due_on=TODAY)
    add_item(need, title="Nøgle", due_on=TODAY)
    assert need.items.filter(kind="own").count() == 2


def test_it_is_late_from_the_day_after(need: Need):
    item = need.items.get(kind="housing")

    assert not item.is_late(on=item.due_on)
    assert item.is_late(on=item.due_on + DAY)
    assert not ReadinessItem.objects.late(on=item.due_on).exists()
    assert list(ReadinessItem.objects.late(on=item.due_on + DAY)) == [item]


def test_who_was_first_to_tick_stays_and_it_can_be_undone(need: Need, owner: Person):
    item, other = need.items.get(kind="housing"), make_person("leader")
    tick(item, by=owner, at=AT)
    tick(item, by=other, at=AT + DAY)
    item.refresh_from_db()
    assert (item.done_by, item.done_at) == (owner, AT)

    untick(item)
    item.refresh_from_db()
    assert (item.done_by, item.done_at) == (None, None)


def test_nothing_is_late_in_a_round_that_is_put_off_or_for_a_need_that_is_out(need: Need):
    on = need.starts_on
    assert ReadinessItem.objects.late(on=on).exists()
    decide_round(need.round, "put_off", reason="Storm", by=None, at=AT, on=TODAY)
    assert not ReadinessItem.objects.late(on=on).exists()
    decide_round(need.round, "planned", reason="", by=None, at=AT, on=TODAY)
    take_out(need.round, need, at=AT)
    assert not ReadinessItem.objects.late(on=on).exists()


def test_a_local_owner_who_is_named_takes_over_what_is_nobodys_or_was_the_old_ones(owner: Person):
    planned, second, other = make_round(), make_person("leader"), make_person("caseworker")
    need = make_need(planned)
    housing = need.items.get(kind="housing")
    edit_item(housing, owner=other, due_on=housing.due_on)
    tick(need.items.get(kind="cases"), by=other, at=AT)

    def owned() -> dict[Person | None, int]:
        items = need.items.select_related("owner")
        return dict(Counter(item.owner for item in items))

    make_need(planned, need=need, owner=owner)
    assert owned() == {owner: 6, other: 1, None: 1}  # what is done stays nobody's

    need.items.filter(owner=owner).update(told_of=TODAY, told_late_of=TODAY)
    make_need(planned, need=need, owner=owner, seats=2)
    assert need.items.filter(told_of=TODAY).count() == 6
    make_need(planned, need=need, owner=second)
    assert owned() == {second: 6, other: 1, None: 1}
    assert not need.items.exclude(told_of=None, told_late_of=None).exists()

    make_need(planned, need=need)
    assert owned() == {None: 7, other: 1}
    make_need(planned, need=need, kind="remote")
    make_need(planned, need=need, owner=second)
    assert owned() == {second: 7, None: 1}  # housing and workplace came anew


# --- Who may --------------------------------------------------------------------------------------


def test_a_leader_names_owner_and_day_and_ticks_in_the_own_place_alone(
    need: Need, leader: Person, owner: Person, browse: Browse
):
    client, item = browse(leader), need.items.get(kind="housing")
    edit = reverse("mentoring:edit-item", args=[item.pk])

    client.post(edit, {"owner": str(owner.pk), "due_on": "2027-07-01"})
    item.refresh_from_db()
    assert (item.owner, item.due_on.isoformat()) == (owner, "2027-07-01")
    shown = said(client.get(reverse("mentoring:need-ready", args=[need.pk])))
    assert f"torsdag den 1. juli 2027 · {owner.name}" in shown

    client.post(reverse("mentoring:item", args=[item.pk]))
    item.refresh_from_db()
    assert item.done_by == leader
    client.post(reverse("mentoring:item", args=[item.pk]), {"undo": "1"})
    item.refresh_from_db()
    assert item.done_at is None

    elsewhere = browse(make_person("leader", place=make_town("Qaanaaq")))
    for address in (
        reverse("mentoring:need-ready", args=[need.pk]),
        reverse("mentoring:item", args=[item.pk]),
        edit,
    ):
        assert elsewhere.post(address).status_code in {404, 405}
    assert elsewhere.get(reverse("mentoring:need-ready", args=[need.pk])).status_code == 404


def test_an_owner_ticks_the_own_item_and_no_other(need: Need, owner: Person, browse: Browse):
    client = browse(owner)
    own, other = need.items.get(kind="housing"), need.items.get(kind="cases")
    edit_item(own, owner=owner, due_on=own.due_on)

    assert client.post(reverse("mentoring:item", args=[other.pk])).status_code == 404
    assert client.post(reverse("mentoring:edit-item", args=[own.pk])).status_code == 404
    assert client.get(reverse("mentoring:need-ready", args=[need.pk])).status_code == 404
    response = client.post(reverse("mentoring:item", args=[own.pk]))
    assert response.url == reverse("mentoring:ready")
    own.refresh_from_db()
    assert own.done_by == owner


def test_something_of_ones_own_is_added_once_and_with_words(
    need: Need, leader: Person, browse: Browse
):
    client, address = browse(leader), reverse("mentoring:add-item", args=[need.pk])
    data = {"title": "Nøgle til kontoret", "due_on": "2027-08-01", "key": str(need.pk)}

    assert client.post(address, data | {"title": ""}).status_code == 422
    client.post(address, data)
    client.post(address, data)

    assert [item.title for item in need.items.filter(kind="own")] == ["Nøgle til kontoret"]


def test_a_number_in_ones_own_words_is_refused(need: Need, leader: Person, browse: Browse):
    number = "".join(("010190", "1234"))
    data = {"title": f"Ring til {number}", "due_on": "2027-08-01", "key": str(need.pk)}

    response = browse(leader).post(reverse("mentoring:add-item", args=[need.pk]), data)

    assert response.status_code == 422
    assert not need.items.filter(kind="own").exists()


def test_owners_offered_are_those_who_work_there(need: Need, leader: Person, browse: Browse):
    here = make_person("caseworker", name="Her Demo")
    make_person("mentor", name="Mentor Demo")
    make_person("caseworker", name="Der Demo", place=make_town("Qaanaaq"))
    page = browse(leader).get(reverse("mentoring:need-ready", args=[need.pk]))

    form = BeautifulSoup(page.content, "html.parser").select_one("#own-item")
    names = {option.get_text() for option in form.select("[name=owner] option")}

    assert names == {"—", here.name, leader.name}


# --- The start page -------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["leader", "coordinator"])
def test_what_is_late_stands_on_the_start_page_of_who_looks_after_the_place(
    need: Need, role: str, browse: Browse
):
    today = local_day(timezone.now())
    need.items.update(due_on=today)
    need.items.filter(kind="housing").update(due_on=today - DAY)

    shown = said(browse(make_person(role)).get(reverse("start")))
    assert "Upernavik: Bolig er fundet" in shown
    assert "Upernavik: Tolk er bestilt" not in shown
    elsewhere = make_person(role, place=make_town("Qaanaaq"))
    assert "Bolig er fundet" not in said(browse(elsewhere).get(reverse("start")))


def test_what_i_look_after_stands_on_my_start_page_two_weeks_before(
    need: Need, owner: Person, browse: Browse
):
    today = local_day(timezone.now())
    item = need.items.get(kind="housing")
    for days, is_shown in ((15, False), (14, True), (-1, True)):
        edit_item(item, owner=owner, due_on=today + days * DAY)
        page = said(browse(owner).get(reverse("start")))
        assert ("Bolig er fundet" in page) == is_shown, days


# --- Reminders ------------------------------------------------------------------------------------


def noon(day: Any) -> datetime:
    return datetime(day.year, day.month, day.day, 14, 0, tzinfo=UTC)


def reminded(at: datetime, capture: Any) -> int:
    before = len(mail.outbox)
    with capture(execute=True):
        remind_owners(at)
    return len(mail.outbox) - before


def test_an_owner_is_told_a_week_before_and_when_it_is_late_once_each(
    need: Need, owner: Person, django_capture_on_commit_callbacks: Any
):
    def told(days: int) -> int:
        at = noon(item.due_on + days * DAY)
        return reminded(at, django_capture_on_commit_callbacks)

    item = need.items.get(kind="housing")
    edit_item(item, owner=owner, due_on=item.due_on)

    assert [told(days) for days in (-8, -7, -6, 0, 1, 2)] == [0, 1, 0, 0, 1, 0]
    first, last = mail.outbox
    assert first.subject == "Før mentorerne kommer: 1 skal være klar inden for en uge"
    assert (
        last.subject == "Før mentorerne kommer: 1 er forsinket, 0 skal være klar inden for en uge"
    )
    assert first.to == [owner.email]
    assert owner.name in first.body
    assert "/sidemand/klar/" in first.body
    assert "List-Unsubscribe" in first.extra_headers


def test_all_that_one_looks_after_comes_in_one_mail(
    need: Need, owner: Person, django_capture_on_commit_callbacks: Any
):
    for item in need.items.filter(kind__in=["accounts", "workplace", "introduction"]):
        edit_item(item, owner=owner, due_on=item.due_on)
    at = noon(need.starts_on - 10 * DAY)

    assert reminded(at, django_capture_on_commit_callbacks) == 1
    assert mail.outbox[0].subject == "Før mentorerne kommer: 3 skal være klar inden for en uge"


def test_nobody_is_told_at_night_of_what_is_done_or_when_they_have_stopped_it(
    need: Need, owner: Person, django_capture_on_commit_callbacks: Any
):
    item = need.items.get(kind="housing")
    edit_item(item, owner=owner, due_on=item.due_on)
    at = noon(item.due_on)

    assert not reminded(at.replace(hour=5), django_capture_on_commit_callbacks)
    tick(item, by=owner, at=at)
    assert not reminded(at, django_capture_on_commit_callbacks)
    untick(item)
    stop_reminders(owner, at=at)
    assert not reminded(at, django_capture_on_commit_callbacks)
    resume_reminders(owner)
    assert reminded(at + DAY, django_capture_on_commit_callbacks) == 1


def test_who_wants_one_mail_a_week_finds_it_in_the_inbox_in_the_own_language(
    need: Need, owner: Person, browse: Browse, django_capture_on_commit_callbacks: Any
):
    item = need.items.get(kind="housing")
    edit_item(item, owner=owner, due_on=item.due_on)
    choose_mail(owner, "weekly", at=noon(TODAY))

    assert reminded(noon(item.due_on), django_capture_on_commit_callbacks) == 0

    notice = Notice.objects.get(person=owner)
    assert (notice.kind, notice.facts) == ("mentoring.ready_soon", {"late": 0, "soon": 1})
    assert notice.digest_at is not None
    inbox = said(browse(owner).get(reverse("notices:inbox")))
    assert "Før mentorerne kommer: 1 skal være klar inden for en uge" in inbox


def test_a_new_day_and_a_new_owner_are_told_anew(
    need: Need, owner: Person, django_capture_on_commit_callbacks: Any
):
    item, at = need.items.get(kind="housing"), noon(TODAY)
    item = edit_item(item, owner=owner, due_on=TODAY)
    assert reminded(at, django_capture_on_commit_callbacks) == 1
    item = edit_item(item, owner=owner, due_on=TODAY + 2 * DAY)
    assert reminded(at, django_capture_on_commit_callbacks) == 1
    second = make_person("leader")
    second.email = "leder@example.org"
    second.save()
    edit_item(item, owner=second, due_on=TODAY + 2 * DAY)
    item.refresh_from_db()
    assert item.told_of is None
    assert reminded(at, django_capture_on_commit_callbacks) == 1
    assert mail.outbox[-1].to == ["leder@example.org"]


def test_one_stops_the_mails_on_the_own_page(owner: Person, browse: Browse):
    client, address = browse(owner), reverse("mentoring:readiness-reminders")

    client.post(address, {"stop": "1"})
    assert "Send mig disse beskeder" in said(client.get(reverse("people:me")))
    client.post(address, {"start": "1"})
    assert "Stop disse beskeder" in said(client.get(reverse("people:me")))


# --- Queries --------------------------------------------------------------------------------------


def test_lists_take_the_same_queries_for_one_and_many(
    leader: Person, count_queries: Callable[[Person, str], int]
):
    planned = make_round()
    need = make_need(planned, owner=leader)
    need.items.exclude(kind="housing").delete()
    addresses = [
        reverse("mentoring:ready"),
        reverse("mentoring:need-ready", args=[need.pk]),
        reverse("start"),
    ]
    few = [count_queries(leader, address) for address in addresses]
    for number in range(9):
        add_item(need, title=f"Nøgle {number}", due_on=TODAY, owner=leader)
    for kind in ("remote", "travelling", "freelance"):
        make_need(planned, kind=kind, owner=leader)

    assert [count_queries(leader, address) for address in addresses] == few
