"""What a proposal costs beside the bare solver, and beside the PyPI package mentor-match.

    python -m bench.pairing                       # 50, 200, 500, 1,000 and 5,000 a side
    python -m bench.pairing --sizes 50 1000
    python -m bench.pairing --database postgres://…    # an empty one; else SQLite
    python -m bench.pairing --check               # and exit 1 where a target is missed

Each size is a round of so many mentors and so many seats, with as many caseworkers. Measured is the
way from the database to the proposal in words: reading, tables, both steps, reasons, what stops
each empty seat. Beside it, in turn and in the same process, scipy's assignment of the very same
table of costs. mentor-match gets the same points for the same pairs, in a virtual environment of
its own that is thrown away; it is stopped after ``--patience`` seconds. Seconds are of CPU, so that
other work on the machine counts little. Memory is the most that a process of its own has held, less
what it held before it began.
"""

import argparse
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SIZES = (50, 200, 500, 1000, 5000)
#: mentor-match is asked for no more than this: Python alone takes days for the rest.
MOST_MATCHED = 500
PACKAGE = "mentor-match==7.0.1"
BEGINS = date(2027, 1, 11)
LANGUAGES = ("da", "kl-west", "kl-east", "kl-north")


# --- The round ------------------------------------------------------------------------------------


def fill(size: int) -> str:
    """A round of ``size`` mentors, seats and caseworkers in the database; its id."""
    from mentoring.models import Need, NeedLanguage, Round, Stay, StayWindow, StayWish
    from people.models import LanguageSkill, Organisation, Person, Place, Role

    dice = random.Random(size)
    municipality, _new = Organisation.objects.get_or_create(
        key="bench", defaults={"kind": "municipality", "name": "Bench", "starts_on": BEGINS}
    )
    towns = Place.objects.bulk_create(
        Place(
            key=f"bench-{size}-{n}",
            name=f"By {size} {n}",
            district=str(n),
            municipality=municipality,
            dialect="west",
            link="good",
        )
        for n in range(max(size // 20, 4))
    )
    planned = Round.objects.create(
        title=f"{size}", starts_on=BEGINS, ends_on=BEGINS + timedelta(days=150)
    )
    planned.municipalities.add(municipality)
    people = Person.objects.bulk_create(
        (Person(name=f"Opdigtet {size} {n}") for n in range(2 * size)), batch_size=500
    )
    mentors, colleagues = people[:size], people[size:]
    LanguageSkill.objects.bulk_create(
        (
            LanguageSkill(person=person, language=language, spoken=dice.randint(1, 3), written=1)
            for person in people
            for language in dice.sample(LANGUAGES, 2)
        ),
        batch_size=500,
    )
    Role.objects.bulk_create(
        (
            Role(
                person=person, key="caseworker", scope="town", place=dice.choice(towns),
                starts_on=date(2020, 1, 1),
            )
            for person in colleagues
        ),
        batch_size=500,
    )  # fmt: skip
    needs = Need.objects.bulk_create(
        Need(
            round=planned,
            place=towns[n % len(towns)],
            kind=("on_site", "remote", "freelance")[n // len(towns) % 3],
            profession=("", "social_worker", "family_therapist", "caseworker")[
                n // (3 * len(towns)) % 4
            ],
            seats=2,
            starts_on=BEGINS + timedelta(days=dice.randrange(0, 30)),
            ends_on=BEGINS + timedelta(days=dice.randrange(90, 150)),
            has_interpreter=dice.random() < 0.4,
        )
        for n in range(size // 2)
    )
    NeedLanguage.objects.bulk_create(
        (
            NeedLanguage(need=need, language=language, level=2)
            for need in needs
            for language in dice.sample(LANGUAGES, 2)
        ),
        batch_size=500,
    )
    stays = Stay.objects.bulk_create(
        (
            Stay(
                round=planned,
                person=person,
                profession=dice.choice(["social_worker", "family_therapist", "caseworker"]),
            )
            for person in mentors
        ),
        batch_size=500,
    )
    windows = []
    for stay in stays:
        starts = BEGINS + timedelta(days=dice.randrange(0, 40))
        for kind in dice.sample(["on_site", "remote", "freelance"], dice.choice([1, 2])):
            ends = starts + timedelta(days=dice.randrange(40, 110))
            windows.append(StayWindow(stay=stay, kind=kind, starts_on=starts, ends_on=ends))
    StayWindow.objects.bulk_create(windows, batch_size=500)
    StayWish.objects.bulk_create(
        (
            StayWish(stay=stay, place=place, position=at)
            for stay in stays
            for at, place in enumerate(dice.sample(towns, 2), start=1)
        ),
        batch_size=500,
    )
    return str(planned.pk)


# --- What is measured -----------------------------------------------------------------------------


def propose(key: str) -> Any:
    """From the database to the proposal in words; what came out."""
    from mentoring.models import Round
    from mentoring.proposals import words
    from mentoring.proposals.brief import WEIGHTS
    from mentoring.proposals.reading import read
    from mentoring.proposals.weighing import weigh

    planned = Round.objects.get(pk=key)
    done = weigh(read(planned, on=planned.starts_on), WEIGHTS)
    for pair in done.seated:
        words.reasons(pair.reasons)
    for one in done.beside:
        if one.stay:
            words.reasons(one.reasons, beside=True)
    for empty in done.uncovered:
        words.blocks(empty.blocks)
    return done


def costs(done: Any) -> Any:
    """The table that scipy needs to give the same: a column a seat, covering before points."""
    import numpy as np

    problem = done.tables.problem()
    seats = np.repeat(np.arange(len(problem.places)), problem.seats)
    most = 1001 * len(problem.people)
    worth = np.where(problem.allowed, problem.score + most, 0)[:, seats]
    return -worth.astype(np.float64)


def timed(do: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of CPU, and what came out; SQLite works in this process, PostgreSQL does not."""
    began = time.process_time()
    found = do()
    return time.process_time() - began, found


def memory_mb() -> float:
    """The most that this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(key: str, folder: Path, rounds: int) -> dict[str, Any]:
    """Ours and bare scipy, in turn; medians. Leaves the table for the others."""
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    done = propose(key)  # warm: imports, statements
    table = costs(done)
    np.save(folder / "costs.npy", table)
    ours, bare = [], []
    for _ in range(rounds):
        seconds, done = timed(lambda: propose(key))
        ours.append(seconds)
        seconds, (rows, columns) = timed(lambda: linear_sum_assignment(table))
        bare.append(seconds)
    most = 1001 * table.shape[0]
    total = int(-table[rows, columns].sum())
    return {
        "ours_s": statistics.median(ours),
        "bare_s": statistics.median(bare),
        "ours": [done.solution.covered, done.solution.score],
        "best": [total // most, total % most],
        "beside": sum(bool(one.stay) for one in done.beside),
    }


def remember(key: str) -> dict[str, Any]:
    """The memory that one proposal takes."""
    for module in ("scipy.optimize", "scipy.sparse.csgraph"):
        import_module(module)  # before the count begins: it is the machine's, not the proposal's
    before = memory_mb()
    propose(key)
    return {"ours_mb": memory_mb() - before}


def bare_memory(folder: Path) -> dict[str, Any]:
    """The memory of scipy's assignment, its table included."""
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    before = memory_mb()
    linear_sum_assignment(np.load(folder / "costs.npy"))
    return {"bare_mb": memory_mb() - before}


#: Runs in the environment of mentor-match, which has no numpy: the table comes as JSON.
MATCHING = """
import json, resource, sys, time
from matching.mentor import Mentor
from matching.mentee import Mentee
from matching.process import process_data

table, most = json.load(open(sys.argv[1]))

class Points:
    def apply(self, match):
        points = table[int(match.mentor.email)][int(match.mentee.email)]
        if points < 0:
            match.disallowed = True
            return 0
        return points + most
    def evaluate(self, match):
        return True

def people(kind, count):
    return [kind(grade=1, email=str(n)) for n in range(count)]

mentors, mentees = people(Mentor, len(table)), people(Mentee, len(table[0]))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
began = time.process_time()
process_data(mentors, mentees, [[Points()]])
seconds = time.process_time() - began
pairs = [(int(m.email), int(e.email)) for m in mentors for e in m.mentees]
print(json.dumps({
    "match_s": seconds,
    "match_mb": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024,
    "match": [len(pairs), sum(table[i][j] for i, j in pairs)],
}))
"""


def matched(python: Path, folder: Path, patience: float) -> dict[str, Any]:
    """What mentor-match makes of the same table, or why it makes nothing."""
    import numpy as np

    worth = -np.load(folder / "costs.npy")
    most = 1001 * worth.shape[0]
    table = np.where(worth > 0, worth - most, -1).astype(int).tolist()
    (folder / "table.json").write_text(json.dumps([table, most]))
    try:
        done = subprocess.run(
            [str(python), "-c", MATCHING, str(folder / "table.json")],
            capture_output=True, text=True, check=False, timeout=patience,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return {"match_stopped_s": patience}
    if done.returncode:
        return {"match_failed": done.stderr.strip().splitlines()[-1]}
    return dict(json.loads(done.stdout))


def environment_of_match(folder: Path) -> Path | None:
    """A throw-away environment with mentor-match; none where it cannot be installed."""
    venv.create(folder / "match", with_pip=True)
    python = folder / "match" / "bin" / "python"
    done = subprocess.run(
        [str(python), "-m", "pip", "install", "-q", PACKAGE],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        print(f"{PACKAGE} cannot be installed: {done.stderr.strip().splitlines()[-1]}")
        return None
    return python


# --- The run --------------------------------------------------------------------------------------


def child(env: dict[str, str], *arguments: str) -> dict[str, Any]:
    """Run a part of this module in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.pairing", *arguments],
        cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def part(name: str, arguments: list[str]) -> dict[str, Any]:
    """One part of the run, in this process."""
    import django

    django.setup()
    from django.utils import translation

    translation.activate("da")
    match name:
        case "migrate":
            from django.core.management import call_command

            call_command("migrate", verbosity=0)
            return {}
        case "fill":
            return {"key": fill(int(arguments[0]))}
        case "measure":
            return measure(arguments[0], Path(arguments[1]), int(arguments[2]))
        case "remember":
            return remember(arguments[0])
    return bare_memory(Path(arguments[0]))


def show(size: int, found: dict[str, Any], *, is_asked: bool) -> bool:
    """A row of the table; whether every target holds.

    Where mentor-match ``is_asked``, what was not measured at 500 is missed, not passed over.
    """
    ratio = found["ours_s"] / found["bare_s"]
    best = found["ours"] == found["best"]
    if "match_s" in found:
        share = found["match"][1] / max(found["best"][1], 1)
        match = (
            f"{found['match_s']:.1f} s ({found['match_s'] / found['ours_s']:.0f} ×), "
            f"{found['match_mb']:.0f} MB, {found['match'][0]} seats, {share:.1%} of the points"
        )
    elif "match_stopped_s" in found:
        times = found["match_stopped_s"] / found["ours_s"]
        match = f"stopped after {found['match_stopped_s']:.0f} s (more than {times:.0f} ×)"
    else:
        match = found.get("match_failed", "NOT MEASURED" if is_asked else "not asked")
    print(
        f"| {size} | {found['bare_s'] * 1000:.1f} | {found['ours_s'] * 1000:.1f} | {ratio:.1f} | "
        f"{found['bare_mb']:.0f} | {found['ours_mb']:.0f} | "
        f"{found['ours'][0]} of {size}, {'100 %' if best else 'NOT BEST'} | {match} |",
        flush=True,
    )
    fast = size != 1000 or ratio <= 10
    taken = found.get("match_s", found.get("match_stopped_s"))
    # Stopped before 50 times as long says nothing of the rest.
    faster = size != MOST_MATCHED or (
        not is_asked if taken is None else taken >= 50 * found["ours_s"]
    )
    return best and fast and faster


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--database", default="")
    parser.add_argument("--patience", type=float, default=900)
    parser.add_argument("--no-match", action="store_true", help="leave mentor-match out")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    holds = True
    with tempfile.TemporaryDirectory(prefix="sidemand-pairing-") as name:
        folder = Path(name)
        env = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "bench.settings",
            "DATABASE_URL": options.database or f"sqlite:///{folder / 'db.sqlite3'}",
            "SIDEMAND_VAR": name,
            "SIDEMAND_MEDIA": str(folder / "media"),
            "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'site'}",
        }
        child(env, "part", "migrate")
        python = None if options.no_match else environment_of_match(folder)
        print("| a side | scipy ms | proposal ms | ÷ | scipy MB | MB | covered | mentor-match |")
        print("| ---: | ---: | ---: | ---: | ---: | ---: | --- | --- |")
        for size in options.sizes:
            key = child(env, "part", "fill", str(size))["key"]
            rounds = 7 if size <= 1000 else 1
            found = child(env, "part", "measure", key, name, str(rounds))
            found |= child(env, "part", "remember", key)
            found |= child(env, "part", "bare", name)
            if python is not None and size <= MOST_MATCHED:
                found |= matched(python, folder, options.patience)
            holds &= show(size, found, is_asked=not options.no_match and size <= MOST_MATCHED)
    return 1 if options.check and not holds else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["part"]:
        print(json.dumps(part(sys.argv[2], sys.argv[3:])))
    else:
        sys.exit(main())
