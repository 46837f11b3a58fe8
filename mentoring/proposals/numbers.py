"""From facts to tables of numbers: which rule stops a pair, and what speaks for it.

A row for each stay, a column for each need; no loop runs over pairs. Nothing here knows Django.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from mentoring.matching.solving import MOST_SCORE, Problem
from mentoring.proposals.brief import WEIGHTS, Brief, NeedBrief, StayBrief

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: The rules that stop a pair, in the order in which they are told.
RULES = ("form", "profession", "period", "language", "forbidden", "left")
#: What each level of a language is worth, and each wish from the first on, of a hundred.
LEVEL_WORTH = (0, 33, 67, 100)
WISH_WORTH = (100, 80, 60, 40, 20)
#: No day at all together: what somebody who never comes in that form has.
NEVER_THERE = -100_000


@dataclass(frozen=True)
class Tables:
    """A round in numbers."""

    brief: Brief
    weights: Mapping[str, int]
    #: For each rule the pairs that it stops.
    blocked: "Mapping[str, NDArray[np.bool_]]"
    #: For each term how far it is fulfilled, 0 to 100.
    terms: "Mapping[str, NDArray[np.int16]]"
    #: Days together in the form asked for (for whoever never comes in that form: in any).
    days: "NDArray[np.int32]"

    @cached_property
    def allowed(self) -> "NDArray[np.bool_]":
        """The pairs that no rule stops; whoever is locked to a need is allowed there."""
        import numpy as np

        allowed = np.ones(self.days.shape, dtype=bool)
        for stopped in self.blocked.values():
            allowed &= ~stopped
        for stay, need in self.brief.locked.items():
            allowed[self.row(stay), self.column(need)] = True
        return allowed

    def points(self, term: str) -> "NDArray[np.int64]":
        """What a term gives each pair: its share of ``MOST_SCORE``, rounded down."""
        import numpy as np

        whole = sum(self.weights.values()) or 1
        share = self.weights[term] * (MOST_SCORE // 100)
        return self.terms[term].astype(np.int64) * share // whole

    @cached_property
    def score(self) -> "NDArray[np.int64]":
        """The sum of the points: the reasons add up to it exactly."""
        import numpy as np

        total = np.zeros(self.days.shape, dtype=np.int64)
        for term in WEIGHTS:
            if self.weights[term]:
                total += self.points(term)
        return total

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {stay.key: i for i, stay in enumerate(self.brief.stays)}

    @cached_property
    def _columns(self) -> dict[str, int]:
        return {need.key: j for j, need in enumerate(self.brief.needs)}

    def row(self, stay: str) -> int:
        """The row of a stay."""
        return self._rows[stay]

    def column(self, need: str) -> int:
        """The column of a need."""
        return self._columns[need]

    def hindrances(self, stay: str, need: str) -> list[str]:
        """What keeps somebody from a need, one pair at a time: rules, locks and who comes along."""
        group, column = self.brief.group_of(stay), self.column(need)
        row, others = self.row(stay), [self.row(one) for one in group if one != stay]
        found = []
        if not self.allowed[row, column]:
            found = [rule for rule in RULES if self.blocked[rule][row, column]]
        if self.brief.locked.get(stay, need) != need:
            found.append("locked")
        elif any(self.brief.locked.get(one, need) != need for one in group):
            found.append("bound")
        if not self.allowed[others, column].all():
            found.append("companion")
        if len(group) > self.brief.needs[column].seats:
            found.append("crowd")
        return found

    def problem(self, before: Mapping[str, str] | None = None) -> Problem:
        """The first step: mentors to needs.

        Raises:
            ValueError: As :class:`Problem`, for locks that do not fit.
        """
        return Problem(
            people=[stay.key for stay in self.brief.stays],
            places=[need.key for need in self.brief.needs],
            seats=[need.seats for need in self.brief.needs],
            score=self.score,
            allowed=self.allowed,
            before=before or {},
            locked=self.brief.locked,
            together=self.brief.together,
        )


def tables(brief: Brief, weights: Mapping[str, int]) -> Tables:
    """The round in numbers; ``weights`` say how much each term counts."""
    import numpy as np

    form, days = _days(brief)
    asked = np.array([brief.days_asked(need) for need in brief.needs], dtype=np.int32)
    spoken_enough, language = _languages(brief)
    interpreter = np.array([need.has_interpreter for need in brief.needs], dtype=bool)
    length = np.array([max(need.days, 1) for need in brief.needs], dtype=np.int32)
    return Tables(
        brief=brief,
        weights={term: int(weights.get(term, 0)) for term in WEIGHTS},
        blocked={
            "form": form,
            "profession": _profession(brief),
            "period": days < asked,
            "language": ~spoken_enough & ~interpreter,
            "forbidden": _pairs(brief, brief.forbidden),
            "left": _pairs(brief, brief.left),
        },
        terms={
            "overlap": (np.clip(days, 0, length) * 100 // length).astype(np.int16),
            "language": language,
            "competences": _competences(brief),
            "continuity": _by_place(brief, lambda stay: dict.fromkeys(stay.been, 100)),
            "wishes": _by_place(
                brief,
                lambda stay: {place: wish_worth(at) for place, at in stay.wishes.items()},
            ),
        },
        days=days,
    )


def wish_worth(position: int) -> int:
    """What a wish is worth, of a hundred; 1 is the first wish."""
    return WISH_WORTH[min(position, len(WISH_WORTH)) - 1]


def _days(brief: Brief) -> "tuple[NDArray[np.bool_], NDArray[np.int32]]":
    """Who never comes in the form asked for; and the days together, of the best window."""
    import numpy as np

    shape = (len(brief.stays), len(brief.needs))
    if 0 in shape:
        return np.zeros(shape, dtype=bool), np.zeros(shape, dtype=np.int32)
    windows = [
        (kind, starts, ends)
        for stay in brief.stays
        for kind, starts, ends in stay.windows or (("", 0, 0),)
    ]
    counts = [max(len(stay.windows), 1) for stay in brief.stays]
    kinds = {kind: n for n, kind in enumerate(sorted({need.kind for need in brief.needs}))}
    kind = np.array([kinds.get(one, -1) for one, _starts, _ends in windows], dtype=np.int16)
    starts = np.array([one for _kind, one, _ends in windows], dtype=np.int32)
    ends = np.array([one for _kind, _starts, one in windows], dtype=np.int32)
    need_kind = np.array([kinds[need.kind] for need in brief.needs], dtype=np.int16)
    need_starts = np.array([need.starts_on for need in brief.needs], dtype=np.int32)
    need_ends = np.array([need.ends_on for need in brief.needs], dtype=np.int32)
    shared = np.minimum(ends[:, None], need_ends) - np.maximum(starts[:, None], need_starts)
    in_form = np.where(kind[:, None] == need_kind, shared, np.int32(NEVER_THERE))
    if len(windows) > len(brief.stays):
        first = np.concatenate(([0], np.cumsum(counts)[:-1]))
        shared = np.maximum.reduceat(shared, first, axis=0)
        in_form = np.maximum.reduceat(in_form, first, axis=0)
    never = in_form == NEVER_THERE
    return never, np.where(never, shared, in_form)


def _pairs(brief: Brief, pairs: Iterable[tuple[str, str]]) -> "NDArray[np.bool_]":
    """A table of these pairs of stay and need; one that is not weighed stands nowhere."""
    import numpy as np

    found = np.zeros((len(brief.stays), len(brief.needs)), dtype=bool)
    rows = {stay.key: i for i, stay in enumerate(brief.stays)}
    columns = {need.key: j for j, need in enumerate(brief.needs)}
    for stay, need in pairs:
        if stay in rows and need in columns:
            found[rows[stay], columns[need]] = True
    return found


def _profession(brief: Brief) -> "NDArray[np.bool_]":
    import numpy as np

    asked_for = {need.profession for need in brief.needs}
    known = sorted((asked_for | {stay.profession for stay in brief.stays}) - {""})
    code = {"": -1} | {name: n for n, name in enumerate(known)}
    asked = np.array([code[need.profession] for need in brief.needs], dtype=np.int16)
    own = np.array([code[stay.profession] for stay in brief.stays], dtype=np.int16)
    return (asked >= 0) & (own[:, None] != asked)


def _languages(brief: Brief) -> "tuple[NDArray[np.bool_], NDArray[np.int16]]":
    """Who speaks one of the languages well enough; and how well the best of them, of a hundred."""
    import numpy as np

    shape = (len(brief.stays), len(brief.needs))
    enough = np.zeros(shape, dtype=bool)
    best = np.zeros(shape, dtype=np.int8)
    for language in sorted({one for need in brief.needs for one in need.languages}):
        asked = np.array([need.languages.get(language, 0) for need in brief.needs], dtype=np.int8)
        spoken = np.array([stay.languages.get(language, 0) for stay in brief.stays], dtype=np.int8)
        columns = asked.nonzero()[0]
        enough[:, columns] |= spoken[:, None] >= asked[columns]
        best[:, columns] = np.maximum(best[:, columns], spoken[:, None])
    free = [j for j, need in enumerate(brief.needs) if not need.languages]
    enough[:, free], best[:, free] = True, 3
    return enough, np.array(LEVEL_WORTH, dtype=np.int16)[best]


def _competences(brief: Brief) -> "NDArray[np.int16]":
    """The share of what a need asks for that somebody brings; all where nothing is asked."""
    import numpy as np

    asked = sorted({one for need in brief.needs for one in need.competences})
    at = {key: n for n, key in enumerate(asked)}
    wanted = np.zeros((len(brief.needs), len(asked)), dtype=np.float32)
    brought = np.zeros((len(brief.stays), len(asked)), dtype=np.float32)
    for j, need in enumerate(brief.needs):
        wanted[j, [at[one] for one in need.competences]] = 1
    for i, stay in enumerate(brief.stays):
        brought[i, [at[one] for one in stay.competences if one in at]] = 1
    count = wanted.sum(axis=1)
    found = brought @ wanted.T
    found *= np.float32(100) / np.maximum(count, 1)
    found[:, count == 0] = 100
    return np.rint(found).astype(np.int16)


def _by_place(
    brief: Brief, worth: "Callable[[StayBrief], Mapping[str, int]]"
) -> "NDArray[np.int16]":
    """A term that depends on the town alone: a small table by town, spread over the needs."""
    import numpy as np

    places = sorted({need.place for need in brief.needs})
    at = {place: n for n, place in enumerate(places)}
    by_town = np.zeros((len(brief.stays), len(places)), dtype=np.int16)
    for i, stay in enumerate(brief.stays):
        for place, value in worth(stay).items():
            if place in at:
                by_town[i, at[place]] = value
    return by_town[:, [at[need.place] for need in brief.needs]]


def best_language(need: NeedBrief, languages: Mapping[str, int]) -> str:
    """The language of the need that somebody speaks best; "" when it is none of them."""
    level, language = max(
        ((languages.get(one, 0), one) for one in sorted(need.languages, reverse=True)),
        default=(0, ""),
    )
    return language if level else ""
