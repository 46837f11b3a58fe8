"""Whoever is ticked in a delegation counts in the sector they work in, not in one for all."""

from datetime import date

import pytest
from django.utils import timezone

from cooperation.events.participants import by_sector, participants_of
from cooperation.events.sectors import known_sectors
from cooperation.models import Participant
from cooperation.reports.content import Scope, figure_in
from cooperation.reports.current import computed
from people.models import Organisation
from tests.cooperation.events.browsing import address, browse, queries, soon
from tests.cooperation.events.test_delegation import delegation_form
from tests.factories.events import make_event, make_invitation
from tests.factories.people import SINCE, make_person, make_town
from tests.factories.reports import AFTER, make_report

pytestmark = pytest.mark.django_db
TODAY = date(2027, 6, 15)


@pytest.fixture
def ilulissat():
    return make_town("Ilulissat")


def make_colleague(town, *, kind="", profession="other", name="Kollega Demo"):
    """Somebody with an account who works in town: for its municipality, or somebody of ``kind``."""
    organisation = town.municipality
    if kind:
        organisation, _new = Organisation.objects.get_or_create(
            key=f"demo-{kind}", defaults={"kind": kind, "name": kind, "starts_on": SINCE}
        )
    person = make_person(name=name)
    person.affiliations.create(
        organisation=organisation, place=town, profession=profession, starts_on=SINCE
    )
    return person


def ticked(*people, sectors=(), **more):
    """What the form sends: Anna by name, these by a tick, each with a sector beside."""
    beside = {f"sector_of_{one.pk}": key for one, key in zip(people, sectors, strict=False)}
    return {"colleagues": [str(one.pk) for one in people]} | beside | more


def said_of(person, sector, *, on=TODAY):
    """That somebody came to a seminar before, in that sector."""
    return make_invitation(make_event()).participants.create(
        position=1, person=person, name=person.name, sector=sector, asked_on=on
    )


# --- What is known --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "profession", "sector"),
    [
        ("school", "other", "school"),
        ("day_care", "leader", "day_care"),
        ("police", "other", "police"),
        ("health", "social_worker", "health"),
        ("family_centre", "family_therapist", "family"),
        ("association", "leader", "association"),
        ("agency", "leader", "central"),
        ("lender", "social_worker", "social"),
        ("", "caseworker", "social"),
        ("", "family_therapist", "family"),
        ("", "leader", None),
        ("", "interpreter", None),
        ("other", "other", None),
    ],
)
def test_where_somebody_works_says_the_sector_or_nothing_does(ilulissat, kind, profession, sector):
    person = make_colleague(ilulissat, kind=kind, profession=profession)

    assert known_sectors([person.pk], on=TODAY).get(person.pk) == sector


def test_work_that_has_ended_says_nothing_and_the_latest_says_most(ilulissat):
    person = make_colleague(ilulissat, profession="caseworker")
    school = make_colleague(ilulissat, kind="school").affiliations.get().organisation
    later = person.affiliations.create(
        organisation=school, profession="other", starts_on=date(2025, 1, 1), ends_on=TODAY
    )

    assert known_sectors([person.pk], on=TODAY) == {person.pk: "social"}  # its last day is over
    later.ends_on = date(2027, 6, 16)
    later.save()
    assert known_sectors([person.pk], on=TODAY) == {person.pk: "school"}


def test_what_was_last_said_counts_before_where_somebody_works(ilulissat):
    person = make_colleague(ilulissat, kind="school")
    said_of(person, "police", on=date(2026, 1, 1))
    said_of(person, "family", on=date(2026, 6, 1))

    assert known_sectors([person.pk], on=TODAY) == {person.pk: "family"}


def test_many_are_known_with_as_many_queries_as_one(ilulissat, django_assert_num_queries):
    people = [make_colleague(ilulissat, kind="school").pk for _ in range(12)]

    for some in (people[:1], people):
        with django_assert_num_queries(2):
            assert len(known_sectors(some, on=TODAY)) == len(some)


# --- In the form ----------------------------------------------------------------------------------


def test_the_form_begins_with_what_is_known_and_asks_for_what_is_not(host, ilulissat):
    teacher = make_colleague(ilulissat, kind="school", name="Lærer Demo")
    leader = make_colleague(ilulissat, profession="leader", name="Leder Demo")
    invitation = make_invitation(soon(), ilulissat.municipality)

    form = browse(host).get(address("register", invitation.event_id, invitation.pk)).context["form"]

    assert form[f"sector_of_{teacher.pk}"].value() == "school"
    assert form[f"sector_of_{leader.pk}"].value() == ""


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"sectors": [""]}, "Vælg sektor for Leder Demo."),
        ({}, "Vælg sektor for Leder Demo."),
        ({"sectors": ["løgn"]}, "løgn"),
    ],
)
def test_whoever_is_ticked_without_a_sector_is_asked_for_and_nothing_is_lost(
    host, ilulissat, sent, said
):
    leader = make_colleague(ilulissat, profession="leader", name="Leder Demo")
    invitation = make_invitation(soon(), ilulissat.municipality)
    data = delegation_form(invitation, "Anna", **ticked(leader, **sent))

    response = browse(host).post(address("register", invitation.event_id, invitation.pk), data)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [f"sector_of_{leader.pk}"]
    assert said in response.text
    assert f'href="#id_sector_of_{leader.pk}"' in response.text
    assert '<details class="more" open>' in response.text
    assert response.context["form"]["colleagues"].value() == [str(leader.pk)]
    assert not Participant.objects.exists()


def test_whoever_is_not_ticked_is_not_asked_for(host, ilulissat):
    leader = make_colleague(ilulissat, profession="leader")
    invitation = make_invitation(soon(), ilulissat.municipality)
    data = delegation_form(invitation, "Anna") | {f"sector_of_{leader.pk}": ""}

    response = browse(host).post(address("register", invitation.event_id, invitation.pk), data)

    assert response.status_code == 302
    assert [one.name for one in invitation.signed_up()] == ["Anna"]


def test_somebody_of_elsewhere_is_not_ticked(host, ilulissat):
    stranger = make_colleague(make_town("Sisimiut"), profession="caseworker")
    invitation = make_invitation(soon(), ilulissat.municipality)
    data = delegation_form(invitation, "Anna", **ticked(stranger, sectors=["social"]))

    response = browse(host).post(address("register", invitation.event_id, invitation.pk), data)

    assert response.status_code == 422
    assert "colleagues" in response.context["form"].errors
    assert not Participant.objects.exists()


@pytest.mark.parametrize("many", [1, 30])
def test_the_form_takes_the_same_queries_for_one_colleague_and_for_many(host, ilulissat, many):
    invitation = make_invitation(soon(), ilulissat.municipality)
    page = address("register", invitation.event_id, invitation.pk)
    make_colleague(ilulissat)
    for_one = queries(host, page)

    for _ in range(many):
        make_colleague(ilulissat, kind="school")

    assert queries(host, page) == for_one <= 16


def test_a_colleague_who_was_signed_off_can_be_ticked_again(host, ilulissat):
    leader = make_colleague(ilulissat, profession="leader", name="Leder Demo")
    invitation = make_invitation(soon(), ilulissat.municipality)
    page, client = address("register", invitation.event_id, invitation.pk), browse(host)
    data = delegation_form(invitation, "Anna", **ticked(leader, sectors=["politics"]))
    assert client.post(page, data).status_code == 302
    colleague = invitation.signed_up().get(person=leader)
    client.post(address("sign-off", invitation.event_id, invitation.pk, colleague.pk))
    assert invitation.signed_up().count() == 1
    invitation.refresh_from_db()

    response = client.post(page, data | {"seen": str(invitation.version)})

    assert response.status_code == 302
    assert [one.person for one in invitation.signed_up()] == [None, leader]


# --- In lists, files and the report ---------------------------------------------------------------


def test_lists_files_and_the_report_count_each_in_the_own_sector(host, ilulissat):
    teacher = make_colleague(ilulissat, kind="school", name="Lærer Demo")
    leader = make_colleague(ilulissat, profession="leader", name="Leder Demo")
    event = soon()
    invitation = make_invitation(event, ilulissat.municipality, seats=3)
    data = delegation_form(
        invitation, "Anna", **ticked(teacher, leader, sectors=["school", "politics"])
    )
    client = browse(host)

    assert client.post(address("register", event.pk, invitation.pk), data).status_code == 302

    assert by_sector(list(participants_of(event))) == [
        ("Socialområdet", 1, 0),
        ("Skole", 1, 0),
        ("Folkevalgte", 1, 0),
    ]
    text = b"".join(client.get(address("participants-csv", event.pk))).decode("utf-8-sig")
    sectors = [line.split(";")[4] for line in text.splitlines()[1:]]
    assert sectors == ["Socialområdet", "Folkevalgte", "Skole"]  # Leder before Lærer

    type(event).objects.filter(pk=event.pk).update(
        answer_by=date(2027, 1, 10), starts_on=date(2027, 2, 1), ends_on=date(2027, 2, 3)
    )
    report = make_report(Scope(municipality=ilulissat.municipality))
    assert figure_in(computed(report, on=AFTER.date()), "events", "seated")["total"] == 3


def test_registered_again_the_line_keeps_the_sector_that_was_chosen(host, ilulissat):
    leader = make_colleague(ilulissat, profession="leader", name="Leder Demo")
    invitation = make_invitation(soon(), ilulissat.municipality)
    page = address("register", invitation.event_id, invitation.pk)
    client = browse(host)
    client.post(page, delegation_form(invitation, "Anna", **ticked(leader, sectors=["politics"])))

    form = client.get(page).context["form"]

    assert [form[f"sector_{n}"].value() for n in (1, 2)] == ["social", "politics"]
    assert f"sector_of_{leader.pk}" not in form.fields
    assert known_sectors([leader.pk], on=timezone.now().date()) == {leader.pk: "politics"}
