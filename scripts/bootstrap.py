"""Make the virtual environment and install the locked packages; standard library only.

    python3 scripts/bootstrap.py requirements.txt

A stamp with the hash of the lock file makes every later call take a fraction of a second.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def say(text: str) -> None:
    print(f"• {text}", flush=True)


def main(lock_name: str, venv: Path) -> None:
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        raise SystemExit(
            f"Sidemand runs on Python 3.11, 3.12 or 3.13; this is {sys.version.split()[0]}. "
            "Name another one: make run PYTHON=python3.11"
        )
    lock = ROOT / lock_name
    stamp = venv / f"stamp-{lock.stem}"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    python = venv / "bin" / "python"
    if stamp.exists() and stamp.read_text() == wanted and python.exists():
        return
    if not python.exists():
        say(f"Making the virtual environment {venv.name} …")
        made = subprocess.run([sys.executable, "-m", "venv", str(venv)], check=False)
        if made.returncode:
            raise SystemExit(
                "python3 -m venv failed. On Debian: apt-get install python3-venv, then try again."
            )
    say(f"Installing what {lock_name} names (about half a minute, once) …")
    installed = subprocess.run(
        [
            str(python),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--require-hashes",
            "--only-binary=:all:",
            "-r",
            str(lock),
        ],
        check=False,
        env={**os.environ, "PIP_NO_INPUT": "1"},
    )
    if installed.returncode:
        raise SystemExit(
            f"The packages could not be installed (pip ended with {installed.returncode}). "
            "Is there a connection to the package index? Nothing was changed; try again."
        )
    # Installing another lock over this one may have changed versions: only the last one counts.
    for old in venv.glob("stamp-*"):
        old.unlink()
    stamp.write_text(wanted)
    if lock.stem == "requirements-dev":  # holds everything that requirements.txt holds
        runtime = ROOT / "requirements.txt"
        (venv / "stamp-requirements").write_text(hashlib.sha256(runtime.read_bytes()).hexdigest())


if __name__ == "__main__":
    if len(sys.argv) not in {2, 3}:
        raise SystemExit(__doc__)
    main(sys.argv[1], ROOT / (sys.argv[2] if len(sys.argv) == 3 else ".venv"))
