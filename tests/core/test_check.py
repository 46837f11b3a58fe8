"""What `make test` says where something is missing, and that one failed check fails it."""

import importlib
import os
import shutil
import subprocess
from contextlib import nullcontext
from pathlib import Path
from types import ModuleType

import pytest

MISSING = ["chromium", "postgresql"]
SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"


@pytest.fixture
def check(monkeypatch):
    """The script; it imports its neighbours, as scripts do."""
    monkeypatch.syspath_prepend(str(SCRIPTS))
    return importlib.import_module("scripts.check")


@pytest.fixture
def nothing_installed(check, monkeypatch):
    present = {"chromium": lambda: None, "postgresql": lambda: None, "git": lambda: "/bin/git"}
    monkeypatch.setattr(check, "PACKAGES", present)


def can_run(monkeypatch, *programs: str, failing: str = "") -> list[list[str]]:
    """Let these programs be there, and fail where told; what was run."""
    ran: list[list[str]] = []

    def run(command: list[str], **_options: object) -> subprocess.CompletedProcess[str]:
        ran.append(command)
        return subprocess.CompletedProcess(command, 1 if failing and failing in command else 0)

    monkeypatch.setattr(shutil, "which", lambda name: f"/bin/{name}" if name in programs else None)
    monkeypatch.setattr(subprocess, "run", run)
    return ran


def refusal(check: ModuleType) -> str:
    with pytest.raises(SystemExit) as refused:
        check.install_missing()
    return str(refused.value)


def test_nothing_is_installed_where_nothing_is_missing(check, monkeypatch):
    ran = can_run(monkeypatch)
    monkeypatch.setattr(check, "PACKAGES", {"chromium": lambda: "/usr/bin/chromium"})

    check.install_missing()

    assert ran == []


@pytest.mark.parametrize(("user", "prefix"), [(0, []), (1000, ["sudo", "-n"])])
def test_what_is_missing_is_installed_and_nothing_else(
    check, monkeypatch, nothing_installed, user, prefix
):
    ran = can_run(monkeypatch, "apt-get", "sudo")
    monkeypatch.setattr(os, "geteuid", lambda: user)

    check.install_missing()

    assert [command for command in ran if "true" not in command] == [
        [*prefix, "apt-get", "update", "-q"],
        [*prefix, "apt-get", "install", "-y", "-q", "--no-install-recommends", *MISSING],
    ]


def test_who_may_not_install_is_told_what_to_ask_for(check, monkeypatch, nothing_installed):
    can_run(monkeypatch, "apt-get", "sudo", failing="true")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    told = refusal(check)

    assert "The tests need chromium and postgresql." in told
    assert "apt-get install -y -q --no-install-recommends chromium postgresql" in told
    assert "may not install packages without a password" in told


def test_a_system_without_apt_is_told_so(check, monkeypatch, nothing_installed):
    can_run(monkeypatch)

    assert "apt-get was not found" in refusal(check)


@pytest.mark.parametrize("failing", ["update", "install"])
def test_a_failed_installation_says_which_step_failed(
    check, monkeypatch, nothing_installed, failing
):
    can_run(monkeypatch, "apt-get", failing=failing)
    monkeypatch.setattr(os, "geteuid", lambda: 0)

    assert f"apt-get {failing} failed" in refusal(check)


def test_chromium_with_windows_will_do_where_the_other_cannot_be_had(check, monkeypatch, capsys):
    can_run(monkeypatch, "chromium")
    monkeypatch.setattr(check, "PACKAGES", {"chromium-headless-shell": lambda: None})

    check.install_missing()

    assert "Chromium with windows" in capsys.readouterr().out


def test_the_full_run_takes_the_newest_wagtail_and_every_bench_at_its_full_size(check, monkeypatch):
    ran: list[str] = []

    class Checks(check.Checks):
        def run(self, title: str, *command: str, **_environment: str) -> None:
            ran.append(" ".join(command))

    can_run(monkeypatch)

    check.full_figures(Checks())

    assert ".venv-wagtail8/bin/pytest" in ran[0]
    assert ran[1:] == [
        "python -m bench --check --full --learners 100000",
        "python -m bench.slowlink --check",
    ]


@pytest.mark.parametrize(
    ("failing", "ends"),
    [("", (0, "Every check passed.")), ("lint-imports", (1, "FAILED: Import contract"))],
)
def test_one_failed_check_fails_the_whole_and_is_named_at_the_end(
    check, monkeypatch, capsys, failing, ends
):
    class Checks(check.Checks):
        def run(self, title: str, *command: str, **_environment: str) -> None:
            self.failed += [title] if command[0] == failing else []

        run_beside = run

    class Server(nullcontext):
        def url(self) -> str:
            return "postgres://nowhere"

    monkeypatch.setattr(check, "Checks", Checks)
    monkeypatch.setattr(check, "Postgres", lambda: Server(Server()))
    monkeypatch.setattr(check, "install_missing", lambda: None)

    assert (check.main(full=False), capsys.readouterr().out.splitlines()[-1]) == ends
