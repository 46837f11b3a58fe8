"""After an erasure nothing in the database says who it was; numbers and history stay."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from core.declarations import all_records
from core.models import AccessLog
from core.periods import local_day
from mentoring.models import Session, SessionParticipant
from people.actions import PeopleRefused, give_role, reopen_account
from people.models import ErasureWish, Person, Role
from people.models.own_data import REGRET_FOR
from people.own_data.accounts import NAME
from people.own_data.erasing import ask_for_erasure, erase, take_back, what_will_happen
from people.own_data.rows import rows
from people.permissions import standing_of
from tests.factories.mentoring import make_person
from tests.people.own_data.seeding import everything_stored, seed

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator() -> Person:
    return make_person("administrator", scope="country", name="Administrator Demo")


def wish(person: Person, days_ago: int = 15) -> ErasureWish:
    asked = timezone.now() - timedelta(days=days_ago)
    return ask_for_erasure(person, by=standing_of(person.user), at=asked)


def test_nothing_that_was_a_persons_is_left_in_any_row(administrator: Person):
    mentor, caseworker, words = seed()
    both = (mentor, caseworker)
    for person in both:
        wish(person)
    for records in all_records():  # or the test would find nothing because there was nothing
        found = [rows(records, records.mine, person).exists() for person in both]
        assert any(found) == bool(records.mine), records.model
    before = everything_stored()
    assert len(words) > 60
    assert [word for word in words if word not in before] == []

    for person in both:
        erase(person, by=standing_of(administrator.user), at=timezone.now())

    after = everything_stored()
    assert [word for word in words if word in after] == []


def test_the_history_of_the_town_stays_whole(administrator: Person):
    mentor, caseworker, _words = seed()
    sessions, took_part = Session.objects.count(), SessionParticipant.objects.count()
    minutes = sorted(Session.objects.values_list("minutes", flat=True))
    wish(mentor)

    erase(mentor, by=standing_of(administrator.user), at=timezone.now())

    assert Session.objects.count() == sessions
    assert SessionParticipant.objects.count() == took_part
    assert sorted(Session.objects.values_list("minutes", flat=True)) == minutes
    mentor.refresh_from_db()
    assert (mentor.name, mentor.email) == (NAME, "")
    assert mentor.user is not None
    assert not mentor.user.is_active
    assert not mentor.user.has_usable_password()
    assert not mentor.memberships.valid_on(local_day(timezone.now())).exists()
    assert not mentor.roles.valid_on(local_day(timezone.now())).exists()
    caseworker.refresh_from_db()
    assert caseworker.name != NAME


def test_the_other_keeps_what_two_did_together(administrator: Person):
    mentor, caseworker, _words = seed()
    play = caseworker.case_plays.get()
    play.partner = mentor
    play.save()
    wish(mentor)

    erase(mentor, by=standing_of(administrator.user), at=timezone.now())

    play.refresh_from_db()
    assert (play.person, play.partner) == (caseworker, None)


def test_what_is_announced_is_counted_before(administrator: Person):
    mentor, _caseworker, _words = seed()

    announced = {str(one.declaration.title): dict(one.counts) for one in what_will_happen(mentor)}

    assert sum(announced["Sessioner"].values()) >= 3
    assert all(count for counts in announced.values() for count in counts.values())


def test_a_wish_can_be_taken_back_until_it_is_carried_out(administrator: Person):
    person = make_person("caseworker")
    asked = wish(person, days_ago=0)
    by = standing_of(administrator.user)

    with pytest.raises(PeopleRefused) as early:
        erase(person, by=by, at=asked.from_at - timedelta(seconds=1))
    assert early.value.code == "early"
    assert take_back(person, by=standing_of(person.user), at=timezone.now())
    assert not take_back(person, by=standing_of(person.user), at=timezone.now())
    with pytest.raises(PeopleRefused) as taken_back:
        erase(person, by=by, at=asked.from_at)
    assert taken_back.value.code == "no_wish"
    person.refresh_from_db()
    assert person.erased_at is None


def test_it_is_carried_out_from_the_first_moment_on(administrator: Person):
    person = make_person("caseworker")
    asked = wish(person, days_ago=0)

    erase(person, by=standing_of(administrator.user), at=asked.from_at)

    person.refresh_from_db()
    assert person.erased_at == asked.from_at == asked.asked_at + REGRET_FOR
    done = ErasureWish.objects.get()
    assert (done.done_at, done.done_by) == (asked.from_at, administrator)
    assert AccessLog.objects.filter(action="erase", record_id=str(person.pk)).count() == 1


@pytest.mark.parametrize("role", ["caseworker", "leader", "coordinator", "editor"])
def test_nobody_but_an_administrator_erases(role: str):
    person, other = make_person("caseworker"), make_person(role, scope="country")
    wish(person)

    with pytest.raises(PermissionDenied):
        erase(person, by=standing_of(other.user), at=timezone.now())
    with pytest.raises(PermissionDenied):
        ask_for_erasure(person, by=standing_of(other.user), at=timezone.now())


def test_nobody_erases_oneself_nor_the_last_administrator(administrator: Person):
    wish(administrator)
    with pytest.raises(PermissionDenied):
        erase(administrator, by=standing_of(administrator.user), at=timezone.now())

    second = make_person("administrator", scope="country", ends_on=None)
    assert administrator.user is not None
    administrator.user.is_active = False
    administrator.user.save()
    wish(second)
    by = make_person("administrator", scope="country")
    erase(second, by=standing_of(by.user), at=timezone.now())

    second.refresh_from_db()
    assert second.erased_at is not None


def test_asking_twice_is_once():
    person = make_person("caseworker")

    assert wish(person) == wish(person)


def test_an_erased_person_cannot_be_erased_again(administrator: Person):
    person = make_person("caseworker")
    wish(person)
    by = standing_of(administrator.user)
    erase(person, by=by, at=timezone.now())

    with pytest.raises(PeopleRefused) as refusal:
        ask_for_erasure(person, by=by, at=timezone.now())

    assert refusal.value.code == "erased"


def test_of_an_erased_person_nothing_is_written_anew(administrator: Person):
    person = make_person("caseworker")
    wish(person)
    by = standing_of(administrator.user)
    erase(person, by=by, at=timezone.now())
    person.refresh_from_db()
    role = Role(key="mentor", scope="country", starts_on=by.day)

    with pytest.raises(PermissionDenied):
        give_role(person, role, by=by, at=timezone.now())
    with pytest.raises(PermissionDenied):
        reopen_account(person, by, at=timezone.now())
    client = Client()
    assert administrator.user is not None
    client.force_login(administrator.user)
    assert NAME not in client.get("/da/personer/").content.decode()
    page = client.get(f"/da/personer/{person.pk}/").content.decode()
    assert "/rolle/" not in page
    assert "/ret/" not in page


def test_old_things_go_and_the_report_counts(capsys: pytest.CaptureFixture[str]):
    person = make_person("caseworker")
    long_ago = timezone.now() - timedelta(days=366)
    for days, email in ((0, "gammel@example.org"), (2, "ny@example.org")):
        person.invitations.create(
            email=email,
            sent_at=long_ago + timedelta(days=days),
            expires_at=long_ago,
            withdrawn_at=timezone.now(),
        )

    call_command("forget_old", dry_run=True)
    assert person.invitations.count() == 2
    dry = capsys.readouterr().out
    call_command("forget_old")

    assert [one.email for one in person.invitations.all()] == ["ny@example.org"]
    wet = capsys.readouterr().out
    assert "people.Invitation\terased\t365 days\t1" in dry
    assert "people.Invitation\terased\t365 days\t1" in wet
    assert "example.org" not in dry + wet
