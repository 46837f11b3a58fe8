"""Rounds with what places need and what mentors bring, entered by the real actions."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from mentoring.actions import NeedFacts, StayFacts, make_proposal, save_need, save_round, save_stay
from mentoring.models import Need, Proposal, Round, Stay
from mentoring.proposals.brief import WEIGHTS
from people.models import Person, Place
from tests.factories.mentoring import AT, TODAY, make_person, make_town

BEGINS = TODAY + timedelta(days=60)
ENDS = BEGINS + timedelta(days=120)


def make_round(*places: Place, **changes: Any) -> Round:
    """A round in the municipalities of ``places``."""
    municipalities = {place.municipality for place in places or (make_town(),)}
    facts: dict[str, Any] = {
        "title": "Forår",
        "municipalities": municipalities,
        "starts_on": BEGINS,
        "ends_on": ENDS,
        "by": None,
        "at": AT,
    }
    return save_round(uuid.uuid4(), **(facts | changes))


def make_need(
    planned: Round, place: Place | None = None, *, need: Need | None = None, **changes: Any
) -> Need:
    """A place asks for one mentor on site who speaks Danish."""
    facts: dict[str, Any] = {
        "place": place or make_town(),
        "kind": "on_site",
        "seats": 1,
        "starts_on": planned.starts_on,
        "ends_on": planned.ends_on,
        "languages": {"da": 2},
    }
    return save_need(planned, NeedFacts(**(facts | changes)), need=need)


def make_mentor(place: Place | None = None, **languages: int) -> Person:
    """A mentor who speaks Danish, or the ``languages`` given ("kl_west")."""
    person = make_person("mentor", place=place)
    speaks(person, **(languages or {"da": 3}))
    return person


def speaks(person: Person, **languages: int) -> None:
    """Let a person speak these languages, by level."""
    for language, level in languages.items():
        person.languages.create(language=language.replace("_", "-"), spoken=level, written=level)


def make_caseworker(place: Place | None = None, **changes: Any) -> Person:
    """A caseworker of the town who speaks Danish at work."""
    person = make_person("caseworker", place=place, **changes)
    speaks(person, da=2)
    return person


def make_stay(
    planned: Round,
    person: Person | None = None,
    *,
    windows: Sequence[tuple[str, date, date]] | None = None,
    stay: Stay | None = None,
    **changes: Any,
) -> Stay:
    """A social worker who can come for all of the round."""
    assert planned.ends_on is not None
    facts: Mapping[str, Any] = {
        "person": person or make_mentor(),
        "profession": "social_worker",
        "windows": windows or [("on_site", planned.starts_on, planned.ends_on)],
    }
    return save_stay(planned, StayFacts(**{**facts, **changes}), stay=stay)


def propose(planned: Round, **changes: Any) -> Proposal:
    """The best pairs for the usual weights, asked for before the round is over."""
    first_day = datetime.combine(planned.starts_on, time(16), UTC)
    facts: dict[str, Any] = {"weights": dict(WEIGHTS), "by": None, "at": min(AT, first_day)}
    return make_proposal(planned, **(facts | changes))


def pairs_of(proposal: Proposal) -> dict[Stay, Need]:
    """Who goes where."""
    return {
        pair.stay: pair.need
        for pair in proposal.pairs.select_related("stay__person", "need__place")
    }
