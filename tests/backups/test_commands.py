"""What whoever runs the site types, and the drill of docs/operations.md as it stands there."""

import getpass
import io
import os
import re
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections

from core.backups import sealing
from core.backups.place import Place
from core.management import terminal
from tests.backups.conftest import contents, files, save_to
from tests.backups.test_releases import address
from tests.factories.files import make_document
from tests.factories.mentoring import make_pairing

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).parents[2]
PHRASE = "kajak under nordlys"


def run(command: str, *arguments: object, **options: Any) -> str:
    out = io.StringIO()
    call_command(command, *map(str, arguments), stdout=out, **options)
    return out.getvalue()


def test_backup_says_each_step_and_what_is_not_in_it(base: None, tmp_path: Path) -> None:
    make_document()

    said = run("backup", tmp_path / "b")

    assert re.search(r"\[1/3\] The database of this moment … [\d.]+ s\n", said)
    assert re.search(r"\[2/3\] Database … .*s\n\[3/3\] 1 uploads … .*s\n", said)
    assert f"{(tmp_path / 'b').stat().st_size:,} bytes" in said
    assert "- Who is signed in is not in here: everybody signs in again.\n" in said


def test_a_refusal_is_an_error_of_the_command(base: None, tmp_path: Path) -> None:
    (tmp_path / "b").touch()

    with pytest.raises(CommandError, match="never written over"):
        run("backup", tmp_path / "b")
    with pytest.raises(CommandError, match=r"no backup of Sidemand.* Nothing has been changed\."):
        run("restore", tmp_path / "b")


def test_check_reads_all_and_changes_nothing(base: None, tmp_path: Path) -> None:
    run("backup", tmp_path / "b")
    before = contents(connections["default"])

    said = run("restore", tmp_path / "b", "--check")

    assert "[1/1] Every byte of the backup …" in said
    assert "Not in it:" in said
    assert "WARNING" not in said
    assert contents(connections["default"]) == before


def test_restore_warns_of_another_secret_key(base: None, tmp_path: Path, settings: Any) -> None:
    run("backup", tmp_path / "b")
    settings.SECRET_KEY = "another"

    assert "WARNING: the secret key of this place is another" in run(
        "restore", tmp_path / "b", "--check"
    )


def test_the_passphrase_is_asked_twice_to_lock_and_once_to_open(
    base: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sealing.SCRYPT, "n", 2**10)
    typed = [PHRASE, PHRASE + "!", PHRASE, PHRASE, PHRASE]
    monkeypatch.setattr(getpass, "getpass", lambda _prompt: typed.pop(0))

    with pytest.raises(CommandError, match="another one"):
        run("backup", tmp_path / "b", "--passphrase")
    run("backup", tmp_path / "b", "--passphrase")
    with pytest.raises(CommandError, match="the passphrase is needed"):
        run("restore", tmp_path / "b", "--check")
    assert "rows" in run("restore", tmp_path / "b", "--check", "--passphrase")
    assert typed == []


def test_the_passphrase_may_stand_in_the_environment(
    base: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setitem(sealing.SCRYPT, "n", 2**10)
    monkeypatch.setenv(terminal.VARIABLE, PHRASE)
    settings.SIDEMAND_BACKUP_PASSPHRASE = PHRASE  # read when the process begins

    run("backup", tmp_path / "b")

    assert b"Sidemand backup, sealed" in (tmp_path / "b").read_bytes()[:100]
    said = run("restore", tmp_path / "b", "--check")
    assert f"{terminal.VARIABLE} is a secret and not in here" in said
    assert PHRASE not in said


# --- The drill ------------------------------------------------------------------------------------


def drill() -> str:
    """The commands of the section, as they stand in the docs."""
    text = (ROOT / "docs" / "operations.md").read_text()
    section = text.partition("### The drill")[2]
    return section.partition("```sh\n")[2].partition("```")[0]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """That of a server whose database is the one of the tests."""
    place = Place(connections["default"], tmp_path)
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "DATABASE_URL": address(place),
        "SIDEMAND_SECRET_KEY": "drill-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
        "SIDEMAND_HOSTS": "sidemand.example.org",
        "EMAIL_URL": "consolemail://",
        "SIDEMAND_VAR": str(tmp_path / "var"),
        "SIDEMAND_MEDIA": str(tmp_path / "media"),
    }


def test_the_drill_of_the_docs_works_as_it_stands_there(
    base: None, empty: Place, tmp_path: Path, environment: dict[str, str]
) -> None:
    make_pairing()
    (tmp_path / "media" / "documents").mkdir(parents=True)
    (tmp_path / "media" / "documents" / "x.pdf").write_bytes(b"%PDF-1.7")
    (tmp_path / "backups").mkdir()
    script = drill().replace("/srv/drill", str(tmp_path / "drill"))
    script = script.replace("/backups/", f"{tmp_path}/backups/")
    if connection.vendor == "postgresql":
        script = re.sub(r"DATABASE_URL=\S+", f"DATABASE_URL={address(empty)}", script)
    assert "manage.py restore" in script

    done = subprocess.run(
        ["bash", "-euxc", script],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr[-3000:]
    assert "Restored. Next: manage.py prepare" in done.stdout
    assert files(tmp_path / "drill" / "media") == {"documents/x.pdf": b"%PDF-1.7"}
    assert [path.name for path in (tmp_path / "backups").iterdir()] != []


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGKILL])
def test_a_restore_that_is_ended_leaves_nothing_or_what_the_next_one_removes(
    base: None, tmp_path: Path, environment: dict[str, str], empty: Place, ending: signal.Signals
) -> None:
    make_pairing()
    media = tmp_path / "media"
    for number in range(300):
        (media / str(number)).mkdir(parents=True)
        (media / str(number) / "x.bin").write_bytes(os.urandom(50_000))
    save_to(tmp_path / "b", Place(connections["default"], media))
    there = environment | {"DATABASE_URL": address(empty), "SIDEMAND_MEDIA": str(empty.uploads)}
    command = [ROOT / ".venv" / "bin" / "python", "manage.py", "restore", tmp_path / "b"]

    killed = subprocess.Popen(command, cwd=ROOT, env=there, stdout=subprocess.DEVNULL)
    while not (empty.uploads / "5").exists():
        assert killed.poll() is None
        time.sleep(0.001)
    killed.send_signal(ending)
    assert killed.wait() != 0

    assert contents(empty.connection) == {}
    if ending == signal.SIGTERM:
        assert files(empty.uploads) == {}
    subprocess.run(command, cwd=ROOT, env=there, stdout=subprocess.DEVNULL, check=True)
    assert files(empty.uploads) == files(media)
