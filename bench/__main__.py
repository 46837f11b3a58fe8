"""Compare what the product's pages cost with the smallest views that could answer.

    python -m bench                          # tables of ratios, on SQLite and on PostgreSQL
    python -m bench --check                  # and exit 1 where a target of docs/bench.md is missed
    python -m bench --database postgresql --slices 5
    python -m bench --learners 100000
    python -m bench --full                   # a minute of 16 clients; proposals of pairs at every
                                             # size, beside mentor-match

Every figure of a table comes from one run on one machine: compare them with each other, never
with those of another run. Ratios are of CPU time per request, of server and database together,
unless the line says otherwise.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bench.crowd import Crowd, Save, measure_crowd
from bench.load import Answer, Browser, Figures, Line, Send, View, measure, views
from bench.server import ROOT, Server, environment
from bench.tables import Report, Table, measure_reports, measure_table, memory_row

sys.path.insert(0, str(ROOT / "scripts"))

from postgres import Postgres

SLICES = 15
LESSONS = (10, 20, 100, 200, 1000, 2000)  # of the course page
STARTS = (10, 100, 1000)  # lessons of the start page's learner
FEW_LEARNERS = 100
SAVE, INSERT, AUTH = "session save", "bare insert", "bare/auth"
AUTH_AGAIN, ISSUE = "bare/auth, once more", "certificate issue"
REPORTED = (10_000, 100_000)  # learners of the reports
PROPOSED = (50, 200, 500, 1000)  # a side; `--full` adds 5,000, and mentor-match beside them
CROWDED_S, CROWDED_FULL_S = 10, 60  # how long many clients save
SISIMIUT = ZoneInfo("America/Nuuk")  # a session is held on a day of its town, never tomorrow
OVERSEEN = (1_000, 100_000)  # sessions in the country, of the coordinator's first page


@dataclass(frozen=True)
class Target:
    """A ratio that `--check` holds on PostgreSQL."""

    line: str
    base: str
    bound: float | None = None
    by_rate: bool = False  # of requests per second, and at least; else of CPU time, and at most
    beside: tuple[str, str] | None = None
    """What was measured in turn with ``line`` and with ``base``, where those were not in turn.

    The machine is not the same an hour or a minute later; the ratio is of both to the same.
    """

    def ratio(self, lines: dict[str, Figures]) -> float:
        """The measured ratio."""
        line, base = lines[self.line], lines[self.base]
        if self.by_rate:
            return line.requests_per_s / base.requests_per_s
        ratio = line.cpu_ms / base.cpu_ms
        if self.beside:
            ratio *= lines[self.beside[1]].cpu_ms / lines[self.beside[0]].cpu_ms
        return ratio

    def verdict(self, ratio: float) -> str:
        """Whether it holds, in words; nothing where there is no bound."""
        if self.bound is None:
            return ""
        holds = ratio >= self.bound if self.by_rate else ratio <= self.bound
        sign = "≥" if self.by_rate else "≤"
        return f"{sign} {self.bound} {'holds' if holds else 'MISSED'}"


def targets(learners: int) -> list[Target]:
    """Every ratio that is shown, with its bound where it has one."""
    return [
        Target("lesson", AUTH, 3.0),
        Target("course, 20 lessons", AUTH, 4.0),
        Target("course, 200 lessons", "course, 20 lessons", 1.5),
        Target("course, 2000 lessons", "course, 20 lessons", 3.0),
        Target("course, 100 lessons", "course, 10 lessons"),
        Target("course, 1000 lessons", "course, 10 lessons"),
        Target("start, 100 lessons", "start, 10 lessons"),
        Target("start, 1000 lessons", "start, 10 lessons"),
        *(
            Target(
                f"{line}, {learners} learners",
                f"{line}, few learners",
                1.1,
                beside=(f"{AUTH}, {learners} learners", AUTH),
            )
            for line in ("lesson", "course", "start")
        ),
        Target(SAVE, INSERT, 0.35, by_rate=True),
        Target(SAVE, INSERT),
        Target("catalogue", AUTH),
        Target("start page", AUTH),
        Target("learning path, 20 modules", AUTH_AGAIN, 8.0),
        Target("quiz page", AUTH_AGAIN, 6.0),
        Target("competence map", AUTH_AGAIN, 12.0),
        Target(ISSUE, AUTH_AGAIN, 60.0),
        Target(
            f"coordinator's start, {OVERSEEN[1]} sessions",
            f"coordinator's start, {OVERSEEN[0]} sessions",
            2.0,
            beside=(f"{AUTH}, {OVERSEEN[1]} sessions", f"{AUTH}, {OVERSEEN[0]} sessions"),
        ),
        Target("session form", AUTH),
        Target("lesson, 304", AUTH),
        Target("bare/auth, all middleware", AUTH),
    ]


@dataclass
class Run:
    """What one database gave."""

    name: str
    lines: dict[str, Figures] = field(default_factory=dict)
    views: dict[str, tuple[View, View]] = field(default_factory=dict)
    table: Table | None = None
    reports: list[Report] = field(default_factory=list)
    crowd: Crowd | None = None


def seed(env: dict[str, str], *arguments: str) -> dict[str, Any]:
    """Run ``bench.seed`` in a process of its own; what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.seed", *arguments],
        cwd=ROOT,
        env=env,
        check=True,
        stdout=subprocess.PIPE,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def get(path: str, **headers: str) -> Send:
    """Ask for ``path``."""
    return lambda browser: browser.request("GET", path, None, **headers)


def saving(seeded: dict[str, Any]) -> Save:
    """Log a session with this id, as the form of the mentor does."""

    def save(browser: Browser, session: uuid.UUID) -> Answer:
        return browser.request(
            "POST",
            seeded["session_form"],
            {
                "session": session,
                "version": uuid.uuid4(),
                "pairing": seeded["pairing"],
                "participants": seeded["participant"],
                "held_on": datetime.now(SISIMIUT).date().isoformat(),
                "minutes": 90,
                "place": "sisimiut",
                "topics": ["decision_24h", "receipt"],
                "mode": "beside",
                "went_well": "Øvede beslutningen på et opdigtet eksempel. Kollegaen førte ordet.",
                "next_step": "Kvitteringsbrev på grønlandsk.",
            },
        )

    return save


def save_session(seeded: dict[str, Any]) -> Send:
    """Log one more session."""
    save = saving(seeded)
    return lambda browser: save(browser, uuid.uuid4())


def counting(env: dict[str, str], folder: Path) -> Callable[[list[str]], int]:
    """Says how many of the sessions with these ids are there."""

    def count(sessions: list[str]) -> int:
        names = folder / "acknowledged.json"
        names.write_text(json.dumps(sessions))
        return int(seed(env, "--kept", str(names))["kept"])

    return count


def issue(walked: dict[str, Any]) -> Send:
    """Get the certificate of the path, each time as another person who has completed it."""
    waiting = iter(walked["done"])

    def send(browser: Browser) -> Answer:
        browser.cookies["sessionid"] = next(waiting)
        return browser.request("POST", walked["certificate"], {})

    return send


def insert(browser: Browser) -> Answer:
    """The smallest thing that keeps what somebody wrote."""
    return browser.request(
        "POST", "/bare/insert/", {"text": "Øvede beslutningen på et opdigtet eksempel. " * 4}
    )


def run_database(
    name: str, url: str, folder: Path, pid: int | None, options: argparse.Namespace
) -> Run:
    """Fill the database, serve it, and measure every line."""
    run, env = Run(name), environment(url, folder)
    print(f"{name}: filling the database …", file=sys.stderr, flush=True)
    seeded = seed(env)
    seed(env, "--learners", str(FEW_LEARNERS))
    sessions, courses = seeded["sessions"], seeded["courses"]
    with (
        Server(url, folder, database_pid=pid) as product,
        Server(url, folder, database_pid=pid, settings="bench.bare.settings") as bare,
    ):

        def page(path: str, who: str = "learner", **headers: str) -> Line:
            return Line(product, sessions[who], get(path, **headers))

        first = Browser(product.port, sessions["learner"]).request("GET", seeded["lesson"])
        (folder / "lesson.html").write_text(first.text)  # what the bare views answer
        print(f"{name}: measuring …", file=sys.stderr, flush=True)
        by_learners = {
            "lesson": page(seeded["lesson"]),
            "course": page("/da/kurser/underretninger/"),
            # Not of the colleague whom the saved sessions below name: their start page grows.
            "start": page(seeded["start"], "learner of 20"),
            AUTH: Line(bare, sessions["bare"], get("/bare/auth/")),
        }
        run.lines |= measure(
            {
                "bare": Line(bare, sessions["bare"], get("/bare/")),
                AUTH: by_learners[AUTH],
                "bare/auth, all middleware": page("/bare/auth/"),
                "lesson": page(seeded["lesson"]),
                **{
                    f"course, {count} lessons": page(courses[str(count)], f"learner of {count}")
                    for count in LESSONS
                },
                "catalogue": page(seeded["catalogue"]),
                "start page": page(seeded["start"]),
                **{
                    f"start, {count} lessons": page(seeded["start"], f"learner of {count}")
                    for count in STARTS
                },
                "session form": page(seeded["session_form"], "mentor"),
                **{
                    f"{line}, few learners": asked
                    for line, asked in by_learners.items()
                    if line != AUTH
                },
            },
            options.slices,
        )
        run.lines |= measure(
            {
                INSERT: Line(bare, sessions["bare"], insert, 204),
                SAVE: Line(product, sessions["mentor"], save_session(seeded), 302),
            },
            options.slices * 2,
        )
        run.views = {
            "lesson": views(product, sessions["learner"], seeded["lesson"]),
            "lesson, not signed in": views(product, "", seeded["lesson"]),
            "course, 20 lessons": views(product, sessions["learner of 20"], courses["20"]),
            "start page": views(product, sessions["learner"], seeded["start"]),
            "session form": views(product, sessions["mentor"], seeded["session_form"]),
        }
        for count in OVERSEEN:
            overseen = seed(env, "--sessions", str(count))
            start = Line(product, overseen["coordinator"], get(overseen["start"]))
            run.lines |= measure(
                {
                    f"{AUTH}, {count} sessions": by_learners[AUTH],
                    f"coordinator's start, {count} sessions": start,
                },
                min(options.slices, SLICES),
            )
        walked = seed(env, "--report", str(REPORTED[0]))
        run.lines |= measure(
            {
                AUTH_AGAIN: by_learners[AUTH],
                "learning path, 20 modules": Line(product, walked["walker"], get(walked["path"])),
                "quiz page": page(seeded["quiz"]),
                "competence map": page(seeded["map"]),
                ISSUE: Line(product, walked["done"][0], issue(walked), 302),
            },
            min(options.slices, SLICES),
        )
        if walked["sql"]:
            run.table = measure_table(product, url, walked)
            for learners in REPORTED:
                walked |= {**seed(env, "--report", str(learners)), "done": []}
                run.reports += measure_reports(product, url, walked, learners)
        seed(env, "--learners", str(options.learners))
        run.lines |= measure(
            {f"{line}, {options.learners} learners": asked for line, asked in by_learners.items()},
            options.slices,
        )
        # Last: thousands of sessions more would weigh on the lines above.
        run.crowd = measure_crowd(
            product,
            sessions["mentor"],
            saving(seeded),
            counting(env, folder),
            CROWDED_FULL_S if options.full else CROWDED_S,
        )
    return run


def show(run: Run, learners: int) -> int:
    """Print the tables of one database; how many targets were missed."""
    print(f"\n## {run.name}\n")
    print("| line | requests/s | p50 ms | p95 ms | CPU ms | bytes |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for line, figures in run.lines.items():
        print(
            f"| {line} | {figures.requests_per_s:.0f} | {figures.p50_ms:.1f} | "
            f"{figures.p95_ms:.1f} | {figures.cpu_ms:.2f} | {figures.size_bytes} |"
        )
    print("\n| view | first: requests | first: bytes | repeat: requests | repeat: bytes |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for page, (first, repeat) in run.views.items():
        print(
            f"| {page} | {first.requests} | {first.size_bytes} | "
            f"{repeat.requests} | {repeat.size_bytes} |"
        )
    print("\n| line | ÷ | ratio | target |")
    print("| --- | --- | ---: | --- |")
    missed = 0
    for target in targets(learners):
        if not {target.line, target.base} <= set(run.lines):
            continue
        ratio = target.ratio(run.lines)
        verdict = target.verdict(ratio)
        missed += verdict.endswith("MISSED")
        of = " (requests/s)" if target.by_rate else ""
        print(f"| {target.line}{of} | {target.base} | {ratio:.2f} | {verdict} |")
    rows = run.table.rows(REPORTED[0]) if run.table else []
    if run.reports:
        rows += [*(report.row() for report in run.reports), memory_row(run.reports)]
    rows += run.crowd.rows() if run.crowd else []
    print("\n| | | |\n| --- | --- | --- |")
    for what, figure, holds in rows:
        print(f"| {what} | {figure} | {'holds' if holds else 'MISSED'} |")
        missed += not holds
    return missed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail where a target is missed")
    parser.add_argument("--learners", type=int, default=10_000)
    parser.add_argument("--slices", type=int, default=SLICES, help="how often each line is taken")
    parser.add_argument(
        "--full",
        action="store_true",
        help="every line at its full size, and peers",
    )
    parser.add_argument("--database", choices=["sqlite", "postgresql"], help="only this one")
    options = parser.parse_args()
    missed = 0
    if options.database != "postgresql":
        with tempfile.TemporaryDirectory(prefix="sidemand-bench-") as name:
            url = f"sqlite:///{Path(name) / 'db.sqlite3'}"
            show(run_database("SQLite", url, Path(name), None, options), options.learners)
    if options.database != "sqlite":
        with (
            tempfile.TemporaryDirectory(prefix="sidemand-bench-") as name,
            Postgres(durable=True) as db,
        ):
            pid = int((db.folder / "data" / "postmaster.pid").read_text().splitlines()[0])
            run = run_database("PostgreSQL", db.url(), Path(name), pid, options)
            missed = show(run, options.learners)
    missed += show_proposals(options)
    return 1 if missed and options.check else 0


def show_proposals(options: argparse.Namespace) -> int:
    """Print what a proposal of pairs costs, on SQLite; 1 where one of its targets is missed.

    In a process of its own, which holds no more memory than its work takes.
    """
    print("\n## Proposals of pairs\n", flush=True)
    command = [sys.executable, "-m", "bench.pairing", "--check"]
    if not options.full:
        command += ["--no-match", "--sizes", *map(str, PROPOSED)]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
