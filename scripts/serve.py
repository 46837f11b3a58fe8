"""What `make run` does after the packages are there: prepare, load the demo, serve.

The web server and the background worker live and end together: when one ends, or on Ctrl+C or
SIGTERM, the other is stopped too.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

import environ

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
STOP_WITHIN_S = 20
#: What `manage.py load_demo` ends with where people are entered who do not belong to the demo.
IN_USE = 3

# As the settings do: what the process says goes before what stands in the file.
env = environ.Env()
if (ROOT / ".env").exists():
    env.read_env(ROOT / ".env")
PORT = env.int("PORT", default=8000)


def manage(*arguments: str, may_end_with: int = 0) -> int:
    done = subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, check=False)
    if done.returncode not in {0, may_end_with}:
        raise SystemExit(f"`manage.py {' '.join(arguments)}` failed; nothing is served.")
    return done.returncode


def load_demo() -> None:
    """Load what is missing of the demo, or serve without it where people work in earnest."""
    if manage("load_demo", "--once", may_end_with=IN_USE) == IN_USE:
        print("Served without the demo, as with SIDEMAND_DEMO=0.", flush=True)
        os.environ["SIDEMAND_DEMO"] = "0"


def refuse_taken_port() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", PORT))
        except OSError:
            raise SystemExit(
                f"Port {PORT} is taken. Stop what uses it, or choose another: make run PORT=8001"
            ) from None


def binds() -> list[str]:
    """IPv4 always; IPv6 too where the machine has it, as browsers try it first for localhost."""
    addresses = [f"127.0.0.1:{PORT}"]
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("::1", PORT))
        addresses.append(f"[::1]:{PORT}")
    except OSError:
        pass
    return addresses


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
    refuse_taken_port()
    manage("prepare")
    manage("make_device_key", "--once")
    if env.bool("SIDEMAND_DEMO", default=True):
        load_demo()
    else:
        print(
            "\nWithout demo content. The first account, in another terminal:\n"
            f"  make administrator PORT={PORT} EMAIL=anna@example.org NAME='Anna Eksempel'",
            flush=True,
        )

    web = [str(BIN / "gunicorn"), "config.wsgi:application", "--pythonpath", "site"]
    web += ["--workers", "2", "--threads", "4", "--log-level", "warning"]
    for address in binds():
        web += ["--bind", address]
    children = [
        # A group each: a terminal's Ctrl+C would reach them too, and being told twice they hang.
        subprocess.Popen(web, cwd=ROOT, process_group=0),
        subprocess.Popen([sys.executable, "manage.py", "worker"], cwd=ROOT, process_group=0),
    ]

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    # A shell in the background ignores SIGINT; a closed window sends SIGHUP.
    for ending in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(ending, stop)
    status = 0
    try:
        print(f"\nSidemand is served at http://localhost:{PORT} (stop with Ctrl+C).", flush=True)
        while all(child.poll() is None for child in children):
            time.sleep(0.3)
        status = 1
        print("One of the two processes ended; stopping the other.", flush=True)
    except KeyboardInterrupt:
        print("\nStopping …", flush=True)
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        for child in children:
            if child.poll() is None:
                child.terminate()
        limit = time.monotonic() + STOP_WITHIN_S
        for child in children:
            try:
                child.wait(max(0.1, limit - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
    return status


if __name__ == "__main__":
    sys.exit(main())
