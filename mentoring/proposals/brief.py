"""What a proposal is made from: plain facts, without Django. Days are ordinals, keys are texts."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

#: The reasons for a pair, and how much each counts until a coordinator says otherwise (0 to 5).
WEIGHTS: Mapping[str, int] = {
    "overlap": 3,
    "language": 3,
    "competences": 2,
    "continuity": 2,
    "wishes": 1,
}
MOST_WEIGHT = 5


@dataclass(frozen=True, slots=True)
class NeedBrief:
    """What a place asks for. ``profession`` is "" where any will do."""

    key: str
    place: str
    kind: str
    seats: int
    profession: str
    starts_on: int
    ends_on: int
    has_interpreter: bool
    languages: Mapping[str, int] = field(default_factory=dict)
    competences: frozenset[str] = frozenset()

    @property
    def days(self) -> int:
        """How long it is."""
        return self.ends_on - self.starts_on


@dataclass(frozen=True, slots=True)
class StayBrief:
    """What a mentor brings. ``windows`` are form, first day and first day after."""

    key: str
    person: str
    profession: str
    windows: tuple[tuple[str, int, int], ...]
    most_colleagues: int = 2
    languages: Mapping[str, int] = field(default_factory=dict)
    competences: frozenset[str] = frozenset()
    wishes: Mapping[str, int] = field(default_factory=dict)
    been: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ColleagueBrief:
    """A caseworker of a place, and the needs on whose first day they work there."""

    person: str
    place: str
    needs: frozenset[str]
    languages: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Brief:
    """Everything that is weighed in one round.

    ``partners`` are pairs of mentor and caseworker who have worked side by side before. ``left``
    are pairs of stay and need that are over: the mentor was there and has left, and does not come
    again. They are no part of the digest: who hands over as a proposal asks does not make it stale.
    """

    fewest_days: int
    needs: Sequence[NeedBrief]
    stays: Sequence[StayBrief]
    colleagues: Sequence[ColleagueBrief] = ()
    locked: Mapping[str, str] = field(default_factory=dict)
    forbidden: frozenset[tuple[str, str]] = frozenset()
    together: Sequence[frozenset[str]] = ()
    partners: frozenset[tuple[str, str]] = frozenset()
    left: frozenset[tuple[str, str]] = frozenset()

    def days_asked(self, need: NeedBrief) -> int:
        """How many days a mentor must be there: never more than the need itself has."""
        return min(self.fewest_days, need.days)

    def group_of(self, stay: str) -> frozenset[str]:
        """Who travels together with a stay, itself among them."""
        return next((group for group in self.together if stay in group), frozenset({stay}))

    def parted(self, place_of: Mapping[str, str]) -> list[frozenset[str]]:
        """The groups who travel together and do not all go to one place, or all to none."""
        return [
            group for group in self.together if len({place_of.get(stay, "") for stay in group}) > 1
        ]

    def passed_over(self, place_of: Mapping[str, str]) -> list[str]:
        """The stays that are locked to a need and do not go there."""
        return [stay for stay, need in self.locked.items() if place_of.get(stay) != need]

    @property
    def digest(self) -> str:
        """Names these facts: other facts have another name, another order has the same."""
        needs = sorted(
            [
                *(one.key, one.place, one.kind, one.seats, one.profession, one.starts_on),
                *(one.ends_on, one.has_interpreter),
                sorted(one.languages.items()),
                sorted(one.competences),
            ]
            for one in self.needs
        )
        stays = sorted(
            [
                *(one.key, one.person, one.profession, one.most_colleagues),
                sorted(one.windows),
                sorted(one.languages.items()),
                *(sorted(one.competences), sorted(one.wishes.items()), sorted(one.been)),
            ]
            for one in self.stays
        )
        colleagues = sorted(
            [one.person, one.place, sorted(one.needs), sorted(one.languages.items())]
            for one in self.colleagues
        )
        facts = [
            self.fewest_days,
            *(needs, stays, colleagues),
            sorted(self.locked.items()),
            sorted(self.forbidden),
            sorted(sorted(group) for group in self.together),
            sorted(self.partners),
        ]
        return hashlib.sha256(json.dumps(facts, separators=(",", ":")).encode()).hexdigest()
