"""A PostgreSQL of our own for tests and the bench: on a free port, in a folder that goes away.

    with Postgres(folder) as server:
        server.url("name")   # postgres://…/name

Started as the user ``postgres`` when we are root, because PostgreSQL refuses to run as root.
"""

import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self


def binaries() -> Path | None:
    """The folder of the newest PostgreSQL that Debian's packages installed, or ``None``."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        key=lambda path: int(path.parts[-3].split(".")[0]),
    )
    if found:
        return found[-1].parent
    elsewhere = shutil.which("initdb")
    return Path(elsewhere).parent if elsewhere else None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Postgres:
    """A server that lives as long as the ``with`` block."""

    def __init__(self, *, durable: bool = False) -> None:
        """``durable`` keeps what a real server keeps: for kill tests and the bench.

        Without it nothing is flushed and nothing is analysed, as unit tests want it.
        """
        self.durable = durable
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="sidemand-pg-", dir="/tmp"))
        bin_folder = binaries()
        if bin_folder is None:
            raise SystemExit("PostgreSQL is missing. On Debian: apt-get install postgresql")
        self.bin = bin_folder

    def _run(self, *command: str) -> None:
        prefix: list[str] = []
        if os.geteuid() == 0:
            prefix = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]
        subprocess.run(
            [*prefix, *command], check=True, stdout=subprocess.DEVNULL, cwd="/", timeout=120
        )

    def __enter__(self) -> Self:
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
        data = str(self.folder / "data")
        self._run(
            str(self.bin / "initdb"),
            "-D",
            data,
            "-U",
            "postgres",
            "-A",
            "trust",
            "--no-sync",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
        )
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1"
        options += " -c max_connections=100"
        if not self.durable:
            options += " -c fsync=off -c full_page_writes=off"
            # Between two tests that were rolled back it would count tables that are empty but
            # long, and later take a thousand rows for one: a page of half a second took 20 minutes.
            options += " -c autovacuum=off"
        self._run(
            str(self.bin / "pg_ctl"),
            "-D",
            data,
            "-w",
            "-s",
            "-l",
            str(self.folder / "log"),
            "-o",
            options,
            "start",
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self._run(
                str(self.bin / "pg_ctl"),
                "-D",
                str(self.folder / "data"),
                "-m",
                "immediate",
                "-s",
                "stop",
            )
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, name: str = "postgres") -> str:
        """The address of the database ``name`` on this server."""
        return f"postgres://postgres@127.0.0.1:{self.port}/{name}"
