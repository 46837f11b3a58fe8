"""Who opens which page of an event, who reads what somebody needs, and that it is noted."""

import pytest
from django.utils import timezone

from cooperation.events.actions.registering import say_needs
from cooperation.models import Participant
from core.models import AccessLog
from tests.cooperation.events.browsing import address, browse, soon
from tests.factories.events import coordinator_of, make_invitation, make_invited, register
from tests.factories.people import make_person, make_role, make_town

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("state", "role", "where", "status"),
    [
        ("open", "caseworker", "own", 200),
        ("draft", "caseworker", "own", 404),
        ("draft", "coordinator", "own", 200),
        ("draft", "coordinator", None, 200),
        ("draft", "coordinator", "other", 404),
        ("draft", "coordinator", "town", 404),
    ],
)
def test_a_draft_is_for_those_who_plan_it(state, role, where, status):
    event = soon(state=state)
    places = {
        "own": event.host,
        "other": make_town("Sisimiut").municipality,
        "town": event.place,
        None: None,
    }
    person = make_person(make_role(role, places[where]))

    assert browse(person).get(event.get_absolute_url()).status_code == status


def test_whoever_is_on_a_list_opens_the_event_without_any_role():
    event = soon()
    person, stranger = make_person(), make_person()
    [anna] = register(make_invitation(event), "Anna", at=timezone.now())
    Participant.objects.filter(pk=anna.pk).update(person=person)

    assert browse(person).get(event.get_absolute_url()).status_code == 200
    assert browse(stranger).get(event.get_absolute_url()).status_code == 403


KEEPERS_PAGES = [
    "edit-event", "programme", "create-part", "invitations", "create-invitation", "participants",
    "participants-csv", "participants-xlsx", "all-needs", "questions", "outputs", "cancel-event",
]  # fmt: skip


@pytest.mark.parametrize("name", KEEPERS_PAGES)
def test_pages_of_those_who_hold_it_are_not_there_for_others(host, name):
    event = soon()
    other = coordinator_of(make_town("Sisimiut").municipality)
    caseworker = make_person(make_role("caseworker", event.place))

    response = browse(host).get(address(name, event.pk))
    assert response.status_code == 200
    if response.streaming:
        b"".join(response)  # to its end, so that its file is closed
    assert browse(other).get(address(name, event.pk)).status_code == 404
    assert browse(caseworker).get(address(name, event.pk)).status_code == 403


@pytest.mark.parametrize("name", ["delegation", "register", "decline"])
def test_a_delegation_is_for_those_who_answer_for_it(host, name):
    event = soon()
    invitation = make_invitation(event, make_town("Sisimiut").municipality)
    register(invitation, "Anna Anonym", at=timezone.now())
    page = address(name, event.pk, invitation.pk)
    own = coordinator_of(invitation.organisation)
    other = coordinator_of(make_invited())
    caseworker = make_person(make_role("caseworker", make_town("Sisimiut")))

    for person in (own, host, coordinator_of()):
        assert browse(person).get(page).status_code == 200
    for person in (other, caseworker):
        response = browse(person).get(page)
        assert response.status_code == 404
        assert b"Anna Anonym" not in response.content


def test_the_contact_answers_alone_for_whoever_has_no_role():
    invitation = make_invitation(soon(), contact=make_person())
    page = invitation.get_absolute_url()

    assert browse(invitation.contact).get(page).status_code == 200
    unsent = make_invitation(invitation.event, contact=invitation.contact, sent_at=None)
    assert browse(invitation.contact).get(unsent.get_absolute_url()).status_code == 404


def test_whoever_reads_names_leaves_a_line_in_the_log(host):
    event = soon()
    invitation = make_invitation(event)
    [anna] = register(invitation, "Anna", at=timezone.now())
    client = browse(host)

    for name in ("participants", "participants-csv", "invitations"):
        before = AccessLog.objects.count()
        response = client.get(address(name, event.pk))
        b"".join(response) if response.streaming else response.content
        assert AccessLog.objects.count() == before + 1, name
    client.get(address("needs", event.pk, anna.pk))
    last = AccessLog.objects.order_by("-pk")[0]
    assert (last.kind, last.record_id) == ("cooperation.participant", str(anna.pk))


def test_needs_are_read_by_oneself_the_delegation_and_the_host_and_by_nobody_else(host):
    event = soon()
    invitation = make_invitation(event)
    anna, bo = register(invitation, "Anna", "Bo", at=timezone.now())
    own, colleague = make_person(), make_person()
    Participant.objects.filter(pk=anna.pk).update(person=own)
    Participant.objects.filter(pk=bo.pk).update(person=colleague)
    say_needs(anna, lodging=False, travel="", diet="Ingen fisk", access="", at=timezone.now())
    page = address("needs", event.pk, anna.pk)

    for person in (own, coordinator_of(invitation.organisation), host):
        assert b"Ingen fisk" in browse(person).get(page).content
    for person in (colleague, coordinator_of(make_invited())):
        assert browse(person).get(page).status_code == 404
    assert b"Ingen fisk" in browse(host).get(address("all-needs", event.pk)).content


def test_needs_stand_in_no_file(host):
    event = soon()
    [anna] = register(make_invitation(event), "Anna", at=timezone.now())
    say_needs(
        anna, lodging=True, travel="Båd", diet="Ingen fisk", access="Rampe", at=timezone.now()
    )

    text = b"".join(browse(host).get(address("participants-csv", event.pk))).decode()

    assert "Anna" in text
    assert not any(word in text for word in ("Båd", "Ingen fisk", "Rampe"))


def test_nothing_changes_on_get(host):
    event = soon()
    invitation = make_invitation(event)
    [anna] = register(invitation, "Anna", at=timezone.now())
    client = browse(host)

    for name, args in (
        ("announce-event", [event.pk]),
        ("send-invitations", [event.pk]),
        ("withdraw-invitation", [event.pk, invitation.pk]),
        ("sign-off", [event.pk, invitation.pk, anna.pk]),
    ):
        assert client.get(address(name, *args)).status_code == 405
