"""Pages cost the same for one and for many; a round that is put off stays as it is."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from mentoring.actions import fix_pair, put_back
from mentoring.models import FixedPair, Proposal, Round
from people.models import Person
from tests.factories.mentoring import AT, make_town
from tests.factories.rounds import (
    make_caseworker,
    make_need,
    make_stay,
    propose,
)
from tests.mentoring.rounds.looking import filled, said

pytestmark = pytest.mark.django_db


def test_pages_take_the_same_queries_for_one_and_many(
    planned: Round, coordinator: Person, count_queries: Callable[[Person, str], int]
):
    barred = make_need(planned, make_town("Qaanaaq"))

    def grow(number: int) -> Proposal:
        town = make_town(f"By {number}", "Avannaata Kommunia")
        make_need(planned, town)
        make_caseworker(town)
        stay = make_stay(planned, wishes=[town])
        fix_pair(planned, stay, barred, FixedPair.Kind.FORBIDDEN)
        companion = make_stay(planned, travels_with=[stay.person])
        fix_pair(planned, companion, barred, FixedPair.Kind.FORBIDDEN)
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
