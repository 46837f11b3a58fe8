"""Whether the demo may be loaded here, and whether all of it has been."""

import hashlib
from pathlib import Path

from demo.models import LoadedDemo
from demo.people import account_holders
from people.models import Person, User

FOLDER = Path(__file__).parent


def is_loaded() -> bool:
    """Whether this demo was loaded to its end, and not half of it or that of another release."""
    return LoadedDemo.objects.filter(content=fingerprint()).exists()


def note_loaded() -> None:
    """Say that all of it is there. Call it last."""
    LoadedDemo.objects.update_or_create(pk=LoadedDemo.ONLY, defaults={"content": fingerprint()})


def is_in_use() -> bool:
    """Whether people are entered here, invited perhaps, who have nothing to do with the demo.

    Whoever tries the demo out may invite somebody: while one of its own accounts can sign in, it
    stays a demo.
    """
    ours = User.objects.filter(person__in=account_holders(), is_active=True)
    return (Person.objects.exists() or User.objects.exists()) and not ours.exists()


def fingerprint() -> str:
    """Changes with whatever the demo is made of: its texts, its pictures and what loads them."""
    digest = hashlib.sha256()
    files = (file for file in FOLDER.rglob("*") if file.is_file())
    for file in sorted(files):
        if "__pycache__" not in file.parts:
            digest.update(f"{file.relative_to(FOLDER)}\n".encode())
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()
