"""The production server for a bench run, and the CPU time that it and its database use."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
sys.path.insert(0, str(ROOT / "scripts"))

from postgres import free_port  # noqa: E402  scripts/ is no package

TICKS_PER_S = os.sysconf("SC_CLK_TCK")


def environment(url: str, folder: Path, settings: str = "bench.settings") -> dict[str, str]:
    """What every process of one bench run is started with."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": settings,
        "DATABASE_URL": url,
        "SIDEMAND_VAR": str(folder),
        "SIDEMAND_MEDIA": str(folder / "media"),
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'site'}",
    }


def descendants(pid: int) -> set[int]:
    """``pid`` and every process below it that lives now."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(") ")[2].split()
            except OSError:
                continue
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    found, queue = set(), [pid]
    while queue:
        current = queue.pop()
        found.add(current)
        queue += children.get(current, [])
    return found


def memory_kb(pid: int) -> int:
    """The most memory that the process has held so far."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    lines = (line.split() for line in status.splitlines())
    return next((int(line[1]) for line in lines if line[0] == "VmHWM:"), 0)


def cpu_seconds(*pids: int) -> float:
    """CPU time of these processes, all below them, and those of theirs that ended.

    Of what lives by the scheduler's own clock (nanoseconds); of what ended by its ticks.
    """
    total = 0.0
    for root in pids:
        for pid in descendants(root):
            try:
                fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
                threads = list(Path(f"/proc/{pid}/task").iterdir())
            except OSError:
                continue
            total += sum(int(field) for field in fields[13:15]) / TICKS_PER_S
            for thread in threads:
                try:
                    total += int((thread / "schedstat").read_text().split()[0]) / 1e9
                except OSError:
                    continue
    return total


class Server:
    """gunicorn with two workers, as production runs it, on a free port."""

    def __init__(
        self,
        url: str,
        folder: Path,
        *,
        database_pid: int | None = None,
        settings: str = "bench.settings",
    ) -> None:
        self.port = free_port()
        self.database_pid = database_pid
        self._env = environment(url, folder, settings)
        self._log = folder / f"{settings}.log"
        self._process: subprocess.Popen[bytes]  # once it has begun

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [
                    str(BIN / "gunicorn"), "config.wsgi:application",
                    "--workers", "2", "--threads", "4", "--bind", f"127.0.0.1:{self.port}",
                    "--log-level", "warning",
                ],
                cwd=ROOT,
                env=self._env,
                stderr=log,
            )  # fmt: skip
        while self._process.poll() is None:
            try:
                urllib.request.urlopen(f"{self.address}/healthz", timeout=5).close()
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
            else:
                return self
        raise SystemExit(f"The server did not start:\n{self._log.read_text()}")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.terminate()
        self._process.wait(20)

    @property
    def pid(self) -> int:
        """The process that began all others of it."""
        return self._process.pid

    def kill(self) -> None:
        """End every process of it at once, as a power cut would."""
        for pid in descendants(self._process.pid):
            os.kill(pid, signal.SIGKILL)

    def cpu_seconds(self) -> float:
        """CPU time used so far by the web server and the database together."""
        pids = [self._process.pid]
        if self.database_pid is not None:
            pids.append(self.database_pid)
        return cpu_seconds(*pids)
