"""A round that is put off reaches the pairings that have not begun."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.periods import local_day
from mentoring.actions import accept_proposal, decide_round
from mentoring.models import Pairing, Round
from notices.models import Notice
from people.models import Person
from people.permissions import standing_of
from tests.factories.mentoring import make_person
from tests.factories.rounds import make_caseworker, make_need, make_round, make_stay, propose

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(db: None) -> Person:
    return make_person("leader")


@pytest.fixture
def planned(owner: Person) -> Round:
    today = local_day(timezone.now())
    made = make_round(starts_on=today, ends_on=today + timedelta(days=120))
    make_need(made, owner=owner)
    return made


@pytest.fixture
def pairing(planned: Round, coordinator: Person) -> Pairing:
    """Of an accepted proposal; nobody remembers being told."""
    make_stay(planned)
    make_caseworker()
    assert coordinator.user is not None
    by = standing_of(coordinator.user)
    (made,) = accept_proposal(propose(planned), by=by, at=timezone.now()).pairings
    Notice.objects.all().delete()
    return made


def decide(planned: Round, to: str) -> None:
    at = timezone.now()
    decide_round(planned, to, reason="Storm", by=None, at=at, on=local_day(at))


def told() -> dict[Person, str]:
    notices = Notice.objects.select_related("person")
    found = {notice.person: notice.kind.removeprefix("mentoring.") for notice in notices}
    assert len(found) == len(notices)
    assert "Storm" not in str([notice.facts for notice in notices])
    notices.delete()
    return found


def test_whoever_is_in_it_is_told_and_told_again(
    planned: Round, pairing: Pairing, owner: Person
) -> None:
    people = [member.person for member in pairing.members.select_related("person")]
    assert len(people) == 2

    decide(planned, "put_off")
    assert told() == dict.fromkeys([*people, owner], "put_off")

    decide(planned, "planned")
    assert told() == {**dict.fromkeys(people, "pairing_moved"), owner: "place_moved"}
    decide(planned, "going")
    assert told() == {}

    decide(planned, "put_off")
    told()
    decide(planned, "closed")
    assert told() == {}


def test_what_has_begun_goes_on_and_nobody_is_told(planned: Round, pairing: Pairing) -> None:
    Pairing.objects.filter(pk=pairing.pk).update(state="active")

    decide(planned, "put_off")

    assert told() == {}


@pytest.mark.parametrize("days", [0, 10])
def test_nobody_is_asked_to_begin_it_meanwhile(
    planned: Round,
    pairing: Pairing,
    coordinator: Person,
    browse: Callable[[Person], Client],
    days: int,
) -> None:
    Pairing.objects.filter(pk=pairing.pk).update(
        starts_on=local_day(timezone.now()) + timedelta(days=days)
    )
    kind = "ikke-klar" if days else "begynd"
    client = browse(coordinator)

    def is_asked() -> bool:
        page = client.get(reverse("start")).content.decode()
        listed = client.get(f"{reverse('mentoring:pairings')}?mangler={kind}").context["page"]
        is_linked = f"mangler={kind}" in page
        assert listed.paginator.count == is_linked
        return is_linked

    def is_said() -> bool:
        response = client.get(pairing.get_absolute_url())
        assert (response.context["put_off"] == planned) == (response.context["put_off"] is not None)
        return response.context["put_off"] is not None

    assert (is_asked(), is_said()) == (True, False)
    decide(planned, "put_off")
    assert (is_asked(), is_said()) == (False, True)
    decide(planned, "going")
    assert (is_asked(), is_said()) == (True, False)
