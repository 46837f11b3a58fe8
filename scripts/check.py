"""Run every check of the project, one after the other, and say at the end which failed.

python scripts/check.py           # what `make test` runs
python scripts/check.py --full    # what `make full` runs: full sizes, and Wagtail 8
"""

import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

from postgres import Postgres, binaries

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PACKAGES = {
    "chromium-headless-shell": lambda: shutil.which("chromium-headless-shell"),
    "postgresql": binaries,
}
#: One more than there are processors: a browser test waits now and then. Each takes 500 MB.
PROCESSES = min(len(os.sched_getaffinity(0)), 7) + 1
#: In seconds, at small sizes; on a busy machine the longest takes a third of it.
LONGEST_TEST = 1200


def install_missing() -> None:
    """Install Chromium and PostgreSQL from Debian's packages where they are missing."""
    missing = [name for name, present in PACKAGES.items() if not present()]
    problem = _install(missing) if missing else ""
    if problem and missing == ["chromium-headless-shell"] and shutil.which("chromium"):
        print("• The browser tests take Chromium with windows, which is slower.", flush=True)
    elif problem:
        raise SystemExit(problem)


def _install(missing: list[str]) -> str:
    """Install these packages; empty, or what the person has to do instead."""
    command = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *missing]
    advice = (
        f"The tests need {' and '.join(missing)}. As root: apt-get update && {' '.join(command)}"
    )
    if shutil.which("apt-get") is None:
        return f"{advice}\n(apt-get was not found: install them in your system's way.)"
    prefix: list[str] = []
    if os.geteuid() != 0:
        if (
            shutil.which("sudo") is None
            or subprocess.run(["sudo", "-n", "true"], check=False, capture_output=True).returncode
        ):
            return f"{advice}\n(This user may not install packages without a password.)"
        prefix = ["sudo", "-n"]
    print(f"• Installing {' and '.join(missing)} from Debian's packages …", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (["apt-get", "update", "-q"], command):
        done = subprocess.run(
            [*prefix, *step], check=False, env=environment, stdout=subprocess.DEVNULL
        )
        if done.returncode:
            return f"{advice}\n(apt-get {step[1]} failed; what it said stands above.)"
    return ""


class Checks:
    def __init__(self) -> None:
        self.failed: list[str] = []
        self._printing = Lock()

    def run(self, title: str, *command: str, **environment: str) -> None:
        """Run ``command`` and show its output as it comes."""
        print(f"\n=== {title}", flush=True)
        started = time.monotonic()
        done = subprocess.run(
            [str(BIN / command[0]), *command[1:]],
            check=False,
            cwd=ROOT,
            env=self._environment(environment),
        )
        self._judge(title, done.returncode, time.monotonic() - started)

    def run_beside(self, title: str, *command: str, **environment: str) -> None:
        """Run ``command`` and show its output whole once it has ended: others run meanwhile."""
        started = time.monotonic()
        done = subprocess.run(
            [str(BIN / command[0]), *command[1:]],
            check=False,
            cwd=ROOT,
            env=self._environment(environment),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        with self._printing:
            print(f"\n=== {title}\n{done.stdout}", end="", flush=True)
            self._judge(title, done.returncode, time.monotonic() - started)

    def _judge(self, title: str, status: int, seconds: float) -> None:
        verdict = "ok" if status == 0 else f"FAILED ({status})"
        print(f"--- {title}: {verdict}, {seconds:.0f} s", flush=True)
        if status:
            self.failed.append(title)

    @staticmethod
    def _environment(own: dict[str, str]) -> dict[str, str]:
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'site'}",
            **own,
        }


def pytest_arguments(*, full: bool, on_postgresql: bool = False) -> list[str]:
    # The longest files stand in the first folders: begun last, they would leave one process idle.
    arguments = ["pytest", "-q", "-n", str(PROCESSES), "--dist", "loadfile"]
    arguments.append("--no-loadscope-reorder")
    arguments.append("--durations=5")
    if full:
        return arguments
    # A test that waits for ever fails, with what it waited for. A new process tries it once more.
    arguments += ["-o", f"faulthandler_timeout={LONGEST_TEST}"]
    arguments += ["-o", "faulthandler_exit_on_timeout=true", "--max-worker-restart=2"]
    # Of these folders nothing would run, and every process would read all their tests first.
    left_out = ["tests/doors", "tests/access"] if on_postgresql else ["tests/doors"]
    return [*arguments, "-m", "not full", *(f"--ignore={folder}" for folder in left_out)]


def main(*, full: bool) -> int:
    install_missing()
    checks = Checks()
    print("• Checking style, types, contracts, translations and settings …", flush=True)
    templates = [
        str(path)
        for folder in ("site", "courses", "mentoring", "cooperation")
        for path in (ROOT / folder).rglob("*.html")
    ]
    migrations = ["python", "manage.py", "makemigrations", "--check", "--dry-run"]
    static: list[tuple[str, list[str]]] = [
        ("Types (mypy)", ["mypy", "."]),  # takes as long as the others together
        ("Style (ruff)", ["ruff", "check", "-q", "."]),
        ("Format (ruff)", ["ruff", "format", "-q", "--check", "."]),
        ("Templates (djade)", ["djade", "--check", "--target-version", "5.2", *templates]),
        ("Import contract", ["lint-imports"]),
        ("Missing migrations", migrations),
        ("Missing translations", ["python", "scripts/catalogue.py", "check"]),
        ("Wagtail's Danish", ["python", "scripts/wagtail_catalogue.py", "check"]),
        ("Built front-end files", ["python", "scripts/assets.py", "check"]),
    ]
    migrate = ["python", "-m", "tests.databases"]  # each test run would wait for it
    with Postgres() as server:
        with ThreadPoolExecutor(max_workers=2) as pool:
            running = [pool.submit(checks.run_beside, title, *command) for title, command in static]
            running.append(pool.submit(check_deployment, checks))
            for title, url in [("SQLite", {}), ("PostgreSQL", {"DATABASE_URL": server.url()})]:
                beside = partial(checks.run_beside, f"Migrations on {title}", *migrate, **url)
                running.append(pool.submit(beside))
        for one in running:
            one.result()  # raises what went wrong in starting a check
        checks.run("Tests on SQLite", *pytest_arguments(full=full))
        suite = pytest_arguments(full=full, on_postgresql=True)
        checks.run("Tests on PostgreSQL", *suite, DATABASE_URL=server.url())
    if full:
        full_figures(checks)
    print()
    if checks.failed:
        print("FAILED: " + "; ".join(checks.failed))
        return 1
    print("Every check passed.")
    return 0


def check_deployment(checks: Checks) -> None:
    """`check --deploy` finds nothing where all that a server needs was named."""
    with TemporaryDirectory() as folder:
        deployment = {
            "DJANGO_SETTINGS_MODULE": "config.settings.production",
            "SIDEMAND_SECRET_KEY": "check-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
            "SIDEMAND_HOSTS": "sidemand.example.org",
            "SIDEMAND_DEVICE_KEY_FILE": f"{folder}/device-key.pem",
            "EMAIL_URL": "consolemail://",
        }
        checks.run_beside("Key for devices", "python", "manage.py", "make_device_key", **deployment)
        deploy = ["python", "manage.py", "check", "--deploy", "--fail-level", "INFO"]
        checks.run_beside("Deployment settings", *deploy, **deployment)


def full_figures(checks: Checks) -> None:
    """The suite on the newest Wagtail, and the bench with its targets at their full sizes."""
    venv = ROOT / ".venv-wagtail8"
    lock = "requirements-wagtail8.txt"
    subprocess.run([sys.executable, "scripts/bootstrap.py", lock, venv.name], check=True, cwd=ROOT)
    checks.run(
        "Tests on Wagtail 8", str(venv / "bin" / "pytest"), *pytest_arguments(full=False)[1:]
    )
    bench = ["python", "-m", "bench", "--check", "--full", "--learners", "100000"]
    checks.run("Bench", *bench)
    checks.run("Slow links", "python", "-m", "bench.slowlink", "--check")


if __name__ == "__main__":
    sys.exit(main(full="--full" in sys.argv[1:]))
