"""Who sees which session, with or without its text, and what is noted of it."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.models import AccessLog
from core.periods import local_day
from mentoring.actions import add_member, end_member
from mentoring.models import Pairing, Session
from mentoring.permissions import (
    confirmable_sessions,
    counted_sessions,
    editable_sessions,
    erasable_sessions,
    overseen_sessions,
    readable_sessions,
)
from people.models import Person, Role
from people.permissions import standing_of
from tests.factories.mentoring import (
    caseworker_of,
    close,
    make_pairing,
    make_person,
    make_town,
    mentor_of,
    people_of,
    send_many,
)
from tests.mentoring.reading.sending import TEXT, Browse

pytestmark = pytest.mark.django_db


def audience(pairing: Pairing) -> dict[str, Person]:
    """One person of every kind."""
    place = pairing.place
    away = people_of(pairing, "mentor")[1]
    end_member(pairing.members.get(person=away), on=local_day(timezone.now()))
    superuser = make_person()
    superuser.user.is_superuser = True
    superuser.user.save()
    ended = people_of(pairing, "caseworker")[1]
    ended.roles.update(ends_on=local_day(timezone.now()))
    return {
        "mentor": mentor_of(pairing),
        "caseworker": caseworker_of(pairing),
        "mentor whose stay has ended": away,
        "caseworker whose role has ended": ended,
        "mentor elsewhere": mentor_of(make_pairing(place=make_town("Uummannaq"))),
        "leader": make_person("leader", place=place),
        "coordinator": make_person("coordinator", place=place),
        "coordinator of the country": make_person("coordinator", scope="country"),
        "coordinator elsewhere": make_person(
            "coordinator", place=make_town("Sisimiut", "Qeqqata Kommunia"), scope="municipality"
        ),
        "editor": make_person("editor", scope="country"),
        "administrator": make_person("administrator", scope="country"),
        "superuser": superuser,
        "mentor who has moved to another town": moved_away(pairing, "mentor"),
        "caseworker who has moved to another town": moved_away(pairing, "caseworker"),
    }


def moved_away(pairing: Pairing, key: str) -> Person:
    """A member whose role in the town has ended today, and who holds the same one elsewhere."""
    person = make_person(key, place=pairing.place)
    today = local_day(timezone.now())
    add_member(pairing, person, key, starts_on=pairing.starts_on)
    person.roles.update(ends_on=today)
    nuuk = make_town("Nuuk", "Kommuneqarfik Sermersooq")
    Role.objects.create(person=person, key=key, scope="town", place=nuuk, starts_on=today)
    return person


READS_TEXT = {"mentor", "caseworker"}
OVERSEES = {"coordinator", "coordinator of the country"}


def test_every_kind_of_person_sees_what_is_theirs(pairing: Pairing, session: Session) -> None:
    rights = {
        readable_sessions: READS_TEXT,
        confirmable_sessions: {"caseworker"},
        editable_sessions: {"mentor"},
        overseen_sessions: OVERSEES,
        counted_sessions: {"leader"},
        erasable_sessions: {"mentor", *OVERSEES},
    }
    people = audience(pairing)

    for function, expected in rights.items():
        allowed = {
            name
            for name, person in people.items()
            if function(standing_of(person.user)).filter(pk=session.pk).exists()
        }
        assert allowed == expected, function.__name__


def test_only_members_open_a_session_and_nobody_else_sees_its_text(
    pairing: Pairing, session: Session, browse: Browse
) -> None:
    addresses = [
        reverse("mentoring:sessions"),
        reverse("mentoring:overview"),
        reverse("mentoring:pairings"),
        reverse("mentoring:pairing", args=[pairing.pk]),
        reverse("mentoring:erase", args=[session.pk]),
        reverse("start"),
    ]

    for name, person in audience(pairing).items():
        client = browse(person)
        detail = client.get(session.get_absolute_url())
        assert detail.status_code == (200 if name in READS_TEXT else 404), name
        assert (TEXT in detail.content.decode()) == (name in READS_TEXT), name
        for address in addresses:
            assert TEXT not in client.get(address).content.decode(), (name, address)


def test_anonymous_sees_nothing(client: Client, session: Session) -> None:
    assert "/konto/log-ind/" in client.get(session.get_absolute_url())["Location"]


def test_closing_ends_the_mentors_access_and_keeps_the_caseworkers(
    pairing: Pairing, session: Session, browse: Browse
) -> None:
    close(pairing, at=timezone.now())

    assert browse(mentor_of(pairing)).get(session.get_absolute_url()).status_code == 404
    assert browse(caseworker_of(pairing)).get(session.get_absolute_url()).status_code == 200
    assert Session.objects.filter(pk=session.pk).exists()


def test_reading_what_others_wrote_is_noted_without_a_text(
    pairing: Pairing, session: Session, browse: Browse
) -> None:
    browse(mentor_of(pairing)).get(session.get_absolute_url())
    assert not AccessLog.objects.exists()

    browse(caseworker_of(pairing)).get(session.get_absolute_url())

    entry = AccessLog.objects.get()
    assert (entry.actor, entry.action) == (caseworker_of(pairing).user, "read")
    assert (entry.kind, entry.record_id) == ("mentoring.session", str(session.pk))


@pytest.mark.parametrize("address", ["mentoring:overview", "mentoring:pairings", "start"])
def test_what_a_coordinator_sees_of_others_is_noted(
    pairing: Pairing, browse: Browse, address: str
) -> None:
    send_many(pairing, 10)
    coordinator = make_person("coordinator", scope="country")

    browse(coordinator).get(reverse(address))

    shown = {
        "mentoring:overview": {("mentoring.session", one.pk) for one in Session.objects.all()},
        "mentoring:pairings": {("mentoring.pairing", pairing.pk)},
        "start": {("people.person", one.pk) for one in people_of(pairing, "caseworker")},
    }[address]
    noted = AccessLog.objects.filter(actor=coordinator.user, action="list")
    assert {(line.kind, line.record_id) for line in noted} <= {
        (kind, str(key)) for kind, key in shown
    }
    assert noted.exists()
