"""Invented rounds in plain facts: towns, mentors and colleagues with everything that may differ."""

import random
from collections.abc import Sequence

from mentoring.proposals.brief import Brief, ColleagueBrief, NeedBrief, StayBrief

LANGUAGES = ("da", "kl-west", "kl-north", "kl-east")
FORMS = ("on_site", "remote", "freelance")
PROFESSIONS = ("social_worker", "family_therapist")
COMPETENCES = ("c1", "c2", "c3", "c4", "c5")
BEGINNING = 740_000


def invented(
    seed: int,
    *,
    stays: int,
    needs: int,
    places: int = 4,
    colleagues: int = 0,
    groups: Sequence[int] = (),
) -> Brief:
    """A round in which many a seat stays empty for many a reason.

    ``groups`` are the sizes of groups of mentors who travel together, the first stays first.
    """
    dice = random.Random(seed)
    towns = [f"t{n}" for n in range(places)]

    def spoken() -> dict[str, int]:
        some = dice.sample(LANGUAGES, dice.choice([1, 1, 2]))
        return {language: dice.randint(1, 3) for language in some}

    def window() -> tuple[str, int, int]:
        starts = BEGINNING + dice.randrange(0, 90, 5)
        form = dice.choice(["on_site", "on_site", *FORMS])
        return form, starts, starts + dice.choice([14, 30, 60, 120])

    asked = []
    for n in range(needs):
        starts = BEGINNING + dice.randrange(0, 60, 5)
        asked.append(
            NeedBrief(
                key=f"n{n}",
                place=dice.choice(towns),
                kind=dice.choice(["on_site", "on_site", "remote"]),
                seats=dice.choice([1, 2, 2]),
                profession=dice.choice(["", "", *PROFESSIONS]),
                starts_on=starts,
                ends_on=starts + dice.choice([20, 60, 120]),
                has_interpreter=dice.random() < 0.3,
                languages=spoken() if dice.random() < 0.9 else {},
                competences=frozenset(dice.sample(COMPETENCES, dice.choice([0, 1, 3]))),
            )
        )
    brought = [
        StayBrief(
            key=f"s{n}",
            person=f"p{n}",
            profession=dice.choice(PROFESSIONS),
            windows=tuple(sorted({window() for _ in range(dice.choice([1, 1, 2]))})),
            most_colleagues=dice.choice([1, 2, 3]),
            languages=spoken(),
            competences=frozenset(dice.sample(COMPETENCES, dice.choice([0, 2, 4]))),
            wishes={town: at + 1 for at, town in enumerate(dice.sample(towns, min(2, len(towns))))},
            been=frozenset(dice.sample(towns, dice.choice([0, 1]))),
        )
        for n in range(stays)
    ]
    working = []
    for n in range(colleagues):
        place = dice.choice(towns)
        here = frozenset(need.key for need in asked if need.place == place)
        working.append(ColleagueBrief(f"c{n}", place, here, spoken()))
    forbidden = {(stay.key, need.key) for stay in brought for need in asked if dice.random() < 0.05}
    return Brief(
        fewest_days=28,
        needs=asked,
        stays=brought,
        colleagues=working,
        forbidden=frozenset(forbidden),
        together=[
            frozenset(f"s{sum(groups[:n]) + at}" for at in range(size))
            for n, size in enumerate(groups)
        ],
        partners=frozenset(
            (stay.person, one.person) for stay in brought for one in working if dice.random() < 0.1
        ),
    )
