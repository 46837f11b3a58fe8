"""A proposal is told in words, compared and accepted; a few are paired by hand."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.formats import date_format

from core.models import AccessLog
from mentoring.actions import propose_by_hand
from mentoring.models import FixedPair, Pairing, Proposal, Round
from mentoring.proposals.brief import WEIGHTS
from tests.factories.mentoring import AT, make_town
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
from tests.mentoring.rounds.looking import filled, page, said

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
