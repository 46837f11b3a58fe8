"""Run every check of the project, one after the other, and say at the end which failed.

python scripts/check.py           # what `make test` runs
python scripts/check.py --full    # what `make full` runs: full sizes, and Wagtail 8
"""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from postgres import Postgres, binaries

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PACKAGES = {
    "chromium-headless-shell": lambda: shutil.which("chromium-headless-shell"),
    "postgresql": binaries,
}


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
            return advice
    return ""


class Checks:
    def __init__(self) -> None:
        self.failed: list[str] = []

    def run(self, title: str, *command: str, **environment: str) -> None:
        print(f"\n=== {title}", flush=True)
        started = time.monotonic()
        done = subprocess.run(
            [str(BIN / command[0]), *command[1:]],
            check=False,
            cwd=ROOT,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "config.settings.test",
                "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'site'}",
                **environment,
            },
        )
        verdict = "ok" if done.returncode == 0 else f"FAILED ({done.returncode})"
        print(f"--- {title}: {verdict}, {time.monotonic() - started:.0f} s", flush=True)
        if done.returncode:
            self.failed.append(title)


def pytest_arguments(*, full: bool) -> list[str]:
    arguments = ["pytest", "-q", "-n", "2", "--dist", "loadfile", "--durations=5"]
    return arguments if full else [*arguments, "-m", "not full"]


def main(*, full: bool) -> int:
    install_missing()
    checks = Checks()
    checks.run("Style (ruff)", "ruff", "check", "-q", ".")
    checks.run("Format (ruff)", "ruff", "format", "-q", "--check", ".")
    templates = [
        str(path)
        for folder in ("site", "courses", "mentoring")
        for path in (ROOT / folder).rglob("*.html")
    ]
    checks.run("Templates (djade)", "djade", "--check", "--target-version", "5.2", *templates)
    checks.run("Types (mypy)", "mypy", ".")
    checks.run("Import contract", "lint-imports")
    checks.run(
        "Missing migrations", "python", "manage.py", "makemigrations", "--check", "--dry-run"
    )
    checks.run("Missing translations", "python", "scripts/catalogue.py", "check")
    checks.run("Wagtail's Danish", "python", "scripts/wagtail_catalogue.py", "check")
    checks.run("Built front-end files", "python", "scripts/assets.py", "check")
    checks.run(
        "Deployment settings",
        "python",
        "manage.py",
        "check",
        "--deploy",
        "--fail-level",
        "INFO",
        DJANGO_SETTINGS_MODULE="config.settings.production",
        SIDEMAND_SECRET_KEY="check-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
        SIDEMAND_HOSTS="sidemand.example.org",
        EMAIL_URL="consolemail://",
    )
    suite = pytest_arguments(full=full)
    checks.run("Tests on SQLite", *suite)
    with Postgres() as server:
        checks.run("Tests on PostgreSQL", *suite, DATABASE_URL=server.url())
    if full:
        full_figures(checks)
    print()
    if checks.failed:
        print("FAILED: " + "; ".join(checks.failed))
        return 1
    print("Every check passed.")
    return 0


def full_figures(checks: Checks) -> None:
    """The suite on the newest Wagtail, and the bench with its targets."""
    venv = ROOT / ".venv-wagtail8"
    lock = "requirements-wagtail8.txt"
    subprocess.run([sys.executable, "scripts/bootstrap.py", lock, venv.name], check=True, cwd=ROOT)
    checks.run(
        "Tests on Wagtail 8", str(venv / "bin" / "pytest"), *pytest_arguments(full=False)[1:]
    )
    checks.run("Bench", "python", "-m", "bench", "--check")


if __name__ == "__main__":
    sys.exit(main(full="--full" in sys.argv[1:]))
