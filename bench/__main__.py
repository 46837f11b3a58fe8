"""Compare what the product's pages cost with the smallest views that could answer.

    python -m bench            # a table of ratios, on SQLite and on PostgreSQL
    python -m bench --check    # and exit 1 where a target of docs/bench.md is missed
    python -m bench --learners 100000

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
from datetime import UTC, datetime
from pathlib import Path

from bench.load import Browser, Figures, measure
from bench.server import ROOT, Server, environment

sys.path.insert(0, str(ROOT / "scripts"))

from postgres import Postgres

REQUESTS = 300
ROUNDS = 3
CLIENTS = 2
#: line → (what it is divided by, at most); held on PostgreSQL
TARGETS = {
    "lesson": ("bare/auth", 3.0),
    "course, 20 lessons": ("bare/auth", 4.0),
    "course, 200 lessons": ("course, 20 lessons", 1.5),
    "course, 2000 lessons": ("course, 20 lessons", 3.0),
}
LEAST_SAVES = 0.35
MOST_BY_LEARNERS = 1.1

Send = Callable[[Browser], tuple[int, bytes, dict[str, str]]]


def seed(env: dict[str, str], *arguments: str) -> dict[str, object]:
    """Run ``bench.seed`` in a process of its own; what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.seed", *arguments],
        cwd=ROOT,
        env=env,
        check=True,
        stdout=subprocess.PIPE,
    )
    found: dict[str, object] = json.loads(done.stdout)
    return found


class Run:
    """One database's lines."""

    def __init__(self, server: Server, seeded: dict[str, object]) -> None:
        self.server = server
        self.seeded = seeded
        self.lines: dict[str, Figures] = {}

    def browsers(self, who: str) -> list[Browser]:
        """Signed-in clients with a CSRF cookie."""
        made = []
        for _ in range(CLIENTS):
            browser = Browser(self.server.port, {"sessionid": str(self.seeded[who])})
            browser.request(
                "GET", str(self.seeded["session_form" if who == "mentor" else "lesson"])
            )
            made.append(browser)
        return made

    def take(self, lines: dict[str, tuple[str, Send, int]]) -> None:
        """Measure the lines in turn, several times over; keep each one's median."""
        found: dict[str, list[Figures]] = {name: [] for name in lines}
        for _ in range(ROUNDS):
            for name, (who, send, expect) in lines.items():
                found[name].append(
                    measure(
                        self.server,
                        self.browsers(who),
                        send,
                        requests=REQUESTS // ROUNDS,
                        expect=expect,
                    )
                )
        for name, figures in found.items():
            self.lines[name] = sorted(figures, key=lambda figure: figure.cpu_ms)[ROUNDS // 2]

    def ratio(self, name: str, base: str) -> float:
        """CPU time of one line over another's."""
        return self.lines[name].cpu_ms / self.lines[base].cpu_ms


def get(path: str) -> Send:
    return lambda browser: browser.request("GET", path)


def save_session(run: Run) -> Send:
    """Log one more session, as the form of the mentor does."""

    def send(browser: Browser) -> tuple[int, bytes, dict[str, str]]:
        return browser.request(
            "POST",
            str(run.seeded["session_form"]),
            {
                "session_id": uuid.uuid4(),
                "version_id": uuid.uuid4(),
                "pairing": run.seeded["pairing"],
                "participants": run.seeded["participant"],
                "held_on": datetime.now(UTC).date().isoformat(),
                "minutes": 90,
                "place": "sisimiut",
                "topics": ["decision_24h", "receipt"],
                "mode": "beside",
                "went_well": "Øvede beslutningen på et opdigtet eksempel. Kollegaen førte ordet.",
                "next_step": "Kvitteringsbrev på grønlandsk.",
            },
        )

    return send


def insert(browser: Browser) -> tuple[int, bytes, dict[str, str]]:
    return browser.request(
        "POST", "/bare/insert/", {"text": "Øvede beslutningen på et opdigtet eksempel. " * 4}
    )


def run_database(name: str, url: str, folder: Path, pid: int | None, learners: int) -> Run:
    env = environment(url, folder)
    seeded = seed(env)
    courses = seeded["courses"]
    assert isinstance(courses, dict)
    with Server(url, folder, database_pid=pid) as server:
        run = Run(server, seeded)
        lesson = str(seeded["lesson"])
        (browser, _other) = run.browsers("learner")
        size = len(browser.request("GET", lesson)[1])
        print(f"{name}: lesson page {size} bytes gzipped, {lesson}", file=sys.stderr)
        plain = size * 4  # what compresses to about as much
        run.take(
            {
                "bare": ("learner", get(f"/bare/?bytes={plain}"), 200),
                "bare/auth": ("learner", get(f"/bare/auth/?bytes={plain}"), 200),
                "lesson": ("learner", get(lesson), 200),
                "course, 20 lessons": ("learner", get(courses["20"]), 200),
                "course, 200 lessons": ("learner", get(courses["200"]), 200),
                "course, 2000 lessons": ("learner", get(courses["2000"]), 200),
                "catalogue": ("learner", get(str(seeded["catalogue"])), 200),
                "start page": ("learner", get(str(seeded["start"])), 200),
                "session form": ("mentor", get(str(seeded["session_form"])), 200),
                "bare insert": ("mentor", insert, 204),
                "session save": ("mentor", save_session(run), 302),
            }
        )
        few = {line: run.lines[line] for line in ("lesson", "start page", "course, 20 lessons")}
        seed(env, "--learners", str(learners))
        run.take(
            {
                f"{line}, {learners} learners": ("learner", send, 200)
                for line, send in (
                    ("lesson", get(lesson)),
                    ("start page", get(str(seeded["start"]))),
                    ("course, 20 lessons", get(courses["20"])),
                )
            }
        )
        assert few
    return run


def table(run: Run, learners: int) -> list[tuple[str, str, float, float | None, bool]]:
    """Rows of (line, divided by, ratio, target, whether more is better)."""
    rows: list[tuple[str, str, float, float | None, bool]] = []
    for line, (base, most) in TARGETS.items():
        rows.append((line, base, run.ratio(line, base), most, False))
    rows.extend(
        (line, "bare/auth", run.ratio(line, "bare/auth"), None, False)
        for line in ("catalogue", "start page", "session form")
    )
    saves = run.lines["session save"].requests_per_s / run.lines["bare insert"].requests_per_s
    rows.append(("session save (rate)", "bare insert", saves, LEAST_SAVES, True))
    for line in ("lesson", "start page", "course, 20 lessons"):
        many = f"{line}, {learners} learners"
        rows.append((many, line, run.ratio(many, line), None, False))
    return rows


def show(name: str, run: Run, rows: list[tuple[str, str, float, float | None, bool]]) -> int:
    """Print both tables of one database; how many targets were missed."""
    print(f"\n## {name}\n")
    print("| line | requests/s | p50 ms | p95 ms | CPU ms | bytes |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for line, figures in run.lines.items():
        print(
            f"| {line} | {figures.requests_per_s:.0f} | {figures.p50_ms:.1f} | "
            f"{figures.p95_ms:.1f} | {figures.cpu_ms:.2f} | {figures.size_bytes} |"
        )
    print("\n| line | ÷ | ratio | target |")
    print("| --- | --- | ---: | --- |")
    missed = 0
    for line, base, ratio, target, more_is_better in rows:
        note = ""
        if target is not None:
            holds = ratio >= target if more_is_better else ratio <= target
            missed += not holds
            note = f"{'≥' if more_is_better else '≤'} {target} {'holds' if holds else 'MISSED'}"
        print(f"| {line} | {base} | {ratio:.2f} | {note} |")
    return missed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail where a target is missed")
    parser.add_argument("--learners", type=int, default=10_000)
    options = parser.parse_args()
    missed = 0
    with tempfile.TemporaryDirectory(prefix="sidemand-bench-") as name:
        folder = Path(name)
        run = run_database(
            "SQLite", f"sqlite:///{folder / 'db.sqlite3'}", folder, None, options.learners
        )
        show("SQLite", run, table(run, options.learners))
    with (
        tempfile.TemporaryDirectory(prefix="sidemand-bench-") as name,
        Postgres(durable=True) as db,
    ):
        pid = int((db.folder / "data" / "postmaster.pid").read_text().splitlines()[0])
        run = run_database("PostgreSQL", db.url(), Path(name), pid, options.learners)
        missed = show("PostgreSQL", run, table(run, options.learners))
    return 1 if missed and options.check else 0


if __name__ == "__main__":
    sys.exit(main())
