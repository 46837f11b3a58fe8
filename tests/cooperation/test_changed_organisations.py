"""When an organisation changes, what is under way follows and what is over stays as it was."""

from datetime import timedelta
from typing import Any

import pytest

from cooperation.meetings import actions as meetings
from cooperation.meetings.minutes import drawn, hash_of
from cooperation.models import Pact
from cooperation.permissions import kept_bodies, kept_initiatives
from people.actions import New, change_organisations
from people.models import Organisation
from tests.cooperation.meeting import hold, plan
from tests.cooperation.test_partners_and_agreements import agree, keep
from tests.factories.cooperation import make_body, make_initiative, make_member, standing
from tests.factories.people import AT, make_person, make_role, make_town
from tests.people.conftest import COMMAND_LINE

pytestmark = pytest.mark.django_db
TODAY = AT.date()


@pytest.fixture
def avannaata() -> Organisation:
    make_town("Upernavik")
    return make_town("Ilulissat").municipality


def rename(old: Organisation, name: str = "Ny Kommune Demo") -> Organisation:
    return change_organisations([old], [New(name)], on=TODAY, by=COMMAND_LINE, at=AT).main


def divide(old: Organisation) -> tuple[Organisation, Organisation]:
    parts = [
        New("Syd Demo", [make_town("Ilulissat")]),
        New("Nord Demo", [make_town("Upernavik")]),
    ]
    south, north = change_organisations([old], parts, on=TODAY, by=COMMAND_LINE, at=AT).new
    return south, north


def test_old_minutes_say_for_whom_somebody_spoke_then_and_new_ones_for_whom_now(avannaata):
    body = make_body(avannaata)
    member = make_member(body, role="chair", title="Forvaltningschef")
    before = hold(plan(body, AT - timedelta(days=30)))
    meetings.note_attendance(before, {member: "present"})
    meetings.send_minutes(before, by=None, at=AT)
    approved = meetings.approve(before, seen=hash_of(before), by=member.person, at=AT)
    content: Any = approved.content

    new = rename(avannaata)

    approved.refresh_from_db()
    assert approved.content == content
    assert approved.sha256 == hash_of(approved)
    assert [one.organisation for one in drawn(approved.content).present] == ["Avannaata Kommunia"]
    seat = body.members.get(ends_on=None)
    assert (seat.person, seat.organisation, seat.role) == (member.person, new, "chair")
    assert (seat.title, seat.starts_on) == ("Forvaltningschef", TODAY)
    member.refresh_from_db()
    assert (member.organisation, member.ends_on) == (avannaata, TODAY)


def test_what_is_under_way_is_kept_by_the_heir_and_what_is_over_by_the_old_one(avannaata):
    going_on, over = make_body(avannaata), make_body(avannaata, ends_on=TODAY)
    own, ended = make_initiative(owner=avannaata), make_initiative(owner=avannaata, ends_on=TODAY)
    for one in (own, ended):
        one.organisations.add(avannaata)
    coordinator = make_person(make_role("coordinator", avannaata))

    new = rename(avannaata)

    for record, kept_by in ((going_on, new), (over, avannaata)):
        record.refresh_from_db()
        assert record.keeper == kept_by
    assert [list(one.organisations.all()) for one in (own, ended)] == [[new], [avannaata]]
    now = standing(coordinator)
    assert list(kept_bodies(now)) == [going_on]
    assert list(kept_initiatives(now)) == [own]


def test_after_a_division_cards_go_with_their_town_and_agreements_name_all_heirs(avannaata):
    here, there = keep(make_town("Ilulissat")), keep(make_town("Upernavik"))
    pact, ended = agree(avannaata), agree(avannaata, ends_on=TODAY)

    south, north = divide(avannaata)

    for partner, keeper in ((here, south), (there, north)):
        partner.refresh_from_db()
        assert partner.keeper == keeper
    pact.refresh_from_db()
    assert pact.keeper == south
    assert {south, north} < set(pact.parties.all())
    assert avannaata not in pact.parties.all()
    assert avannaata in Pact.objects.get(pk=ended.pk).parties.all()
