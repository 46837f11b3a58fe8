"""From the database to a brief; the same number of queries whatever the size of the round."""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
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


def read(planned: Round, *, on: date) -> Brief:
    """What is weighed in ``planned`` on that day.

    What was taken out of the round is left out, and what is over: needs whose days have gone by,
    unless a mentor is still there; stays without a day left; whoever is locked to a need that is
    over for them. Who has left a need's town is weighed for the others alone.
    """
    keys = Keys()
    asked, pairing_of = _needs(planned, keys)
    over = {keys[stay] for (stay,) in asking.stays_over.tuples(planned=planned.pk, day=on)}
    brought = [row for row in asking.stays.tuples(planned=planned.pk) if keys[row[2]] not in over]
    stay_of = {keys[person]: keys[pk] for _profession, _most, pk, person in brought}
    left, there = _been_here(planned, asked, pairing_of, stay_of, keys, on=on)
    needs = [need for need in asked if need.ends_on > on.toordinal() or need.key in there]
    locked, forbidden = _fixed(planned, keys)
    standing = {need.key for need in needs}
    bound = {stay for stay, need in locked.items() if need not in standing or (stay, need) in left}
    brought = [row for row in brought if keys[row[2]] not in bound]
    weighed = {keys[row[2]] for row in brought}
    colleagues = _colleagues(planned, needs, keys)
    languages: dict[str, dict[str, int]] = defaultdict(dict)
    for spoken in (asking.spoken_by_mentors, asking.spoken_by_colleagues):
        for language, level, person in spoken.tuples(planned=planned.pk):
            languages[keys[person]][language] = level
    been, partners = _history(planned, keys)
    return Brief(
        fewest_days=planned.fewest_days,
        needs=needs,
        stays=_stays(planned, brought, languages, been, keys, on=on),
        colleagues=[
            ColleagueBrief(person, place, frozenset(found), languages[person])
            for person, (place, found) in colleagues.items()
        ],
        locked={stay: need for stay, need in locked.items() if stay in weighed},
        forbidden=forbidden,
        together=_groups(planned, weighed, left, keys),
        partners=partners,
        left=left,
    )


def _grouped(pairs: Iterable[tuple[Any, Any]]) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return found


def _needs(planned: Round, keys: Keys) -> tuple[list[NeedBrief], dict[str, str]]:
    """What places ask for, and the pairing that was made for each need, where there is one."""
    languages = _grouped(
        (keys[need], (language, level))
        for language, level, need in asking.need_languages.tuples(planned=planned.pk)
    )
    competences = _grouped(
        (keys[need], keys[competence])
        for need, competence in asking.need_competences.tuples(planned=planned.pk)
    )
    rows = asking.needs.tuples(planned=planned.pk)
    pairings = {keys[pk]: keys[pairing] for *_facts, pk, _place, pairing in rows if pairing}
    needs = [
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
        for kind, seats, profession, starts, ends, interpreter, pk, place, _pairing in rows
    ]
    return needs, pairings


def _stays(
    planned: Round,
    brought: Iterable[tuple[str, int, str, str]],
    languages: dict[str, dict[str, int]],
    been: dict[str, set[str]],
    keys: Keys,
    *,
    on: date,
) -> list[StayBrief]:
    windows = _grouped(
        (keys[stay], (kind, begins.toordinal(), (ends or begins).toordinal()))
        for kind, begins, ends, stay in asking.windows.tuples(planned=planned.pk)
        if (ends or begins) > on
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
        for profession, most, pk, person in brought
    ]


def _been_here(
    planned: Round,
    needs: Sequence[NeedBrief],
    pairing_of: Mapping[str, str],
    stay_of: Mapping[str, str],
    keys: Keys,
    *,
    on: date,
) -> tuple[frozenset[tuple[str, str]], set[str]]:
    """Who has left which need, as pairs of stay and need; and the needs where a mentor still is.

    Who left a pairing of the need's town and form that began with the need has left the need:
    where it was closed, the need may have another pairing by now.
    """
    of_town = _grouped((need.place, need) for need in needs)
    left: set[tuple[str, str]] = set()
    there: set[tuple[str, str]] = set()
    for starts, ends, kind, settled_at, person, pairing, place in asking.mentored_here.tuples(
        planned=planned.pk
    ):
        if (stay := stay_of.get(keys[person])) is None:
            continue
        is_over = settled_at is not None or (ends is not None and ends <= on)
        for need in of_town[keys[place]]:
            in_its_days = need.starts_on <= starts.toordinal() < need.ends_on
            if pairing_of.get(need.key) == keys[pairing] or (kind == need.kind and in_its_days):
                (left if is_over else there).add((stay, need.key))
    return frozenset(left - there), {need for _stay, need in there}


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


def _groups(
    planned: Round, weighed: Container[str], left: Iterable[tuple[str, str]], keys: Keys
) -> list[frozenset[str]]:
    """Who travels together: whoever is linked, over however many others.

    Who has left a place where the other still is travels with them no more.
    """
    left_by = _grouped(sorted(left))
    group_of: dict[str, set[str]] = {}
    for one, other in asking.companions.tuples(planned=planned.pk):
        first, second = keys[one], keys[other]
        if first not in weighed or second not in weighed or left_by[first] != left_by[second]:
            continue
        joined = group_of.get(first, {first}) | group_of.get(second, {second})
        for member in joined:
            group_of[member] = joined
    return sorted({frozenset(group) for group in group_of.values()}, key=sorted)
