"""The pages of rounds: who plans, what is refused, files in and out, and proposals in words."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from core.models import AccessLog
from mentoring.actions import put_back, take_out
from mentoring.models import FixedPair, Need, Pairing, Proposal, Round, Stay
from mentoring.permissions import overseen_needs, overseen_rounds
from mentoring.proposals.brief import WEIGHTS
from people.models import Person
from people.permissions import standing_of
from tests.factories.mentoring import AT, make_person, make_town
from tests.factories.rounds import (
    make_caseworker,
    make_mentor,
    make_need,
    make_round,
    make_stay,
    pairs_of,
    propose,
)

pytestmark = pytest.mark.django_db
Browse = Callable[[Person], Client]
NUUK = ("Nuuk", "Kommuneqarfik Sermersooq")


@pytest.fixture
def coordinator() -> Person:
    return make_person("coordinator", scope="municipality")


@pytest.fixture
def client(coordinator: Person, browse: Browse) -> Client:
    return browse(coordinator)


@pytest.fixture
def planned() -> Round:
    return make_round()


def page(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def said(response: Any) -> str:
    return " ".join(page(response).main.get_text(" ").split())


def filled(client: Client, address: str, form: str = "main form") -> dict[str, Any]:
    """What a browser would send of the form on that page."""
    found = page(client.get(address)).select_one(form)
    data: dict[str, Any] = {}
    for one in found.select("input, textarea, select"):
        name, kind = one.get("name"), one.get("type", "text")
        if one.name == "select":
            chosen = one.select("option[selected]") or one.select("option")[:1]
            data[name] = chosen[0].get("value", "") if chosen else ""
        elif kind in {"checkbox", "radio"}:
            if one.has_attr("checked"):
                data.setdefault(name, []).append(one["value"])
        elif kind != "file":
            data[name] = (
                one.text.removeprefix("\n") if one.name == "textarea" else one.get("value", "")
            )
    return data


# --- Scope ----------------------------------------------------------------------------------------


def test_a_round_is_seen_by_who_looks_after_all_of_its_municipalities():
    upernavik, nuuk = make_town(), make_town(*NUUK)
    own, both = make_round(upernavik), make_round(upernavik, nuuk)
    need_here, need_there = make_need(both, upernavik), make_need(both, nuuk)
    expected = {
        ("coordinator", "municipality"): ([own], [need_here]),
        ("coordinator", "country"): ([own, both], [need_here, need_there]),
        ("coordinator", "town"): ([], [need_here]),
        ("leader", "town"): ([], [need_here]),
        ("mentor", "town"): ([], []),
        ("administrator", "country"): ([], []),
    }
    for (key, scope), (rounds, needs) in expected.items():
        user = make_person(key, scope=scope).user
        assert user is not None
        standing = standing_of(user)
        assert set(overseen_rounds(standing)) == set(rounds), key
        assert set(overseen_needs(standing)) == set(needs), key


def test_who_coordinates_the_country_and_leads_a_town_sees_the_whole_country():
    need = make_need(make_round(make_town(*NUUK)), make_town(*NUUK))
    person = make_person("coordinator", scope="country")
    person.roles.create(key="leader", scope="town", place=make_town(), starts_on=AT.date())
    assert person.user is not None

    assert list(overseen_needs(standing_of(person.user))) == [need]


# --- Rounds ---------------------------------------------------------------------------------------


def test_a_round_is_planned_and_sent_twice_it_is_one(client: Client, coordinator: Person):
    address = reverse("mentoring:create-round")
    data = filled(client, address) | {
        "title": "Forår 2028",
        "municipalities": [str(make_town().municipality_id)],
        "starts_on": "2028-01-10",
        "last_day": "2028-05-10",
        "recommendations": ["6"],
        "goals": "Mere ro.",
    }

    first, second = client.post(address, data), client.post(address, data)

    planned = Round.objects.get()
    assert first.url == second.url == planned.get_absolute_url()
    assert (planned.title, planned.created_by, planned.goals) == (
        "Forår 2028",
        coordinator,
        "Mere ro.",
    )
    assert planned.last_day is not None
    assert planned.last_day.isoformat() == "2028-05-10"
    assert list(planned.tags.values_list("number", flat=True)) == [6]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": ""}, "Skriv, hvad runden hedder."),
        ({"municipalities": []}, "Vælg mindst én kommune."),
        ({"last_day": "2028-01-09"}, "Den sidste dag ligger før den første."),
        ({"last_day": ""}, "Skriv den sidste dag."),
        ({"fewest_days": "0"}, "Skriv et tal fra 1 til 366."),
    ],
)
def test_a_round_that_does_not_hold_is_refused_with_its_text(client: Client, changes, words):
    address = reverse("mentoring:create-round")
    data = {
        **filled(client, address),
        "title": "Forår 2028",
        "municipalities": [str(make_town().municipality_id)],
        "starts_on": "2028-01-10",
        "last_day": "2028-05-10",
        "goals": "Bliver stående.",
        **changes,
    }

    response = client.post(address, data)

    assert response.status_code == 422
    assert words in said(response)
    assert "Bliver stående." in said(response)
    assert not Round.objects.exists()


def test_a_municipality_outside_the_own_scope_cannot_be_chosen(client: Client):
    address = reverse("mentoring:create-round")
    data = filled(client, address) | {
        "title": "Forår",
        "municipalities": [str(make_town(*NUUK).municipality_id)],
        "starts_on": "2028-01-10",
        "last_day": "2028-05-10",
    }

    assert client.post(address, data).status_code == 422
    assert not Round.objects.exists()


def test_putting_off_takes_a_reason_which_is_kept_and_shown(client: Client, planned: Round):
    address = reverse("mentoring:decide-round", args=[planned.pk])

    refused = client.post(address, {"to": "put_off", "reason": " "})
    assert refused.status_code == 422
    assert "Skriv hvorfor, i en sætning." in said(refused)

    client.post(address, {"to": "put_off", "reason": "Ingen bolig."})
    planned.refresh_from_db()
    assert planned.state == "put_off"
    assert "Ingen bolig." in said(client.get(planned.get_absolute_url()))

    assert client.post(address, {"to": "put_off", "reason": "Igen"}).status_code == 422
    client.post(address, {"to": "closed", "reason": ""})
    assert client.post(address, {"to": "planned", "reason": ""}).status_code == 422


def test_going_ahead_takes_a_reason_only_while_something_is_late(client: Client, planned: Round):
    need = make_need(planned)
    need.items.filter(kind="housing").update(due_on=AT.date() - timedelta(days=4000))
    address = reverse("mentoring:decide-round", args=[planned.pk])

    assert client.post(address, {"to": "going", "reason": ""}).status_code == 422
    take_out(planned, need, at=AT)
    assert client.post(address, {"to": "going", "reason": ""}).status_code == 302


# --- Needs and stays ------------------------------------------------------------------------------


def test_a_need_is_entered_with_its_languages_and_readiness(client: Client, planned: Round):
    address = reverse("mentoring:create-need", args=[planned.pk])
    owner = make_person("leader")
    data = filled(client, address) | {
        "place": str(make_town().pk),
        "kind": "remote",
        "seats": "1",
        "language_kl_north": "2",
        "owner": str(owner.pk),
    }

    assert client.post(address, data).url == planned.get_absolute_url()

    need = Need.objects.get()
    assert (need.kind, need.seats, need.owner) == ("remote", 1, owner)
    assert list(need.languages.values_list("language", "level")) == [("kl-north", 2)]
    kinds = set(need.items.values_list("kind", flat=True))
    assert kinds == {"cases", "translations", "interpreter", "accounts", "leader", "introduction"}
    assert set(need.items.values_list("owner", flat=True)) == {owner.pk}
    again = client.post(address, data)
    assert again.status_code == 422
    assert "Byen beder allerede om denne form og dette fag" in said(again)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"place": ""}, "Vælg byen."),
        ({"seats": "21"}, "Skriv et tal fra 1 til 20."),
        ({"starts_on": "2020-01-01", "last_day": "2020-02-01"}, "Dagene ligger uden for"),
        ({"note": "Skriv om {cpr}"}, "CPR"),
    ],
)
def test_a_need_that_does_not_hold_says_so_at_its_field(
    client: Client, planned: Round, changes, words
):
    number = "-".join(("010190", "1234"))
    changes = {name: value.replace("{cpr}", number) for name, value in changes.items()}
    address = reverse("mentoring:create-need", args=[planned.pk])
    data = filled(client, address) | {"place": str(make_town().pk), "kind": "on_site"} | changes

    response = client.post(address, data)

    assert response.status_code == 422
    assert words in said(response)
    assert number not in page(response).select_one(".error-summary").get_text()
    assert not Need.objects.exists()


def test_of_two_who_change_a_need_at_once_the_second_is_told_and_may_insist(
    client: Client, planned: Round
):
    need = make_need(planned)
    address = reverse("mentoring:edit-need", args=[planned.pk, need.pk])
    mine = filled(client, address) | {"seats": "3", "note": "Mit."}
    make_need(planned, need=need, seats=2)

    told = client.post(address, mine)

    assert told.status_code == 422
    assert "En anden har ændret det imens." in said(told)
    need.refresh_from_db()
    assert need.seats == 2
    seen = page(told).select_one("[name=seen]")["value"]
    assert "Mit." in said(told)
    assert client.post(address, mine | {"seen": seen}).status_code == 302
    need.refresh_from_db()
    assert (need.seats, need.note) == (3, "Mit.")


def test_what_is_not_done_moves_with_the_arrival(planned: Round):
    need = make_need(planned)
    done, left = need.items.get(kind="housing"), need.items.get(kind="accounts")
    need.items.filter(pk=done.pk).update(done_at=AT)

    make_need(planned, need=need, starts_on=planned.starts_on + timedelta(days=10))

    days = {item.kind: item.due_on for item in need.items.all()}
    assert days["housing"] == done.due_on
    assert days["accounts"] == left.due_on + timedelta(days=10)


def test_a_stay_is_entered_with_windows_wishes_and_companions(client: Client, planned: Round):
    other = make_stay(planned)
    mentor = make_mentor()
    address = reverse("mentoring:create-stay", args=[planned.pk])
    data = filled(client, address) | {
        "person": str(mentor.pk),
        "profession": "social_worker",
        "kind_1": "on_site",
        "kind_2": "remote",
        "starts_2": planned.starts_on.isoformat(),
        "last_2": planned.starts_on.isoformat(),
        "wish_1": str(make_town("Qaanaaq").pk),
        "travels_with": [str(other.pk)],
    }

    assert client.post(address, data).status_code == 302

    stay = Stay.objects.get(person=mentor)
    assert set(stay.windows.values_list("kind", "starts_on", "ends_on")) == {
        ("on_site", planned.starts_on, planned.ends_on),
        ("remote", planned.starts_on, planned.starts_on + timedelta(days=1)),
    }
    assert [wish.place.name for wish in stay.wishes.all()] == ["Qaanaaq"]
    assert list(other.travels_with.all()) == [stay]
    edit = reverse("mentoring:edit-stay", args=[planned.pk, stay.pk])
    assert client.post(edit, filled(client, edit)).status_code == 302
    assert stay.windows.count() == 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"person": ""}, "Vælg mentoren."),
        ({"profession": ""}, "Vælg faget."),
        ({"kind_1": "", "starts_1": "", "last_1": ""}, "Skriv, hvornår mentoren kan komme."),
        ({"kind_1": ""}, "Vælg formen."),
        ({"starts_1": "2020-01-01", "last_1": "2020-02-01"}, "Dagene ligger uden for rundens"),
    ],
)
def test_a_stay_that_does_not_hold_says_so(client: Client, planned: Round, changes, words):
    address = reverse("mentoring:create-stay", args=[planned.pk])
    data = filled(client, address) | {
        "person": str(make_mentor().pk),
        "profession": "social_worker",
        "kind_1": "on_site",
        **changes,
    }

    response = client.post(address, data)

    assert response.status_code == 422
    assert words in said(response)
    assert not Stay.objects.exists()


def test_people_offered_as_mentors_are_those_of_the_own_scope(client: Client, planned: Round):
    here = make_mentor()
    make_mentor(make_town(*NUUK))
    make_caseworker()
    address = reverse("mentoring:create-stay", args=[planned.pk])

    options = page(client.get(address)).select("[name=person] option")

    assert [option["value"] for option in options if option["value"]] == [str(here.pk)]


def test_what_is_taken_out_can_be_put_back(client: Client, planned: Round):
    need, stay = make_need(planned), make_stay(planned)
    for name, one in (("take-need", need), ("take-stay", stay)):
        address = reverse(f"mentoring:{name}", args=[planned.pk, one.pk])
        client.post(address)
        one.refresh_from_db()
        assert one.withdrawn_at is not None
        assert str(one) in said(client.get(planned.get_absolute_url()))
        client.post(address, {"back": "1"})
        one.refresh_from_db()
        assert one.withdrawn_at is None


# --- Files ----------------------------------------------------------------------------------------


def upload(client: Client, planned: Round, what: str, text: str) -> Any:
    file = SimpleUploadedFile("fil.csv", text.encode("utf-8-sig"), "text/csv")
    return client.post(reverse("mentoring:import", args=[planned.pk]), {"what": what, "file": file})


def exported(client: Client, planned: Round, what: str) -> str:
    response = client.get(reverse(f"mentoring:export-{what}", args=[planned.pk]))
    content = b"".join(response.streaming_content)
    assert content.startswith(b"\xef\xbb\xbf")
    return content.decode("utf-8-sig")


def with_address(person: Person) -> Person:
    person.email = f"{person.pk}@example.org"
    person.save()
    return person


def test_what_is_exported_comes_back_as_it_was(client: Client, planned: Round):
    owner = with_address(make_person("leader"))
    make_need(
        planned,
        seats=3,
        owner=owner,
        languages={"da": 2, "kl-west": 3},
        note="=1+1; og en linje",
        profession="family_therapist",
    )
    first = make_stay(planned, with_address(make_mentor()), wishes=[make_town("Qaanaaq")])
    make_stay(planned, with_address(make_mentor()), travels_with=[first.person], note="@note")
    needs, stays = exported(client, planned, "needs"), exported(client, planned, "stays")
    other = make_round()

    assert upload(client, other, "needs", needs).status_code == 302
    assert upload(client, other, "stays", stays).status_code == 302

    assert "'=1+1" in needs  # no spreadsheet runs it
    assert "'@note" in stays
    assert exported(client, other, "needs") == needs
    assert exported(client, other, "stays") == stays
    assert upload(client, other, "needs", needs).status_code == 302
    assert other.needs.count() == 1


def test_every_wrong_line_is_told_and_nothing_is_taken(client: Client, planned: Round):
    make_need(planned)
    lines = exported(client, planned, "needs").splitlines()
    remote = str(Pairing.Kind.REMOTE.label)
    good = lines[1].replace("På stedet", remote)
    bad = [
        good.replace("Upernavik", "Nuuk"),
        good.replace(";1;", ";99;"),
        good.replace(remote, "Til fods"),
        ";".join([*good.split(";")[:4], "31-02-2027", *good.split(";")[5:]]),
        good.replace("nej", "måske"),
        good,
        good,
    ]
    before = exported(client, planned, "needs")

    response = upload(client, planned, "needs", "\r\n".join([lines[0], *bad]))

    assert response.status_code == 422
    errors = [item.get_text() for item in page(response).select(".error-summary li")]
    assert [error.split(":")[0] for error in errors] == [f"Linje {n}" for n in (2, 3, 4, 5, 6, 8)]
    assert errors[0] == "Linje 2: By: noget er ikke kendt her"
    assert exported(client, planned, "needs") == before


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Vælg en fil"),
        ("By;Form\r\nUpernavik;Fjern", "Filen mangler disse kolonner: Mentorer"),
        ("x" * 500_001, "Filen er større end 500 kB."),
    ],
)
def test_a_file_that_cannot_be_read_says_why(client: Client, planned: Round, text, words):
    file = SimpleUploadedFile("fil.csv", text.encode(), "text/csv")

    response = client.post(
        reverse("mentoring:import", args=[planned.pk]), {"what": "needs", "file": file}
    )

    assert response.status_code == 422
    assert words in said(response)


def test_a_number_in_a_file_is_told_by_its_line_and_never_repeated(client: Client, planned: Round):
    number = "".join(("010190", "1234"))
    make_need(planned)
    lines = exported(client, planned, "needs").splitlines()

    response = upload(client, planned, "needs", "\r\n".join([*lines, f"{lines[1]} {number}"]))

    assert response.status_code == 422
    assert "I linje 3 står cifre, der ligner et CPR-nummer." in said(response)
    assert number not in response.content.decode()
    assert planned.needs.count() == 1


# --- Proposals ------------------------------------------------------------------------------------


def test_a_proposal_is_made_and_told_in_words_and_numbers(client: Client, planned: Round):
    make_need(planned, seats=2)
    stay = make_stay(planned)
    make_stay(planned, make_mentor(kl_west=3))
    colleague = make_caseworker()
    address = reverse("mentoring:propose", args=[planned.pk])

    response = client.post(address, filled(client, address))

    proposal = Proposal.objects.get()
    assert response.url == proposal.get_absolute_url()
    shown = said(client.get(response.url))
    assert "1 af 2 pladser er dækket." in shown
    assert "Bevist bedst" in shown
    assert f"{stay.person.name} · {proposal.score} point" in shown
    assert "120 dage sammen" in shown
    assert "Dansk: flydende" in shown
    assert colleague.name in shown
    assert "1 mentor taler ingen af sprogene, og der er ingen tolk" in shown
    assert AccessLog.objects.filter(action="view", record_id=str(proposal.pk)).exists()


def test_what_would_help_is_said_in_a_sentence_that_comes_true(client: Client, planned: Round):
    need = make_need(planned)
    stay = make_stay(planned, make_mentor(kl_west=3))
    made = propose(planned)
    address = reverse("mentoring:help", args=[made.pk, need.pk])

    assert f"{stay.person.name} kunne komme, med en tolk." in said(client.get(address))

    make_need(planned, need=need, has_interpreter=True)
    assert "Lav forslaget igen først." in said(client.get(address))
    assert propose(planned).covered == 1


def test_a_seat_that_nothing_helps_asks_for_one_mentor_more(client: Client, planned: Round):
    need = make_need(planned, seats=2)
    make_stay(planned)
    made = propose(planned)

    shown = said(client.get(reverse("mentoring:help", args=[made.pk, need.pk])))

    assert "Der skal en mentor mere til." in shown


def test_a_pair_is_locked_and_freed_from_the_page_and_the_proposal_is_then_stale(
    client: Client, planned: Round
):
    need, stay = make_need(planned), make_stay(planned)
    made = propose(planned)
    address = reverse("mentoring:fix", args=[made.pk])
    pair = {"stay": str(stay.pk), "need": str(need.pk)}

    client.post(address, pair | {"kind": "locked"})
    assert FixedPair.objects.get().kind == "locked"
    shown = said(client.get(made.get_absolute_url()))
    assert "Det kan læses, men ikke tages i brug." in shown
    assert "Låst" in shown

    client.post(address, pair | {"kind": ""})
    assert not FixedPair.objects.exists()
    other = make_stay(make_round())
    assert client.post(address, pair | {"stay": str(other.pk)}).status_code == 404
    assert client.post(address, pair | {"stay": "x"}).status_code == 404


def test_two_proposals_are_compared_by_figures_and_by_who_moves(client: Client, planned: Round):
    towns = [make_town(), make_town("Qaanaaq")]
    for town in towns:
        make_need(planned, town)
    stays = [make_stay(planned, wishes=[town]) for town in towns]
    first = propose(planned)
    for stay, town in zip(stays, reversed(towns), strict=True):
        make_stay(planned, stay.person, stay=stay, wishes=[town])
    second = propose(planned, weights={**WEIGHTS, "wishes": 5})

    shown = said(client.get(reverse("mentoring:compare", args=[second.pk])))

    for stay, before, after in zip(stays, towns, reversed(towns), strict=True):
        assert f"{stay.person.name} {before.name}, på stedet {after.name}, på stedet" in shown
    assert "Mentorens egne ønsker 1 5" in shown
    same = reverse("mentoring:compare", args=[first.pk]) + f"?med={first.pk}"
    assert "Ingen flytter." in said(client.get(same))
    foreign = make_round()
    make_need(foreign)
    make_stay(foreign)
    assert client.get(f"{same[: same.index('?')]}?med={propose(foreign).pk}").status_code == 404


def test_accepting_shows_what_comes_and_makes_it_once(client: Client, planned: Round):
    make_need(planned)
    alone = make_need(planned, make_town("Qaanaaq"))
    make_stay(planned)
    make_stay(planned)
    make_caseworker()
    made = propose(planned)
    address = reverse("mentoring:accept", args=[made.pk])

    assert "der er ingen kendt kollega" in said(client.get(address))
    response = client.post(address, follow=True)

    assert "1 forløb er planlagt" in said(response)
    assert f"{alone}: der er ingen kendt kollega." in said(response)
    again = client.post(address)
    assert again.status_code == 422
    assert "Forslaget er allerede taget i brug." in said(again)
    assert Pairing.objects.count() == 1


# --- By hand --------------------------------------------------------------------------------------


def test_six_mentors_are_paired_on_one_screen_without_a_weight_in_sight(
    client: Client, planned: Round
):
    need = make_need(planned, seats=6)
    far = make_need(planned, make_town("Qaanaaq"), kind="remote")
    stays = [make_stay(planned) for _ in range(6)]
    address = reverse("mentoring:by-hand", args=[planned.pk])

    board = client.get(address)
    assert len(page(board).select("main select")) == 6
    for word in ("point", "vægt"):
        assert word not in said(board)
    assert "kommer ikke i denne form" in said(board)
    options = page(board).select_one("main select").select("option")
    assert [option["value"] for option in options] == ["", str(need.pk)]

    response = client.post(address, {f"stay_{stay.pk}": str(need.pk) for stay in stays})
    made = Proposal.objects.get()
    assert response.url == made.get_absolute_url()
    assert pairs_of(made) == dict.fromkeys(stays, need)

    stopped = client.post(address, {f"stay_{stays[0].pk}": str(far.pk)})
    assert stopped.status_code == 422
    assert "Stedet kan ikke vælges." in said(stopped)


def test_more_mentors_than_a_place_asks_for_are_refused_with_the_choice_kept(
    client: Client, planned: Round
):
    need = make_need(planned)
    stays = [make_stay(planned) for _ in range(2)]
    data = {f"stay_{stay.pk}": str(need.pk) for stay in stays}

    response = client.post(reverse("mentoring:by-hand", args=[planned.pk]), data)

    assert response.status_code == 422
    assert "Et sted har flere mentorer, end det beder om." in said(response)
    assert len(page(response).select("option[selected][value]:not([value=''])")) == 2


def test_the_board_says_when_there_is_nothing_or_too_much(client: Client, planned: Round):
    address = reverse("mentoring:by-hand", args=[planned.pk])
    assert "Tilføj først mindst ét sted" in said(client.get(address))
    make_need(planned)
    for _ in range(21):
        make_stay(planned)
    assert "for mange mentorer til én skærm" in said(client.get(address))


# --- Queries --------------------------------------------------------------------------------------


def test_pages_take_the_same_queries_for_one_and_many(
    planned: Round, coordinator: Person, count_queries: Callable[[Person, str], int]
):
    def grow(number: int) -> Proposal:
        town = make_town(f"By {number}", "Avannaata Kommunia")
        make_need(planned, town)
        make_caseworker(town)
        make_stay(planned, wishes=[town])
        return propose(planned, at=AT + timedelta(hours=number))

    counts = []
    for number in range(7):
        made = grow(number)
        if number in {1, 6}:
            addresses = [
                reverse("mentoring:rounds"),
                planned.get_absolute_url(),
                made.get_absolute_url(),
                reverse("mentoring:by-hand", args=[planned.pk]),
                reverse("mentoring:compare", args=[made.pk]),
                reverse("mentoring:ready"),
            ]
            counts.append([count_queries(coordinator, address) for address in addresses])

    assert counts[0] == counts[1]


def test_a_round_that_is_put_off_changes_no_more_until_it_is_planned_again(
    client: Client, planned: Round
):
    need, stay = make_need(planned), make_stay(planned)
    client.post(
        reverse("mentoring:decide-round", args=[planned.pk]), {"to": "put_off", "reason": "Storm"}
    )
    edit = reverse("mentoring:edit-need", args=[planned.pk, need.pk])

    refused = client.post(edit, filled(client, edit))
    client.post(reverse("mentoring:take-stay", args=[planned.pk, stay.pk]))

    assert refused.status_code == 422
    assert "Runden er udskudt eller lukket." in said(refused)
    stay.refresh_from_db()
    assert stay.withdrawn_at is None
    assert "Lav et forslag" not in said(client.get(planned.get_absolute_url()))
    planned.refresh_from_db()
    with pytest.raises(Exception, match="udskudt"):
        put_back(planned, stay)
