"""An event is planned, changed, announced, invited to, and serves initiatives."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from cooperation.events.offers import offered_events
from cooperation.models import Event, Invitation
from core.periods import local_day
from tests.cooperation.events.browsing import address, browse, soon
from tests.factories.cooperation import make_initiative
from tests.factories.events import coordinator_of, make_invited
from tests.factories.people import make_town
from tests.factories.reports import make_answers

pytestmark = pytest.mark.django_db


def event_form(event=None, **changes):
    town = make_town("Ilulissat")
    return {
        "key": str(event.pk if event else uuid.uuid4()),
        "seen": str(event.version) if event else "",
        "title_da": "Seminar",
        "kind": "seminar",
        "host": str(town.municipality.pk),
        "place": str(town.pk),
        "starts_on": "2030-05-06",
        "last_day": "2030-05-07",
        "answer_by": "2030-04-01",
        "seats": "20",
        **changes,
    }


def test_a_seminar_is_planned_announced_and_stands_in_the_catalogue(host):
    client = browse(host)
    data = event_form()

    for _time in range(2):  # a double press makes one
        assert client.post(address("create-event"), data).status_code == 302
    event = Event.objects.get()
    assert (event.state, event.last_day.isoformat()) == ("draft", "2030-05-07")
    assert list(offered_events(None, local_day(timezone.now()))) == []

    client.post(address("announce-event", event.pk))

    [offer] = offered_events(None, local_day(timezone.now()))
    assert (offer.title, offer.url, offer.size) == (
        "Seminar",
        event.get_absolute_url(),
        "2 dage i Ilulissat fra mandag den 6. maj 2030",
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"last_day": "2030-05-05"},
        {"answer_by": "2030-05-06"},
        {"seats": "0"},
        {"title_da": ""},
        {"title_da": "Om 010170-1234"},
        {"host": str(uuid.uuid4())},
    ],
)
def test_what_does_not_hold_is_said_and_every_letter_stays(host, changes):
    response = browse(host).post(
        address("create-event"), event_form(about_da="Det handler om børn", **changes)
    )

    assert response.status_code == 422
    assert not Event.objects.exists()
    assert "Det handler om børn" in response.content.decode()


def test_a_host_outside_the_own_scope_cannot_be_chosen(host):
    other = make_town("Sisimiut").municipality

    response = browse(host).post(address("create-event"), event_form(host=str(other.pk)))

    assert response.status_code == 422


def test_the_second_of_two_editors_is_told_and_may_then_insist(host):
    event = soon()
    client = browse(host)
    mine, theirs = event_form(event, title_da="Mit"), event_form(event, title_da="Deres")
    client.post(address("edit-event", event.pk), theirs)

    response = client.post(address("edit-event", event.pk), mine)
    assert response.status_code == 422
    event.refresh_from_db()
    assert event.title_da == "Deres"

    mine["seen"] = str(response.context["form"].data["seen"])
    assert client.post(address("edit-event", event.pk), mine).status_code == 302
    event.refresh_from_db()
    assert event.title_da == "Mit"


def test_an_invitation_is_written_sent_and_taken_back(host):
    event = soon()
    client = browse(host)
    organisation = make_invited()
    data = {
        "key": str(uuid.uuid4()), "seen": "", "organisation": str(organisation.pk),
        "role": "head", "seats": "2", "contact": "",
    }  # fmt: skip

    for _time in range(2):
        assert client.post(address("create-invitation", event.pk), data).status_code == 302
    invitation = Invitation.objects.get()
    assert invitation.sent_at is None
    page = client.post(address("send-invitations", event.pk), follow=True)
    invitation.refresh_from_db()
    assert invitation.sent_at is None  # nobody would be told
    assert any(organisation.name in str(one) for one in page.context["messages"])
    coordinator_of(organisation)
    client.post(address("send-invitations", event.pk))
    invitation.refresh_from_db()
    assert invitation.sent_at is not None
    client.post(address("withdraw-invitation", event.pk, invitation.pk))
    invitation.refresh_from_db()
    assert invitation.withdrawn_at is not None
    assert client.get(invitation.get_absolute_url()).status_code == 404


def test_an_event_serves_initiatives_and_stands_on_their_pages(host):
    initiative = make_initiative()
    data = event_form(initiatives=[str(initiative.pk)])

    browse(host).post(address("create-event"), data)
    event = Event.objects.get()
    browse(host).post(address("announce-event", event.pk))

    assert list(event.initiatives.all()) == [initiative]
    page = browse(host).get(initiative.get_absolute_url()).content.decode()
    assert event.get_absolute_url() in page


def evaluated(**fields):
    """A seminar that is over, and of which five have said how it was."""
    event = soon(-3, **fields)
    make_answers(event, "Passede programmet?", [4] * 5)
    return event


def test_once_somebody_has_said_how_it_was_the_days_stay(host):
    """Other days would take answers anew, after the result was read."""
    event = evaluated()
    days = {"starts_on": event.starts_on, "last_day": event.last_day, "answer_by": event.answer_by}
    page, client = address("edit-event", event.pk), browse(host)

    for moved in ("starts_on", "last_day"):
        later = {**days, moved: days[moved] + timedelta(days=-1 if moved == "starts_on" else 1)}
        response = client.post(page, event_form(event, **later))
        assert response.status_code == 422
        assert "Seminaret er evalueret. Dagene kan ikke ændres mere." in response.text

    was = event.evaluation_ends_on
    assert client.post(page, event_form(event, **days, title_da="Andet navn")).status_code == 302
    event.refresh_from_db()
    assert (event.title_da, event.evaluation_ends_on) == ("Andet navn", was)


def test_until_somebody_has_said_how_it_was_days_are_put_right(host):
    event = soon(-3)
    later = event.last_day + timedelta(days=1)
    data = event_form(event, starts_on=event.starts_on, last_day=later, answer_by=event.answer_by)

    assert browse(host).post(address("edit-event", event.pk), data).status_code == 302

    event.refresh_from_db()
    assert event.last_day == later
