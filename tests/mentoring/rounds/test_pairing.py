"""A proposal is told in words, compared and accepted; a few are paired by hand."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.formats import date_format

from core.models import AccessLog
from mentoring.actions import decide_round, fix_pair, propose_by_hand, take_out
from mentoring.models import FixedPair, Pairing, Proposal, Round, Stay
from mentoring.proposals.brief import WEIGHTS
from people.models import Person
from tests.factories.mentoring import AT, TODAY, make_town
from tests.factories.rounds import (
    BEGINS,
    ENDS,
    make_caseworker,
    make_mentor,
    make_need,
    make_round,
    make_stay,
    pairs_of,
    propose,
)
from tests.mentoring.rounds.looking import NUUK, filled, page, said

pytestmark = pytest.mark.django_db


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
    beside = proposal.colleagues.get()
    assert f"{colleague.name} · {beside.score} point" in shown
    assert beside.score == sum(points for points, _found in beside.reasons.values()) > 0
    for points, _found in beside.reasons.values():
        assert f"({points})" in shown.split(colleague.name)[1]
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


def test_with_groups_no_more_is_claimed_than_was_weighed(client: Client, planned: Round):
    need = make_need(planned, seats=3)
    companion = make_stay(planned, make_mentor(kl_west=3), windows=[("remote", BEGINS, ENDS)])
    make_stay(planned, travels_with=[companion.person])
    make_stay(planned)
    made = propose(planned)
    address = reverse("mentoring:help", args=[made.pk, need.pk])

    shown = said(client.get(made.get_absolute_url()))
    assert "1 mentor passer, men rejser sammen med en, der ikke gør" in shown
    assert "skal bruges et andet sted" not in shown
    assert "Den mindste ændring" in said(client.get(address))

    Proposal.objects.filter(pk=made.pk).update(is_proven=False)
    assert "blev der ikke fundet en mindre" in said(client.get(address))


def test_a_round_of_travellers_that_nothing_helps_says_so_of_them_too(
    client: Client, planned: Round
):
    need = make_need(planned)
    companion = make_stay(planned)
    make_stay(planned, travels_with=[companion.person])
    made = propose(planned)
    address = reverse("mentoring:help", args=[made.pk, need.pk])

    shown = said(client.get(made.get_absolute_url()))
    assert "2 mentorer passer, men rejser sammen med flere, end der er pladser tilbage" in shown
    assert "hverken for én mentor eller for dem, der rejser sammen" in said(client.get(address))

    Proposal.objects.filter(pk=made.pk).update(is_proven=False)
    assert "men der kan være en" in said(client.get(address))


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


def test_the_round_lists_locks_and_bans_and_lets_each_be_free(client: Client, planned: Round):
    here, there = make_need(planned), make_need(planned, make_town("Qaanaaq"))
    stay, other = make_stay(planned), make_stay(planned)
    assert "Låste og udelukkede par" not in said(client.get(planned.get_absolute_url()))
    fix_pair(planned, stay, here, FixedPair.Kind.LOCKED)
    fix_pair(planned, other, here, FixedPair.Kind.FORBIDDEN)
    fix_pair(planned, other, there, FixedPair.Kind.FORBIDDEN)

    shown = page(client.get(planned.get_absolute_url())).select("#fixed + ul > li")
    assert [" ".join(one.get_text(" ").split()) for one in shown] == [
        f"{stay.person.name} : {here} Låst Gør det frit : {stay.person.name}, {here}",
        f"{other.person.name} : {there} Udelukket Gør det frit : {other.person.name}, {there}",
        f"{other.person.name} : {here} Udelukket Gør det frit : {other.person.name}, {here}",
    ]

    address = reverse("mentoring:free", args=[planned.pk])
    pair = filled(client, planned.get_absolute_url(), f"form[action='{address}']")
    response = client.post(address, pair, follow=True)
    client.post(address, pair)  # pressed twice
    assert "Parret er frit igen" in said(response)
    assert planned.fixed.filter(kind="locked").count() == 0
    assert planned.fixed.count() == 2
    assert AccessLog.objects.filter(action="fix", record_id=str(stay.pk)).exists()


def test_a_pair_is_freed_in_its_own_open_round_alone(client: Client, planned: Round):
    need, stay = make_need(planned), make_stay(planned)
    fix_pair(planned, stay, need, FixedPair.Kind.FORBIDDEN)
    pair = {"stay": str(stay.pk), "need": str(need.pk)}
    other = make_round()
    elsewhere = make_round(make_town(*NUUK))

    for planned_, status in ((other, 404), (elsewhere, 404)):
        address = reverse("mentoring:free", args=[planned_.pk])
        assert client.post(address, pair).status_code == status
    address = reverse("mentoring:free", args=[planned.pk])
    assert client.post(address, pair | {"stay": "x"}).status_code == 404
    assert client.get(address).status_code == 405
    decide_round(planned, "put_off", reason="Storm", by=None, at=AT, on=TODAY)
    assert "Runden er udskudt eller lukket." in said(client.post(address, pair, follow=True))
    assert planned.fixed.count() == 1
    assert "Gør det frit" not in said(client.get(planned.get_absolute_url()))


def test_a_lock_to_a_place_that_was_taken_out_is_listed_and_can_be_lifted(
    client: Client, planned: Round
):
    need, stay = make_need(planned), make_stay(planned)
    fix_pair(planned, stay, need, FixedPair.Kind.LOCKED)
    take_out(planned, need, at=AT)

    [one] = page(client.get(planned.get_absolute_url())).select("#fixed + ul > li")

    assert "taget ud" in one.get_text()
    assert one.select_one("button")


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


def test_compared_are_also_the_colleagues_by_points_and_by_whom_they_work_with(
    client: Client, planned: Round
):
    make_need(planned, seats=2)
    first, second = make_stay(planned), make_stay(planned, most_colleagues=1)
    colleague = make_caseworker()
    before = propose(planned)
    earlier = before.colleagues.get()
    assert earlier.stay is not None
    other = second if earlier.stay == first else first
    after = propose(planned, weights={**WEIGHTS, "wishes": 5})
    after.colleagues.update(stay=other, score=earlier.score - 7)

    shown = said(client.get(reverse("mentoring:compare", args=[after.pk])))

    names = f"{earlier.stay.person.name} {earlier.score} point {other.person.name}"
    assert f"{colleague.name} {names} {earlier.score - 7} point" in shown
    assert f"Point for kolleger i alt {earlier.score} {earlier.score - 7}" in shown
    assert "Kolleger med en mentor 1 1" in shown

    after.colleagues.update(stay=None, score=0)
    shown = said(client.get(reverse("mentoring:compare", args=[after.pk])))
    assert "Kolleger med en mentor 1 0" in shown
    assert f"{earlier.stay.person.name} {earlier.score} point Ingen mentor" in shown
    same = reverse("mentoring:compare", args=[before.pk]) + f"?med={before.pk}"
    assert "Alle arbejder sammen med den samme." in said(client.get(same))


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


def test_accepting_again_shows_whose_days_change_and_the_town_stays(client: Client, planned: Round):
    need = make_need(planned)
    make_stay(planned)
    make_caseworker()
    client.post(reverse("mentoring:accept", args=[propose(planned).pk]))
    later = planned.starts_on + timedelta(days=14)
    need.refresh_from_db()
    change = reverse("mentoring:edit-need", args=[planned.pk, need.pk])
    sent = filled(client, change)

    refused = client.post(change, sent | {"place": str(make_town("Qaanaaq").pk)})
    assert refused.status_code == 422
    assert "Der er allerede planlagt oplæring i Upernavik" in said(refused)

    client.post(change, sent | {"starts_on": str(later)})
    shown = said(client.get(reverse("mentoring:accept", args=[propose(planned).pk])))
    assert "De får andre dage eller en anden form" in shown
    assert f"{date_format(planned.starts_on)} til og med" in shown
    assert f"→ På stedet, {date_format(later)} til og med" in shown


# --- By hand --------------------------------------------------------------------------------------


def test_by_hand_an_empty_seat_says_who_fits_and_has_no_place_or_another(
    client: Client, planned: Round
):
    here, there = make_need(planned), make_need(planned, make_town("Uummannaq"), seats=2)
    stay, _left_out = make_stay(planned), make_stay(planned)

    made = propose_by_hand(planned, {stay.pk: there.pk}, by=None, at=AT)

    shown = said(client.get(made.get_absolute_url()))
    first, second = shown.split(f"{there}")[:2]
    assert f"{here}" in first
    assert "1 mentor passer og har et andet sted" in first
    assert "1 mentor passer og har ikke noget sted" in first
    assert "1 mentor passer og har ikke noget sted" in second
    assert "har et andet sted" not in second
    assert "skal bruges et andet sted" not in shown


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


def options(board, stay: Stay) -> list[str]:
    return [one["value"] for one in page(board).select(f"#id_stay_{stay.pk} option")]


def test_the_board_shows_who_travels_together_and_offers_them_places_for_all(
    client: Client, planned: Round
):
    here = make_need(planned, seats=2)
    small = make_need(planned, make_town("Qaanaaq"))
    foreign = make_need(planned, make_town("Tasiilaq"), seats=2, languages={"kl-east": 2})
    first = make_stay(planned, make_mentor(da=3, kl_east=3))
    second, other = make_stay(planned), make_stay(planned)
    make_stay(planned, first.person, stay=first, travels_with=[second.person])
    make_stay(planned, other.person, stay=other)
    address = reverse("mentoring:by-hand", args=[planned.pk])

    board = client.get(address)

    assert f"Rejser sammen med {second.person.name}." in said(board)
    assert f"Rejser sammen med {first.person.name}." in said(board)
    assert f"Rejser sammen med {other.person.name}" not in said(board)
    assert options(board, first) == options(board, second) == ["", str(here.pk)]
    assert options(board, other) == ["", str(small.pk), str(here.pk)]
    assert "rejser sammen med en, der ikke kan vælges her" in said(board)
    assert "har for få pladser til dem, der rejser sammen" in said(board)
    assert str(foreign.pk) not in options(board, first)

    split = client.post(address, {f"stay_{first.pk}": str(here.pk)})
    assert split.status_code == 422
    assert "rejser sammen. Vælg det samme sted til dem alle, eller intet sted." in said(split)
    [field] = page(split).select(".field-error")
    assert field.select_one("select")["name"] in {f"stay_{first.pk}", f"stay_{second.pk}"}
    both = {f"stay_{one.pk}": str(here.pk) for one in (first, second)}
    assert client.post(address, both).status_code == 302


def test_the_board_holds_who_is_locked_and_whoever_travels_with_them(
    client: Client, planned: Round
):
    here = make_need(planned, seats=2)
    there = make_need(planned, make_town("Qaanaaq"), seats=2)
    first, second = make_stay(planned), make_stay(planned)
    make_stay(planned, first.person, stay=first, travels_with=[second.person])
    fix_pair(planned, first, here, FixedPair.Kind.LOCKED)
    address = reverse("mentoring:by-hand", args=[planned.pk])

    board = client.get(address)

    assert options(board, first) == [str(here.pk)]
    assert options(board, second) == ["", str(here.pk)]
    assert f"Låst til {here}." in said(board)
    assert "er låst til et andet sted" in said(board)
    assert "rejser sammen med en, der er låst til et andet sted" in said(board)
    data = {f"stay_{first.pk}": str(there.pk), f"stay_{second.pk}": str(there.pk)}
    assert client.post(address, data).status_code == 422
    assert client.post(address, {f"stay_{second.pk}": str(here.pk)}).status_code == 422
    assert not Proposal.objects.exists()
    data = filled(client, address, "#board") | {f"stay_{second.pk}": str(here.pk)}
    assert client.post(address, data).status_code == 302
    assert pairs_of(Proposal.objects.get()) == {first: here, second: here}


def test_a_lock_that_a_companion_cannot_follow_is_told_with_its_way_out(
    client: Client, planned: Round
):
    here = make_need(planned)
    there = make_need(planned, make_town("Qaanaaq"), seats=2)
    first, second = make_stay(planned), make_stay(planned)
    make_stay(planned, first.person, stay=first, travels_with=[second.person])
    fix_pair(planned, first, here, FixedPair.Kind.LOCKED)
    other = make_stay(planned)
    address = reverse("mentoring:by-hand", args=[planned.pk])

    refused = client.post(address, {f"stay_{other.pk}": str(there.pk)})

    assert options(refused, first) == options(refused, second) == [""]
    assert refused.status_code == 422
    assert "eller ophæv låsen først." in said(refused)


def test_a_name_on_the_board_is_text_and_no_markup(client: Client, planned: Round):
    make_need(planned, seats=2)
    first, second = make_stay(planned), make_stay(planned)
    make_stay(planned, first.person, stay=first, travels_with=[second.person])
    Person.objects.filter(pk=second.person.pk).update(name="<b>Ida</b>")

    board = client.get(reverse("mentoring:by-hand", args=[planned.pk]))

    assert "Rejser sammen med <b>Ida</b>." in said(board)
    assert not page(board).select("main .help b")


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
