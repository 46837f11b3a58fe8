"""Planned sessions follow who is in the pairing on their day."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.periods import local_day
from mentoring.actions import edit_pairing, end_member
from mentoring.models import Pairing, PlannedSession
from mentoring.personal_data import end_memberships
from mentoring.planning.actions import cancel_session, move_session, plan_session
from notices.models import Notice
from people.models import Person
from tests.factories.mentoring import caseworker_of, close, make_pairing, mentor_of, people_of

pytestmark = pytest.mark.django_db
NUUK = ZoneInfo("America/Nuuk")


def soon(days: int = 3) -> datetime:
    """In some days, at ten in Nuuk."""
    day = local_day(timezone.now()) + timedelta(days=days)
    return datetime.combine(day, time(10), NUUK).astimezone(UTC)


def plan(pairing: Pairing, days: int = 3) -> PlannedSession:
    """Planned by a caseworker; nobody remembers being told."""
    by = caseworker_of(pairing)
    made = plan_session(by, pairing, starts_at=soon(days), minutes=90, at=timezone.now())
    Notice.objects.all().delete()
    return made


def told() -> dict[Person, str]:
    """Who was told what, by the last part of its name."""
    notices = Notice.objects.select_related("person")
    return {notice.person: notice.kind.removeprefix("mentoring.") for notice in notices}


def is_cancelled(made: PlannedSession) -> bool:
    made.refresh_from_db()
    return made.cancelled_at is not None


@pytest.fixture
def alone(db: None) -> Pairing:
    """One mentor, one caseworker."""
    return make_pairing()


def test_closing_cancels_what_is_planned_for_later_days(
    alone: Pairing, browse: Callable[[Person], Client], django_capture_on_commit_callbacks: Any
) -> None:
    made = plan(alone)
    caseworker, mentor = caseworker_of(alone), mentor_of(alone)
    for person in (caseworker, mentor):
        Person.objects.filter(pk=person.pk).update(email=f"{person.pk}@example.org")

    with django_capture_on_commit_callbacks(execute=True):
        close(alone, at=timezone.now())

    assert is_cancelled(made)
    assert made.sequence == 1
    kinds = [notice.person for notice in Notice.objects.filter(kind="mentoring.cancelled")]
    assert sorted(kinds, key=str) == sorted([caseworker, mentor], key=str)
    files = [content for sent in mail.outbox for _name, content, _kind in sent.attachments]
    assert len(files) == 2
    assert all("METHOD:CANCEL" in one and "SEQUENCE:1" in one for one in files)
    Notice.objects.all().delete()
    page = browse(caseworker).get(reverse("start")).content.decode()
    assert "kl. 10.00 (Upernavik)" not in page


def test_closing_cancels_also_what_no_mentor_was_to_come_to(alone: Pairing) -> None:
    end_member(alone.members.get(side="mentor"), on=local_day(timezone.now()))
    made = plan(alone)

    close(alone, at=timezone.now())

    assert is_cancelled(made)
    assert told()[caseworker_of(alone)] == "cancelled"


def test_a_stay_that_ends_takes_along_what_lies_after_it(alone: Pairing) -> None:
    before, after = plan(alone, days=3), plan(alone, days=4)
    member = alone.members.get(side="mentor")

    for _press in range(2):
        end_member(member, on=after.held_on)

    assert (is_cancelled(before), is_cancelled(after)) == (False, True)
    assert Notice.objects.count() == 2
    assert told() == {mentor_of(alone): "cancelled", caseworker_of(alone): "cancelled"}


def test_a_pairing_that_is_cut_short_cancels_what_lies_outside(alone: Pairing) -> None:
    made = plan(alone)

    edit_pairing(
        alone,
        kind=alone.kind,
        starts_on=alone.starts_on,
        ends_on=made.held_on,
        language_note="",
        recommendations=[],
    )

    assert is_cancelled(made)


def test_beside_another_mentor_only_who_left_loses_it(pairing: Pairing) -> None:
    made = plan(pairing)
    first = people_of(pairing, "mentor")[0]

    end_member(pairing.members.get(person=first), on=local_day(timezone.now()))

    assert not is_cancelled(made)
    assert told() == {first: "not_yours"}


def test_a_caseworker_who_leaves_cancels_nothing(pairing: Pairing) -> None:
    made = plan(pairing)
    first = caseworker_of(pairing)

    end_member(pairing.members.get(person=first), on=local_day(timezone.now()))

    assert not is_cancelled(made)
    assert told() == {first: "not_yours"}


def test_whoever_is_erased_is_told_nothing(alone: Pairing) -> None:
    made = plan(alone)

    end_memberships(mentor_of(alone), by=None, at=timezone.now())

    assert is_cancelled(made)
    assert told() == {caseworker_of(alone): "cancelled"}


def test_what_was_or_is_cancelled_stays_as_it_is(alone: Pairing) -> None:
    made = plan(alone)
    PlannedSession.objects.filter(pk=made.pk).update(starts_at=timezone.now() - timedelta(hours=1))
    gone = plan(alone, days=5)
    cancel_session(caseworker_of(alone), gone, sequence=0, at=timezone.now())
    Notice.objects.all().delete()

    end_member(alone.members.get(side="mentor"), on=local_day(timezone.now()))

    assert not is_cancelled(made)
    assert told() == {}


def test_moved_to_a_day_without_them_it_is_no_longer_theirs(
    pairing: Pairing, django_capture_on_commit_callbacks: Any
) -> None:
    made = plan(pairing)
    leaving, staying = people_of(pairing, "mentor")
    leaving.email = "leaving@example.org"
    leaving.save()
    pairing.members.filter(person=leaving).update(ends_on=made.held_on + timedelta(days=1))
    starts_at = soon(5)

    with django_capture_on_commit_callbacks(execute=True):
        move_session(
            caseworker_of(pairing),
            made,
            sequence=0,
            starts_at=starts_at,
            minutes=60,
            at=timezone.now(),
        )

    found = told()
    assert (found[leaving], found[staying]) == ("not_yours", "moved")
    assert caseworker_of(pairing) not in found
    notice = Notice.objects.get(person=leaving)
    assert (notice.facts["when_at"], notice.facts["minutes"]) == (made.starts_at.isoformat(), 90)
    (sent,) = mail.outbox
    ((_name, content, _kind),) = sent.attachments
    assert "METHOD:CANCEL" in content
    assert str(made.pk) in content
    assert "SEQUENCE:2" in content
    assert not is_cancelled(made)
    assert made.starts_at == starts_at
