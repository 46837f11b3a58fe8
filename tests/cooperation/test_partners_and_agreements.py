"""Partners have cards that the municipality keeps; agreements say before they end."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cooperation.agreements.actions import pact_seen, remind, save_pact
from cooperation.models import Pact, Paper, Partner
from cooperation.partners.actions import save_partner
from cooperation.permissions import kept_pacts, kept_partners, readable_pacts
from cooperation.refusals import CooperationRefused
from core.calendars import entries
from notices.models import Notice
from people.models import Organisation, Person, Place
from tests.factories.cooperation import make_body, make_initiative, make_organisation, standing
from tests.factories.people import AT, make_person, make_role, make_town

pytestmark = pytest.mark.django_db
TODAY = AT.date()
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def keep(place: Place, name: str = "Skolen", **changes: Any) -> Partner:
    facts: dict[str, Any] = {
        "seen": None,
        "place": place,
        "sector": "school",
        "name_da": name,
        "email": "skole@example.org",
        "checked_on": TODAY,
        "groups": [],
    }
    return save_partner(uuid.uuid4(), keeper=place.municipality, at=AT, **(facts | changes))


def agree(keeper: Organisation, **changes: Any) -> Pact:
    facts: dict[str, Any] = {
        "seen": None,
        "keeper": keeper,
        "title_da": "Skole og familieafdeling",
        "parties": [keeper, make_organisation(kind="school")],
        "places": [],
        "starts_on": date(2026, 1, 1),
        "ends_on": TODAY + timedelta(days=200),
    }
    return save_pact(uuid.uuid4(), by=None, at=AT, **(facts | changes))


def client_of(person: Person) -> Client:
    client = Client()
    client.force_login(person.user)
    return client


# --- Partners -------------------------------------------------------------------------------------


def test_a_card_is_kept_by_the_municipality_of_its_town():
    partner = keep(make_town("Ilulissat"))
    people = {
        "own": make_person(make_role("coordinator", partner.keeper)),
        "other": make_person(make_role("coordinator", make_town("Sisimiut").municipality)),
        "leader": make_person(make_role("leader", partner.keeper)),
    }

    kept = {name: partner in kept_partners(standing(one)) for name, one in people.items()}

    assert kept == {"own": True, "other": False, "leader": False}
    for name in ("edit-partner", "remove-partner"):
        address = reverse(f"cooperation:{name}", args=[partner.pk])
        assert client_of(people["other"]).post(address).status_code == 404


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": "", "phone": ""}, "__all__"),
        ({"email": "en.person@gmail.com"}, "email"),
        ({"phone": "ring til os"}, "phone"),
    ],
)
def test_an_office_can_be_reached_and_is_never_a_person(changes, field):
    with pytest.raises(ValidationError) as refusal:
        keep(make_town(), **changes)
    assert list(refusal.value.message_dict) == [field]


def test_the_overview_is_narrowed_by_town_and_sector_and_names_the_groups():
    ilulissat, upernavik = make_town("Ilulissat"), make_town("Upernavik")
    school, health = keep(ilulissat), keep(ilulissat, "Sundhed", sector="health")
    keep(upernavik, "Skolen i Upernavik")
    today = timezone.localdate()
    here = make_body(kind="working_group", sectors=["health"], starts_on=today)
    here.places.add(ilulissat)
    there = make_body(kind="working_group", sectors=["school"], starts_on=today)
    there.places.add(upernavik)
    make_body(kind="steering", starts_on=today)
    client = client_of(make_person(make_role("caseworker", ilulissat)))
    address = reverse("cooperation:partners")

    def shown(query: str) -> tuple[list[Partner], list[Any]]:
        context = client.get(f"{address}?{query}").context
        partners = [one for _town, some in context["towns"] for one, _keeps in some]
        return partners, [group for group, _readable in context["groups"]]

    assert shown("by=ilulissat") == ([health, school], [here])
    assert shown("by=ilulissat&omraade=school") == ([school], [])
    assert shown("omraade=findes-ikke")[1] == [here, there]


def test_taken_off_the_list_it_can_be_put_back():
    partner = keep(make_town("Ilulissat"))
    client = client_of(make_person(make_role("coordinator", partner.keeper)))
    address = reverse("cooperation:remove-partner", args=[partner.pk])

    client.post(address)
    gone = client.get(reverse("cooperation:partners")).context
    client.post(address, {"do": "back"})
    back = client.get(reverse("cooperation:partners")).context

    assert (gone["towns"], gone["removed"]) == ([], [partner])
    assert (len(back["towns"]), back["removed"]) == (1, [])


@pytest.mark.parametrize("count", [1, 9])
def test_the_overview_asks_the_same_however_many_partners(count, django_assert_num_queries):
    place = make_town("Ilulissat")
    for number in range(count):
        keep(place, f"Kontor {number}")
    client = client_of(make_person(make_role("leader", place)))
    address = reverse("cooperation:partners")
    client.get(address)

    with django_assert_num_queries(6):
        # account, roles; towns, partners, groups, groups one reads; those kept and taken off ask
        # nothing of somebody who keeps none
        page = client.get(address)

    assert len(page.context["towns"][0][1]) == count


# --- Agreements -----------------------------------------------------------------------------------


def test_parties_read_an_agreement_and_whoever_looks_after_it_writes():
    ilulissat, sisimiut = (make_town(name).municipality for name in ("Ilulissat", "Sisimiut"))
    pact = agree(ilulissat, parties=[ilulissat, sisimiut])
    elsewhere = agree(make_organisation(kind="municipality"))
    may = {}
    for name, key, where in (
        ("country", "coordinator", None),
        ("keeper", "coordinator", ilulissat),
        ("party", "coordinator", sisimiut),
        ("leader of a town", "leader", make_town("Sisimiut")),
        ("caseworker", "caseworker", make_town("Sisimiut")),
    ):
        own = standing(make_person(make_role(key, where)))
        may[name] = (pact in readable_pacts(own), pact in kept_pacts(own))
        assert (elsewhere in readable_pacts(own)) == (name == "country")

    assert may == {
        "country": (True, True),
        "keeper": (True, True),
        "party": (True, False),
        "leader of a town": (True, False),
        "caseworker": (False, False),
    }


def test_it_has_two_parties_and_one_that_is_not_on_the_list_counts():
    keeper = make_town().municipality
    with pytest.raises(CooperationRefused) as refusal:
        agree(keeper, parties=[keeper])

    assert refusal.value.code == "empty"
    assert agree(keeper, parties=[keeper], other_parties="Skolerne").pk


@pytest.mark.parametrize(("days", "told"), [(91, 0), (90, 1), (31, 1), (30, 1), (1, 1), (0, 0)])
def test_it_is_told_ninety_days_before_it_ends_and_not_after(days, told):
    keeper = make_town().municipality
    make_person(make_role("coordinator", keeper))
    agree(keeper, ends_on=TODAY + timedelta(days=days))

    for _ in range(2):
        remind(AT)

    assert Notice.objects.filter(kind="cooperation.pact_ends").count() == told


def test_it_is_told_again_thirty_days_before_and_of_another_end_anew():
    keeper = make_town().municipality
    person = make_person(make_role("coordinator", keeper))
    pact = agree(keeper, ends_on=TODAY + timedelta(days=90))

    remind(AT)
    remind(AT + timedelta(days=59))
    remind(AT + timedelta(days=60))
    remind(AT + timedelta(days=61))
    Pact.objects.filter(pk=pact.pk).update(ends_on=TODAY + timedelta(days=120))
    remind(AT + timedelta(days=62))

    assert [one.person for one in Notice.objects.all()] == [person] * 3


def test_where_nobody_coordinates_it_those_of_the_country_are_told_and_nobody_at_night():
    country = make_person(make_role("coordinator"))
    agree(make_organisation(), ends_on=TODAY + timedelta(days=20))

    assert remind(AT.replace(hour=3)) == 0
    assert remind(AT) == 1
    assert [one.person for one in Notice.objects.all()] == [country]


def test_one_that_something_follows_is_not_told_of():
    keeper = make_town().municipality
    make_person(make_role("coordinator", keeper))
    pact = agree(keeper, ends_on=TODAY + timedelta(days=20))
    following = {"starts_on": pact.ends_on, "ends_on": None}

    after = agree(keeper, follows=pact, **following)

    pact.refresh_from_db()
    assert pact.followed_by == after
    assert remind(AT) == 0
    with pytest.raises(CooperationRefused) as taken:
        agree(keeper, follows=pact, **following)
    assert taken.value.code == "taken"
    with pytest.raises(CooperationRefused) as early:
        agree(keeper, follows=after, starts_on=date(2025, 1, 1), ends_on=None)
    assert early.value.code == "period"
    assert Pact.objects.count() == 2


def test_two_who_change_it_do_not_overwrite_each_other():
    keeper = make_town().municipality
    pact = agree(keeper)
    seen = pact_seen(pact)
    facts = {"keeper": keeper, "parties": pact.parties.all(), "places": [], "by": None, "at": AT}

    save_pact(pact.pk, seen=seen, title_da="Den ene", **facts)
    with pytest.raises(CooperationRefused) as refusal:
        save_pact(pact.pk, seen=seen, title_da="Den anden", **facts)

    assert refusal.value.code == "changed"


def test_what_follows_is_entered_from_the_page_of_what_ends():
    keeper = make_town("Ilulissat").municipality
    pact = agree(keeper, ends_on=date(2030, 1, 1))
    client = client_of(make_person(make_role("coordinator", keeper)))
    address = reverse("cooperation:follow-pact", args=[pact.pk])

    form = client.get(address).context["form"]
    client.post(
        address,
        {
            "key": str(form.initial["key"]),
            "title_da": "Videre",
            "keeper": keeper.pk,
            "parties": [one.pk for one in pact.parties.all()],
            "starts_on": "2030-01-01",
        },
    )

    assert form.initial["starts_on"] == pact.ends_on
    pact.refresh_from_db()
    assert pact.followed_by.title_da == "Videre"


# --- Documents of an agreement --------------------------------------------------------------------


def put(client: Client, pact: Pact, **changes: Any) -> Any:
    file = SimpleUploadedFile("aftale.pdf", PDF)
    data = {"key": str(uuid.uuid4()), "title": "Aftalen", "file": file}
    return client.post(reverse("cooperation:put-pact-paper", args=[pact.pk]), data | changes)


def read(client: Client, paper: Paper) -> int:
    """What is answered to whoever asks for the file."""
    answer = client.get(paper.get_absolute_url())
    if answer.streaming:  # read to its end, so that it is closed
        assert b"".join(answer.streaming_content) == PDF
    return answer.status_code


def test_the_documents_of_an_agreement_are_read_by_its_parties_alone():
    party, other = make_town("Sisimiut").municipality, make_organisation(kind="municipality")
    pact = agree(keeper := make_town("Ilulissat").municipality, parties=[keeper, party])
    coordinator = client_of(make_person(make_role("coordinator", keeper)))

    assert put(coordinator, pact).status_code == 302

    paper = pact.papers.get()
    assert paper.owner == pact
    assert paper.get_absolute_url() in coordinator.get(pact.get_absolute_url()).text
    found = {
        name: read(client_of(make_person(role)), paper)
        for name, role in (
            ("party", make_role("coordinator", party)),
            ("its leader", make_role("leader", party)),
            ("other", make_role("coordinator", other)),
            ("other leader", make_role("leader", other)),
        )
    }
    assert found == {"party": 200, "its leader": 200, "other": 404, "other leader": 404}


def test_whoever_looks_after_an_agreement_puts_its_documents_and_takes_them_away():
    party = make_town("Sisimiut").municipality
    pact = agree(keeper := make_town("Ilulissat").municipality, parties=[keeper, party])
    coordinator = client_of(make_person(make_role("coordinator", keeper)))
    guest = client_of(make_person(make_role("coordinator", party)))
    key = str(uuid.uuid4())
    for _ in range(2):  # sent twice, it is one
        put(coordinator, pact, key=key)
    paper = pact.papers.get()
    remove = reverse("cooperation:remove-paper", args=[paper.pk])

    assert put(guest, pact).status_code == 404
    assert guest.post(remove).status_code == 404
    assert coordinator.post(remove)["Location"] == pact.get_absolute_url()
    assert read(guest, paper) == 404
    assert "Aftalen" not in guest.get(pact.get_absolute_url()).text
    coordinator.post(remove, {"do": "back"})
    assert read(guest, paper) == 200


def test_a_document_belongs_to_one_thing():
    pact = agree(make_town("Ilulissat").municipality)
    facts = {"title": "Aftalen", "file": "private/papers/a.pdf", "uploaded_at": AT}

    for owners in ({}, {"pact": pact, "initiative": make_initiative()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Paper.objects.bulk_create([Paper(**facts, **owners)])


@pytest.mark.parametrize("count", [1, 9])
def test_an_agreement_asks_the_same_however_many_documents_it_has(count, django_assert_num_queries):
    keeper = make_town("Ilulissat").municipality
    pact = agree(keeper)
    Paper.objects.bulk_create(
        Paper(pact=pact, title=f"Nr. {n}", file="private/papers/a.pdf", uploaded_at=AT)
        for n in range(count)
    )
    client = client_of(make_person(make_role("coordinator", keeper)))
    client.get(pact.get_absolute_url())

    with django_assert_num_queries(8):
        # account, roles; the agreement, whether one keeps it, documents, parties, towns, what
        # came before
        page = client.get(pact.get_absolute_url())

    assert len(page.context["papers"]) == count


def test_its_last_day_stands_in_the_calendar_of_whoever_looks_after_it():
    town = make_town("Ilulissat")
    pact = agree(town.municipality)
    last_day = pact.ends_on - timedelta(days=1)
    own, leader = (
        make_person(make_role(key, town.municipality)) for key in ("coordinator", "leader")
    )

    def shown(person: Person, since: date) -> list[date]:
        found = entries(standing(person), since=since, until=since + timedelta(days=1))
        return [one.day for one in found if one.url == pact.get_absolute_url()]

    assert shown(own, last_day) == [last_day]
    assert (
        shown(own, last_day + timedelta(days=1)) == shown(own, last_day - timedelta(days=1)) == []
    )
    assert shown(leader, last_day) == []
    pact.followed_by = agree(town.municipality, starts_on=pact.ends_on, ends_on=None)
    pact.save()
    assert shown(own, last_day) == []
