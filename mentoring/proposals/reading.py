"""From the database to a brief; the same number of queries whatever the size of the round."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet, TextField
from django.db.models.functions import Cast

from mentoring.models import (
    FixedPair,
    Need,
    NeedLanguage,
    PairingMember,
    Round,
    Stay,
    StayWindow,
    StayWish,
)
from mentoring.proposals.brief import Brief, ColleagueBrief, NeedBrief, StayBrief
from people.models import LanguageSkill, Person, Role

Side = PairingMember.Side


class _Keys(dict[str, str]):
    """Ids in their one spelling, by what the database gives for them; each is spelled once.

    A round has some thousand rows that name a few hundred records: an object for each of their
    ids was a third of what reading cost.
    """

    def __missing__(self, text: str) -> str:
        self[text] = key = str(UUID(text))
        return key


def _as_text(*names: str) -> list[Cast]:
    """Ids as texts, for :class:`_Keys`."""
    return [Cast(name, TextField()) for name in names]


def read(planned: Round) -> Brief:
    """What is weighed in ``planned``; what was taken out of the round is left out."""
    keys = _Keys()
    needs = _needs(planned, keys)
    standing_stays = Stay.objects.standing().filter(round=planned)
    stays = [
        (keys[pk], keys[person], profession, most)
        for profession, most, pk, person in standing_stays.values_list(
            "profession", "most_colleagues", *_as_text("pk", "person_id")
        )
    ]
    towns = _colleague_roles(planned, keys)
    starts = {need.key: date.fromordinal(need.starts_on) for need in needs}
    by_place: dict[str, list[str]] = defaultdict(list)
    for need in needs:
        by_place[need.place].append(need.key)
    works_at: dict[tuple[str, str], set[str]] = defaultdict(set)
    for person, place, begins, ends in towns:
        for key in by_place[place]:
            if begins <= starts[key] and (ends is None or starts[key] < ends):
                works_at[person, place].add(key)
    languages = _spoken(planned, keys)
    windows = _grouped(
        (keys[stay], (kind, begins.toordinal(), (ends or begins).toordinal()))
        for kind, begins, ends, stay in StayWindow.objects.filter(stay__in=standing_stays)
        .order_by("starts_on", "kind")
        .values_list("kind", "starts_on", "ends_on", *_as_text("stay_id"))
    )
    competences = _grouped(
        (keys[stay], keys[competence])
        for stay, competence in Stay.competences.through.objects.filter(
            stay__in=standing_stays
        ).values_list(*_as_text("stay_id", "competence_id"))
    )
    wishes = _grouped(
        (keys[stay], (keys[place], position))
        for position, stay, place in StayWish.objects.filter(stay__in=standing_stays).values_list(
            "position", *_as_text("stay_id", "place_id")
        )
    )
    been, partners = _history(planned, standing_stays)
    locked, forbidden = _fixed(planned)
    first_of: dict[str, tuple[str, set[str]]] = {}
    for (person, place), found in sorted(works_at.items()):
        # Whoever works in two towns is a colleague in the first of them, by its key.
        first_of.setdefault(person, (place, found))
    return Brief(
        fewest_days=planned.fewest_days,
        needs=needs,
        stays=[
            StayBrief(
                key=key,
                person=person,
                profession=profession,
                windows=tuple(windows[key]),
                most_colleagues=most,
                languages=languages[person],
                competences=frozenset(competences[key]),
                wishes=dict(wishes[key]),
                been=frozenset(been[person]),
            )
            for key, person, profession, most in stays
        ],
        colleagues=[
            ColleagueBrief(person, place, frozenset(found), languages[person])
            for person, (place, found) in first_of.items()
        ],
        locked=locked,
        forbidden=forbidden,
        together=_groups(standing_stays),
        partners=partners,
    )


def _grouped(pairs: Iterable[tuple[Any, Any]]) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return found


def _needs(planned: Round, keys: _Keys) -> list[NeedBrief]:
    standing = Need.objects.standing().filter(round=planned)
    languages = _grouped(
        (keys[need], (language, level))
        for language, level, need in NeedLanguage.objects.filter(need__in=standing).values_list(
            "language", "level", *_as_text("need_id")
        )
    )
    competences = _grouped(
        (keys[need], keys[competence])
        for need, competence in Need.competences.through.objects.filter(
            need__in=standing
        ).values_list(*_as_text("need_id", "competence_id"))
    )
    return [
        NeedBrief(
            key=keys[pk],
            place=keys[place],
            kind=kind,
            seats=seats,
            profession=profession or planned.profession,
            starts_on=starts.toordinal(),
            ends_on=(ends or starts).toordinal(),
            has_interpreter=interpreter,
            languages=dict(languages[keys[pk]]),
            competences=frozenset(competences[keys[pk]]),
        )
        for kind, seats, profession, starts, ends, interpreter, pk, place in standing.values_list(
            "kind",
            "seats",
            "profession",
            "starts_on",
            "ends_on",
            "has_interpreter",
            *_as_text("pk", "place_id"),
        )
    ]


def _colleague_roles(planned: Round, keys: _Keys) -> list[tuple[str, str, date, date | None]]:
    """Who works as a caseworker in one of the towns, from when until when."""
    towns = Need.objects.standing().filter(round=planned).values("place")
    roles = Role.objects.filter(
        key=Role.Key.CASEWORKER, scope=Role.Scope.TOWN, place__in=towns
    ).order_by("person_id", "starts_on")
    return [
        (keys[person], keys[place], begins, ends)
        for begins, ends, person, place in roles.values_list(
            "starts_on", "ends_on", *_as_text("person_id", "place_id")
        )
    ]


def _spoken(planned: Round, keys: _Keys) -> dict[str, dict[str, int]]:
    """How well each mentor and colleague speaks each language."""
    towns = Need.objects.standing().filter(round=planned).values("place")
    colleagues = Role.objects.filter(
        key=Role.Key.CASEWORKER, scope=Role.Scope.TOWN, place__in=towns
    ).values("person")
    brought = Stay.objects.standing().filter(round=planned).values("person")
    spoken = LanguageSkill.objects.filter(spoken__gt=0)
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for whose in (Person.objects.filter(pk__in=brought), Person.objects.filter(pk__in=colleagues)):
        rows = spoken.filter(person__in=whose).values_list(
            "language", "spoken", *_as_text("person_id")
        )
        for language, level, person in rows:
            found[keys[person]][language] = level
    return found


def _history(
    planned: Round, stays: "QuerySet[Stay]"
) -> tuple[dict[str, set[str]], frozenset[tuple[str, str]]]:
    """Where each mentor has been in earlier pairings, and with whom."""
    # Those of this very round say nothing of before.
    own = Need.objects.filter(round=planned, pairing__isnull=False).values("pairing")
    earlier = PairingMember.objects.filter(starts_on__lt=planned.starts_on).exclude(pairing__in=own)
    earlier = earlier.exclude(ends_on=F("starts_on"))
    as_mentor = earlier.filter(side=Side.MENTOR, person__in=stays.values("person"))
    been: dict[str, set[str]] = defaultdict(set)
    mentors: dict[UUID, set[str]] = defaultdict(set)
    for person, pairing, place in as_mentor.values_list(
        "person_id", "pairing_id", "pairing__place_id"
    ):
        been[str(person)].add(str(place))
        mentors[pairing].add(str(person))
    beside = earlier.filter(side=Side.CASEWORKER, pairing__in=as_mentor.values("pairing"))
    partners = frozenset(
        (mentor, str(person))
        for pairing, person in beside.values_list("pairing_id", "person_id")
        for mentor in mentors[pairing]
    )
    return been, partners


def _fixed(planned: Round) -> tuple[dict[str, str], frozenset[tuple[str, str]]]:
    locked: dict[str, str] = {}
    forbidden = set()
    for stay, need, kind in FixedPair.objects.filter(
        round=planned, stay__withdrawn_at__isnull=True, need__withdrawn_at__isnull=True
    ).values_list("stay_id", "need_id", "kind"):
        if kind == FixedPair.Kind.LOCKED:
            locked[str(stay)] = str(need)
        else:
            forbidden.add((str(stay), str(need)))
    return locked, frozenset(forbidden)


def _groups(stays: "QuerySet[Stay]") -> list[frozenset[str]]:
    """Who travels together: whoever is linked, over however many others."""
    links = Stay.travels_with.through.objects.filter(
        from_stay__in=stays.values("pk"), to_stay__in=stays.values("pk")
    )
    group_of: dict[str, set[str]] = {}
    for one, other in links.values_list("from_stay_id", "to_stay_id"):
        first, second = str(one), str(other)
        joined = group_of.get(first, {first}) | group_of.get(second, {second})
        for member in joined:
            group_of[member] = joined
    return sorted({frozenset(group) for group in group_of.values()}, key=sorted)
