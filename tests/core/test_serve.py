"""``make run``: what scripts/serve.py starts, ends and keeps, and where its variables come from."""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bench.server import cpu_seconds, descendants, free_port
from tests.databases import migrated_sqlite

ROOT = Path(__file__).resolve().parents[2]
#: What a developer's shell may say, and must not be heard here.
OWN = ("PORT", "DJANGO_SETTINGS_MODULE", "DATABASE_URL", "PYTHONPATH")
#: While other work may have the machine.
PATIENCE_S = 300
#: CPU time, which is the same on a busy machine; loading the demo takes a minute more.
SECOND_START_CPU_S = 30
STUB = """
import os, sys
from pathlib import Path

with Path("asked").open("a") as asked:
    print(*sys.argv[1:], os.environ.get("SIDEMAND_DEMO"), file=asked)
sys.exit(int(os.environ["LOADING_ENDS_WITH"]) if "load_demo" in sys.argv else 0)
"""


def environment(**own: str) -> dict[str, str]:
    """The environment of a shell in which nothing of Sidemand's has been said, but for ``own``."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in OWN and not name.startswith("SIDEMAND_")
    }
    return kept | own


class Served:
    """``make run`` behind the installing, with data in a folder of its own."""

    def __init__(self, folder: Path, **own: str) -> None:
        self.port = free_port()
        self.env = environment(
            PORT=str(self.port),
            SIDEMAND_VAR=str(folder / "var"),
            SIDEMAND_MEDIA=str(folder / "media"),
            DJANGO_SETTINGS_MODULE="tests.core.served",
            PYTHONPATH=f"{ROOT}{os.pathsep}{ROOT / 'site'}",
            **own,
        )
        self.log = folder / "log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "scripts/serve.py"],
                cwd=ROOT, env=self.env, stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip

    def said(self) -> str:
        """What it has printed so far."""
        return self.log.read_text(encoding="utf-8")

    def ask(self, path: str) -> int:
        """The status of an answer; 0 where nobody answers."""
        try:
            with urllib.request.urlopen(
                f"http://localhost:{self.port}{path}", timeout=30
            ) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def until_ready(self) -> None:
        """Wait for ``/readyz``."""
        limit = time.monotonic() + PATIENCE_S
        while (status := self.ask("/readyz")) != 200:
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < limit, (status, self.said())
            time.sleep(0.3)

    def kill(self, word: str) -> set[int]:
        """Kill the one child whose command has ``word`` in it; every process that was there."""
        (child,) = (
            int(pid)
            for pid in Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
            .read_text()
            .split()
            if word in Path(f"/proc/{pid}/cmdline").read_text()
        )
        family = descendants(self.process.pid)
        os.kill(child, signal.SIGKILL)
        return family


@contextmanager
def served(folder: Path, **own: str) -> Iterator[Served]:
    """Serve, and leave nothing behind."""
    started = Served(folder, **own)
    try:
        yield started
    finally:
        started.process.terminate()
        started.process.wait(60)


def left_of(family: set[int]) -> list[int]:
    """Which of these processes do not end: one that handles requests notices within seconds."""
    limit = time.monotonic() + 30
    while any(map(lives, family)) and time.monotonic() < limit:
        time.sleep(0.3)
    return sorted(filter(lives, family))


def lives(pid: int) -> bool:
    """Whether the process is there, and not only its ashes."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0]
    except OSError:
        return False
    return state != "Z"


def people(folder: Path) -> list[str]:
    """The addresses of everybody who is entered."""
    with sqlite3.connect(folder / "var" / "db.sqlite3") as database:
        return [email for (email,) in database.execute("SELECT email FROM people_person")]


def test_web_and_worker_end_together_and_a_second_start_keeps_what_is_there(tmp_path: Path):
    (tmp_path / "var").mkdir()
    shutil.copy(migrated_sqlite(), tmp_path / "var" / "db.sqlite3")  # migrating takes minutes
    with served(tmp_path, SIDEMAND_DEMO="0") as first:
        first.until_ready()
        assert "make administrator" in first.said()
        subprocess.run(
            [sys.executable, "manage.py", "create_administrator", "anna@example.org", "Anna Prøve"],
            cwd=ROOT,
            env=first.env,
            check=True,
            capture_output=True,
        )

        family = first.kill("manage.py")

        assert first.process.wait(60) == 1
        assert left_of(family) == []
        assert first.ask("/healthz") == 0

    # Nothing said of the demo: whoever forgets to keeps their data to themselves all the same.
    with served(tmp_path) as second:
        second.until_ready()
        assert cpu_seconds(second.process.pid) < SECOND_START_CPU_S
        assert "Nothing of the demo was loaded" in second.said()
        assert "Served without the demo" in second.said()
        assert people(tmp_path) == ["anna@example.org"]

        family = second.kill("gunicorn")

        assert second.process.wait(60) == 1
        assert left_of(family) == []

    assert people(tmp_path) == ["anna@example.org"]


# --- Where its variables come from --------------------------------------------------------------


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A root with the script alone, and a ``manage.py`` that only notes what it is asked."""
    (tmp_path / "scripts").mkdir()
    shutil.copy(ROOT / "scripts" / "serve.py", tmp_path / "scripts")
    (tmp_path / "manage.py").write_text(STUB, encoding="utf-8")
    return tmp_path


def serve(root: Path, *, loading_ends_with: int = 0, **own: str) -> tuple[list[str], str]:
    """Start, until the web server finds no site there: what was asked of manage.py, and said."""
    done = subprocess.run(
        [sys.executable, "scripts/serve.py"],
        cwd=root,
        env=environment(LOADING_ENDS_WITH=str(loading_ends_with), **own),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    asked = root / "asked"
    lines = asked.read_text(encoding="utf-8").splitlines() if asked.exists() else []
    return lines, done.stdout + done.stderr


def test_the_port_may_stand_in_the_file(elsewhere: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        (elsewhere / ".env").write_text(f"PORT={port}\n", encoding="utf-8")

        asked, said = serve(elsewhere)

    assert f"Port {port} is taken" in said
    assert asked == []


@pytest.mark.parametrize(("word", "loads"), [("no", False), ("0", False), ("yes", True)])
def test_whether_there_is_a_demo_may_stand_in_the_file(elsewhere: Path, word: str, loads: bool):
    (elsewhere / ".env").write_text(f"PORT={free_port()}\nSIDEMAND_DEMO={word}\n", encoding="utf-8")

    asked, _said = serve(elsewhere)

    assert f"prepare {word}" in asked
    assert f"worker {word}" in asked
    assert (f"load_demo --once {word}" in asked) == loads


def test_what_the_shell_says_goes_before_the_file(elsewhere: Path):
    (elsewhere / ".env").write_text(f"PORT={free_port()}\nSIDEMAND_DEMO=yes\n", encoding="utf-8")

    asked, said = serve(elsewhere, SIDEMAND_DEMO="no")

    assert "load_demo --once no" not in asked
    assert "make administrator" in said


def test_where_people_work_in_earnest_it_serves_without_the_demo(elsewhere: Path):
    """The second factor is asked for again, and no page says "Demodata"."""
    asked, said = serve(elsewhere, loading_ends_with=3, PORT=str(free_port()))

    assert "load_demo --once None" in asked
    assert "worker 0" in asked
    assert "Served without the demo" in said


def test_nothing_is_served_where_loading_the_demo_fails(elsewhere: Path):
    asked, said = serve(elsewhere, loading_ends_with=1, PORT=str(free_port()))

    assert "nothing is served" in said
    assert [line for line in asked if line.startswith("worker")] == []


def test_the_links_in_mails_have_the_port(tmp_path: Path):
    done = subprocess.run(
        [sys.executable, "-c", "from config.settings.local import *; print(WAGTAILADMIN_BASE_URL)"],
        cwd=ROOT / "site",
        env=environment(PORT="8123", SIDEMAND_VAR=str(tmp_path), PYTHONPATH=str(ROOT / "site")),
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == "http://localhost:8123"
