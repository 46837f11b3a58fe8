"""The two steps as one: mentors to needs, then the caseworkers of each place to its mentors.

Nothing here knows Django.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mentoring.matching.changing import empty_seats
from mentoring.matching.solving import MOST_SCORE, Problem, Solution, solve
from mentoring.proposals.brief import Brief, ColleagueBrief, NeedBrief, StayBrief
from mentoring.proposals.numbers import LEVEL_WORTH, Tables, best_language, tables

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: How well both must speak a language to work in it, of LanguageSkill.Level.
AT_WORK = 2
#: What each colleague more of one mentor costs the next, in points: the load is shared out.
FAIR_LOAD = 60
#: The column of whoever has no seat.
NOWHERE = -1

Reasons = dict[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Seated:
    """A pair of the first step: stay and need by key, its points and where they come from."""

    stay: str
    need: str
    score: int
    reasons: Reasons


@dataclass(frozen=True, slots=True)
class Beside:
    """A caseworker and the mentor they work with; ``stay`` is "" where nobody is left for them."""

    person: str
    need: str
    stay: str
    score: int = 0
    reasons: Reasons = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Uncovered:
    """Seats of a need that stay empty, and why, for everybody who does not sit there.

    ``blocks`` counts for each rule the mentors it stops, under "companion" those who fit and travel
    with somebody who is stopped, under "crowd" those who fit and are more together than the empty
    seats. Of the others ``elsewhere`` sit in another place and ``free`` nowhere: only pairs made
    by hand, or not proven, leave any.
    """

    need: str
    seats: int
    blocks: Mapping[str, int]
    elsewhere: int
    free: int = 0


@dataclass(frozen=True, slots=True)
class Weighed:
    """What came out, with the tables it came from."""

    tables: Tables
    solution: Solution
    seated: Sequence[Seated]
    beside: Sequence[Beside]
    uncovered: Sequence[Uncovered]


def weigh(
    brief: Brief,
    weights: Mapping[str, int],
    *,
    before: Mapping[str, str] | None = None,
    beside_before: Mapping[str, str] | None = None,
) -> Weighed:
    """The best pairs for these weights.

    Args:
        before: Needs by stay in the solution that this one follows: as few as possible move.
        beside_before: Stays by caseworker, likewise.

    Raises:
        ValueError: When locks cannot hold together.
    """
    numbers = tables(brief, weights)
    solution = solve(numbers.problem(before))
    return explain(numbers, solution, beside_before or {})


def explain(
    numbers: Tables, solution: Solution, beside_before: Mapping[str, str] | None = None
) -> Weighed:
    """A solution with its reasons, its colleagues and what stops the seats that are empty."""
    return Weighed(
        tables=numbers,
        solution=solution,
        seated=list(_reasoned(numbers, solution.place_of)),
        beside=list(_beside(numbers, solution.place_of, beside_before or {})),
        uncovered=_uncovered(numbers, solution),
    )


def _reasoned(numbers: Tables, place_of: Mapping[str, str]) -> Iterable[Seated]:
    """Each pair with its points by term and what was found: days, language, counts."""
    import numpy as np

    brief = numbers.brief
    if not place_of:
        return
    rows = np.array([numbers.row(stay) for stay in place_of])
    columns = np.array([numbers.column(need) for need in place_of.values()])
    cells = rows, columns
    # Only the points of the pairs: the tables hold those of everybody with everybody.
    whole = sum(numbers.weights.values()) or 1
    points = {
        term: (
            numbers.terms[term][cells].astype(np.int64)
            * (numbers.weights[term] * (MOST_SCORE // 100))
            // whole
        ).tolist()
        for term in numbers.terms
    }
    days, scores = numbers.days[cells].tolist(), numbers.score[cells].tolist()
    stays, needs = brief.stays, brief.needs
    for n, (i, j) in enumerate(zip(rows.tolist(), columns.tolist(), strict=True)):
        stay, need = stays[i], needs[j]
        language = best_language(need, stay.languages)
        found: dict[str, object] = {
            "overlap": max(days[n], 0),
            "language": [language, stay.languages.get(language, 0)] if need.languages else None,
            "competences": [len(need.competences & stay.competences), len(need.competences)],
            "continuity": need.place in stay.been,
            "wishes": stay.wishes.get(need.place, 0),
        }
        yield Seated(
            stay.key,
            need.key,
            scores[n],
            {term: [points[term][n], found[term]] for term in points},
        )


def _uncovered(numbers: Tables, solution: Solution) -> list[Uncovered]:
    import numpy as np

    at = np.full(len(numbers.brief.stays), NOWHERE)
    for stay, need in solution.place_of.items():
        at[numbers.row(stay)] = numbers.column(need)
    groups = [[numbers.row(stay) for stay in sorted(group)] for group in numbers.brief.together]
    found = []
    for need, seats in empty_seats(numbers.problem(), solution).items():
        column = numbers.column(need)
        allowed = numbers.allowed[:, column]
        # A lock lets somebody in whatever stops them: no rule stops them here.
        blocks = {
            rule: count
            for rule, stopped in numbers.blocked.items()
            if (count := int((stopped[:, column] & ~allowed).sum()))
        }
        fits = allowed & (at != column)
        for group in groups:
            if not allowed[group].all():
                _stop(blocks, "companion", fits, group)
            elif len(group) > seats:
                _stop(blocks, "crowd", fits, [row for row in group if at[row] == NOWHERE])
        elsewhere = int((fits & (at != NOWHERE)).sum())
        found.append(Uncovered(need, seats, blocks, elsewhere, int(fits.sum()) - elsewhere))
    return found


def _stop(
    blocks: dict[str, int], rule: str, fits: "NDArray[np.bool_]", rows: Sequence[int]
) -> None:
    """Count those of ``rows`` who fit as stopped by ``rule``: they fit no more."""
    if count := int(fits[rows].sum()):
        blocks[rule] = blocks.get(rule, 0) + count
        fits[rows] = False


# --- Caseworkers and mentors ----------------------------------------------------------------------


def _beside(
    numbers: Tables, place_of: Mapping[str, str], before: Mapping[str, str]
) -> Iterable[Beside]:
    """The second step, town by town: nobody works with a mentor of another town."""
    brief = numbers.brief
    needs = {need.key: need for need in brief.needs}
    stays = {stay.key: stay for stay in brief.stays}
    mentors: dict[str, list[tuple[StayBrief, NeedBrief]]] = defaultdict(list)
    for stay, need in place_of.items():
        mentors[needs[need].place].append((stays[stay], needs[need]))
    colleagues: dict[str, list[ColleagueBrief]] = defaultdict(list)
    for one in brief.colleagues:
        colleagues[one.place].append(one)
    partners: dict[str, list[str]] = defaultdict(list)
    for mentor, person in brief.partners:
        partners[person].append(mentor)
    for place in sorted(mentors.keys() & colleagues.keys()):
        yield from _in_town(colleagues[place], mentors[place], partners, numbers.weights, before)


def _in_town(
    colleagues: Sequence[ColleagueBrief],
    mentors: Sequence[tuple[StayBrief, NeedBrief]],
    partners: Mapping[str, Collection[str]],
    weights: Mapping[str, int],
    before: Mapping[str, str],
) -> Iterable[Beside]:
    import numpy as np

    language, spoken = _common_languages(colleagues, mentors)
    columns = {stay.person: j for j, (stay, _need) in enumerate(mentors)}
    same, is_self = np.zeros(spoken.shape, dtype=bool), np.zeros(spoken.shape, dtype=bool)
    for i, one in enumerate(colleagues):
        same[i, [columns[mentor] for mentor in partners[one.person] if mentor in columns]] = True
        if one.person in columns:
            is_self[i, columns[one.person]] = True
    asked = list(dict.fromkeys(need.key for _stay, need in mentors))
    works = np.array([[key in one.needs for key in asked] for one in colleagues])
    works_then = works[:, [asked.index(need.key) for _stay, need in mentors]]
    interpreter = np.array([need.has_interpreter for _stay, need in mentors])
    whole = weights["language"] + weights["continuity"] or 1
    by_language = np.array(LEVEL_WORTH)[spoken] * (weights["language"] * 10) // whole
    by_continuity = same * (weights["continuity"] * MOST_SCORE // whole)
    score = (by_language + by_continuity).astype(np.int64)
    place_of = solve(
        Problem(
            people=[one.person for one in colleagues],
            places=[stay.key for stay, _need in mentors],
            seats=[stay.most_colleagues for stay, _need in mentors],
            score=score,
            allowed=works_then & ((spoken >= AT_WORK) | interpreter) & ~is_self,
            before=before,
            spread=FAIR_LOAD,
        )
    ).place_of
    at = {stay.key: j for j, (stay, _need) in enumerate(mentors)}
    for i, one in enumerate(colleagues):
        if (key := place_of.get(one.person)) is None:
            fits = [need.key for _stay, need in mentors if need.key in one.needs]
            if fits:
                yield Beside(one.person, fits[0], "")
            continue
        j = at[key]
        reasons: Reasons = {
            "language": [int(by_language[i, j]), [language[i][j], int(spoken[i, j])]],
            "continuity": [int(by_continuity[i, j]), bool(same[i, j])],
        }
        yield Beside(one.person, mentors[j][1].key, key, int(score[i, j]), reasons)


def _common_languages(
    colleagues: Sequence[ColleagueBrief], mentors: Sequence[tuple[StayBrief, NeedBrief]]
) -> "tuple[list[list[str]], NDArray[np.int8]]":
    """For each colleague and mentor the language that both speak best, and how well."""
    import numpy as np

    known = sorted({one for person in colleagues for one in person.languages})
    best = np.zeros((len(colleagues), len(mentors)), dtype=np.int8)
    which = np.full(best.shape, -1, dtype=np.int8)
    for n, language in enumerate(known):
        theirs = np.array([one.languages.get(language, 0) for one in colleagues], dtype=np.int8)
        ours = np.array([stay.languages.get(language, 0) for stay, _n in mentors], dtype=np.int8)
        both = np.minimum(theirs[:, None], ours)
        which[both > best] = n
        best = np.maximum(best, both)
    names = [*known, ""]  # -1 is the last: no language in common
    return [[names[n] for n in row] for row in which.tolist()], best
