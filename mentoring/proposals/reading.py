"""From the database to a brief; the same number of queries whatever the size of the round."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from mentoring.models import FixedPair, Round
from mentoring.proposals import asking
from mentoring.proposals.brief import Brief, ColleagueBrief, NeedBrief, StayBrief


class Keys(dict[str, str]):
    """Ids in their one spelling, by what the database gives for them; each is spelled once.

    A round has some thousand rows that name a few hundred records: an object for each of their
    ids was a third of what reading cost. PostgreSQL spells a UUID as Python does, SQLite keeps it
    without hyphens.
    """

    def __missing__(self, text: str) -> str:
        key = text
        if "-" not in text:
            key = f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
        self[text] = key
        return key


def read(planned: Round) -> Brief:
    """What is weighed in ``planned``; what was taken out of the round is left out."""
    keys = Keys()
    needs = _needs(planned, keys)
    colleagues = _colleagues(planned, needs, keys)
    languages: dict[str, dict[str, int]] = defaultdict(dict)
    for spoken in (asking.spoken_by_mentors, asking.spoken_by_colleagues):
        for language, level, person in spoken.tuples(planned=planned.pk):
            languages[keys[person]][language] = level
    been, partners = _history(planned, keys)
    locked, forbidden = _fixed(planned, keys)
    return Brief(
        fewest_days=planned.fewest_days,
        needs=needs,
        stays=_stays(planned, languages, been, keys),
        colleagues=[
            ColleagueBrief(person, place, frozenset(found), languages[person])
            for person, (place, found) in colleagues.items()
        ],
        locked=locked,
        forbidden=forbidden,
        together=_groups(planned, keys),
        partners=partners,
    )


def _grouped(pairs: Iterable[tuple[Any, Any]]) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return found


def _needs(planned: Round, keys: Keys) -> list[NeedBrief]:
    languages = _grouped(
        (keys[need], (language, level))
        for language, level, need in asking.need_languages.tuples(planned=planned.pk)
    )
    competences = _grouped(
        (keys[need], keys[competence])
        for need, competence in asking.need_competences.tuples(planned=planned.pk)
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
        for kind, seats, profession, starts, ends, interpreter, pk, place in asking.needs.tuples(
            planned=planned.pk
        )
    ]


def _stays(
    planned: Round,
    languages: dict[str, dict[str, int]],
    been: dict[str, set[str]],
    keys: Keys,
) -> list[StayBrief]:
    windows = _grouped(
        (keys[stay], (kind, begins.toordinal(), (ends or begins).toordinal()))
        for kind, begins, ends, stay in asking.windows.tuples(planned=planned.pk)
    )
    competences = _grouped(
        (keys[stay], keys[competence])
        for stay, competence in asking.stay_competences.tuples(planned=planned.pk)
    )
    wishes = _grouped(
        (keys[stay], (keys[place], position))
        for position, stay, place in asking.wishes.tuples(planned=planned.pk)
    )
    return [
        StayBrief(
            key=keys[pk],
            person=keys[person],
            profession=profession,
            windows=tuple(windows[keys[pk]]),
            most_colleagues=most,
            languages=languages[keys[person]],
            competences=frozenset(competences[keys[pk]]),
            wishes=dict(wishes[keys[pk]]),
            been=frozenset(been[keys[person]]),
        )
        for profession, most, pk, person in asking.stays.tuples(planned=planned.pk)
    ]


def _colleagues(
    planned: Round, needs: Iterable[NeedBrief], keys: Keys
) -> dict[str, tuple[str, set[str]]]:
    """For each caseworker the town, and its needs on whose first day they work there.

    Whoever works in two towns is a colleague in the first of them, by its key.
    """
    of_town = _grouped((need.place, (need.key, date.fromordinal(need.starts_on))) for need in needs)
    works_at: dict[tuple[str, str], set[str]] = defaultdict(set)
    for begins, ends, person, place in asking.town_roles.tuples(planned=planned.pk):
        for key, first_day in of_town[keys[place]]:
            if begins <= first_day and (ends is None or first_day < ends):
                works_at[keys[person], keys[place]].add(key)
    first_of: dict[str, tuple[str, set[str]]] = {}
    for (person, place), found in sorted(works_at.items()):
        first_of.setdefault(person, (place, found))
    return first_of


def _history(planned: Round, keys: Keys) -> tuple[dict[str, set[str]], frozenset[tuple[str, str]]]:
    """Where each mentor has been in earlier pairings, and with whom."""
    key, before = planned.pk, planned.starts_on
    been: dict[str, set[str]] = defaultdict(set)
    mentors: dict[str, set[str]] = defaultdict(set)
    for person, pairing, place in asking.mentored_before.tuples(planned=key, before=before):
        been[keys[person]].add(keys[place])
        mentors[pairing].add(keys[person])
    partners = frozenset(
        (mentor, keys[person])
        for pairing, person in asking.beside_them_before.tuples(planned=key, before=before)
        for mentor in mentors[pairing]
    )
    return been, partners


def _fixed(planned: Round, keys: Keys) -> tuple[dict[str, str], frozenset[tuple[str, str]]]:
    locked: dict[str, str] = {}
    forbidden = set()
    for kind, stay, need in asking.fixed.tuples(planned=planned.pk):
        if kind == FixedPair.Kind.LOCKED:
            locked[keys[stay]] = keys[need]
        else:
            forbidden.add((keys[stay], keys[need]))
    return locked, frozenset(forbidden)


def _groups(planned: Round, keys: Keys) -> list[frozenset[str]]:
    """Who travels together: whoever is linked, over however many others."""
    group_of: dict[str, set[str]] = {}
    for one, other in asking.companions.tuples(planned=planned.pk):
        first, second = keys[one], keys[other]
        joined = group_of.get(first, {first}) | group_of.get(second, {second})
        for member in joined:
            group_of[member] = joined
    return sorted({frozenset(group) for group in group_of.values()}, key=sorted)
