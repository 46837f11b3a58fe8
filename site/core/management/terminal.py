"""How ``backup`` and ``restore`` talk to whoever started them."""

import getpass
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

VARIABLE = "SIDEMAND_BACKUP_PASSPHRASE"


def add_passphrase(parser: CommandParser, why: str) -> None:
    """``--passphrase`` asks for it; the variable is for whoever is not there to be asked.

    Never as an argument itself: every user of the machine can read those.
    """
    parser.add_argument(
        "--passphrase",
        action="store_true",
        help=f"{why}: ask for the passphrase, unless {VARIABLE} holds it",
    )


def passphrase(options: Mapping[str, Any], *, twice: bool = False) -> str:
    """The passphrase; empty when none is wanted.

    Raises:
        CommandError: When it is typed differently the second time.
    """
    if settings.SIDEMAND_BACKUP_PASSPHRASE:
        return str(settings.SIDEMAND_BACKUP_PASSPHRASE)
    if not options["passphrase"]:
        return ""
    phrase = getpass.getpass("Passphrase: ")
    if twice and getpass.getpass("Once more: ") != phrase:
        raise CommandError("That was another one.")
    return phrase


def writing(command: BaseCommand) -> Callable[[str], None]:
    """Writes text as it comes, without a line break of its own."""

    def write(text: str) -> None:
        command.stdout.write(text, ending="")
        command.stdout.flush()

    return write


def end_tidily() -> None:
    """Let whoever ends the process (SIGTERM) have what is half-done removed, as Ctrl+C does."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, lambda *_signal: sys.exit(1))
