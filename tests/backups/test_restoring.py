"""What is restored is what was there; what is not whole is refused, and nothing is changed."""

import random
import stat
import struct
import uuid
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, connections

from core import database_identity
from core.backups import archive, manifest, postgres, restoring, sealing, sqlite, uploads
from core.backups.manifest import Manifest, Part
from core.backups.place import Place
from core.backups.progress import silent
from core.backups.refusal import BackupRefused
from core.backups.snapshots import LEFT_EMPTY
from tests.backups.conftest import contents, files, save_to, untouched
from tests.factories.files import make_document, make_image
from tests.factories.mentoring import make_pairing

pytestmark = pytest.mark.django_db(transaction=True)
Save = Callable[..., Path]
PHRASE = "kajak under nordlys"


@pytest.fixture
def site(base: None) -> None:
    """Some rows, with letters of every kind, and some files."""
    make_pairing()
    make_document(title="ĸ, æøå, 雪, \U0001f600 og 'citat'")
    make_image()


def restore(place: Place, file: Path, phrase: str = "") -> Manifest:
    return restoring.restore(place, file, progress=silent(), passphrase=phrase)


def refused(place: Place, file: Path, match: str | None = None, phrase: str = "") -> None:
    with pytest.raises(BackupRefused, match=match):
        restore(place, file, phrase)


def test_every_row_and_every_upload_comes_back(site: None, save: Save, empty: Place) -> None:
    before, kept = contents(connections["default"]), files(Path(settings.MEDIA_ROOT))
    assert len(kept) == 2

    restore(empty, save())

    after = contents(empty.connection)
    assert set(after) == set(before)
    different = {table for table in before if after[table] != before[table]}
    assert different <= set(LEFT_EMPTY)
    assert sum(map(len, after.values())) > 50
    assert files(empty.uploads) == kept
    if connection.vendor == "sqlite":
        database = Path(str(empty.connection.settings_dict["NAME"]))
        assert stat.S_IMODE(database.stat().st_mode) == 0o600


def test_a_restored_database_has_another_id(
    site: None, save: Save, empty: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    database_identity.current()

    restore(empty, save())

    with empty.connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM core_databaseidentity")
        assert cursor.fetchone() == (0,)  # and gets one when it is first asked


def test_what_was_restored_can_be_saved_and_restored_again(
    site: None, save: Save, new_place: Callable[[], Place]
) -> None:
    first, second = new_place(), new_place()
    restore(first, save())

    restore(second, save(first, name="again"))

    assert contents(second.connection) == contents(first.connection)
    assert files(second.uploads) == files(first.uploads)


def test_a_sealed_backup_comes_back_with_its_passphrase_alone(
    site: None, save: Save, empty: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sealing.SCRYPT, "n", 2**10)
    file = save(passphrase=PHRASE)
    assert not zipfile.is_zipfile(file)

    refused(empty, file, "the passphrase is needed")
    refused(empty, file, "passphrase is another", "another passphrase")
    assert untouched(empty)
    restore(empty, file, PHRASE)

    assert files(empty.uploads) == files(Path(settings.MEDIA_ROOT))


# --- Damaged --------------------------------------------------------------------------------------


def damaged(whole: bytes, at: int) -> bytes:
    return whole[:at] + bytes([whole[at] ^ 0b100]) + whole[at + 1 :]


def places_of(file: Path) -> Iterator[tuple[str, int]]:
    """In each part the first byte, one within and the last; and each header, and the end."""
    chance, size = random.Random(3), file.stat().st_size
    with zipfile.ZipFile(file) as opened:
        for entry in opened.infolist():
            head = file.read_bytes()[entry.header_offset : entry.header_offset + 30]
            start = entry.header_offset + 30 + sum(struct.unpack("<HH", head[26:30]))
            end = start + max(1, entry.compress_size)
            yield f"header of {entry.filename}", entry.header_offset
            yield f"moment of {entry.filename}", entry.header_offset + 12
            yield f"data of {entry.filename}", start
            yield f"data of {entry.filename}", chance.randrange(start, end - 1)
            yield f"last of {entry.filename}", end - 1
        yield "directory", opened.start_dir
        yield "within the directory", (opened.start_dir + size) // 2
    ending = archive.HASH_BYTES + len(archive.COMMENT)
    for name, back in (("end", ending + 22), ("comment", ending), ("hash", 64), ("last", 1)):
        yield name, size - back


def test_damage_is_found_in_every_part(
    site: None, save: Save, empty: Place, tmp_path: Path
) -> None:
    file = save()
    whole, spots = file.read_bytes(), list(places_of(file))
    assert len(spots) >= 5 * 4 + 6

    for _name, at in spots:
        file.write_bytes(damaged(whole, at))
        refused(empty, file)
        assert untouched(empty), _name

    file.write_bytes(whole)
    restore(empty, file)


def test_a_part_of_a_backup_is_none(site: None, save: Save, empty: Place) -> None:
    file = save()
    whole = file.read_bytes()

    for length in (0, 1, 64, len(whole) // 2, len(whole) - 65, len(whole) - 1):
        file.write_bytes(whole[:length])
        refused(empty, file, "no backup of Sidemand")
    file.write_bytes(whole + b"\n")
    refused(empty, file, "no backup of Sidemand")

    assert untouched(empty)


def test_a_file_of_something_else_is_none(empty: Place, tmp_path: Path) -> None:
    text, other = tmp_path / "letter.txt", tmp_path / "other.zip"
    text.write_text("Kære Anna" * 100)
    with zipfile.ZipFile(other, "w") as packed:
        packed.writestr("manifest.json", "{}")

    for file in (text, other):
        refused(empty, file, "no backup of Sidemand")
    refused(empty, tmp_path / "nowhere", "cannot be read")

    assert untouched(empty)


def test_damage_that_comes_after_the_check_leaves_nothing_half_done(
    site: None, save: Save, empty: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk may give other bytes at the second reading; whatever is written is checked again."""
    file = save()
    whole = file.read_bytes()
    monkeypatch.setattr(archive.Reader, "check", lambda *_args: None)

    for name, at in list(places_of(file)):
        if name.startswith(("data of uploads/", "data of database")):
            file.write_bytes(damaged(whole, at))
            refused(empty, file)
            assert untouched(empty), name


def test_a_database_with_other_rows_than_told_is_not_put_in_place(
    site: None, empty: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    to_json = Manifest.to_json

    def with_a_row_more(told: Manifest) -> bytes:
        return to_json(replace(told, rows={**told.rows, "people_person": 10_000}))

    monkeypatch.setattr(Manifest, "to_json", with_a_row_more)
    save_to(tmp_path / "backup")

    refused(empty, tmp_path / "backup")

    assert untouched(empty)


def test_what_fails_once_the_database_is_in_its_place_takes_no_upload_away(
    site: None, save: Save, empty: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, file = files(Path(settings.MEDIA_ROOT)), save()

    def fail(*_args: object) -> None:
        raise OSError(5, "Input/output error")

    class Stubborn(TemporaryDirectory[str]):
        def __exit__(self, *raised: Any) -> None:
            super().__exit__(*raised)
            fail()

    monkeypatch.setattr(sqlite, "_sync_folder", fail)
    monkeypatch.setattr(postgres.tempfile, "TemporaryDirectory", Stubborn)

    with pytest.raises(OSError, match="Input/output error"):
        restore(empty, file)

    assert not untouched(empty)
    assert files(empty.uploads) == kept


# --- What does not fit ----------------------------------------------------------------------------


def test_it_is_not_restored_beside_other_rows_or_files(
    site: None, save: Save, new_place: Callable[[], Place]
) -> None:
    file, full, half = save(), new_place(), new_place()
    restore(full, file)
    rows, kept = contents(full.connection), files(full.uploads)
    (half.uploads / "images").mkdir(parents=True)
    (half.uploads / "images" / "mine.png").write_bytes(b"mine")

    refused(full, file, "empty")
    refused(half, file, "mine.png")

    assert contents(full.connection) == rows
    assert files(full.uploads) == kept
    assert files(half.uploads) == {"images/mine.png": b"mine"}


def test_what_a_killed_restore_left_is_no_obstacle(site: None, save: Save, empty: Place) -> None:
    (empty.uploads / "images").mkdir(parents=True)
    (empty.uploads / "images" / "half.png").write_bytes(b"ha")
    (empty.uploads / uploads.MARKER).touch()
    if connection.vendor == "sqlite":
        staged = Path(f"{empty.connection.settings_dict['NAME']}-restoring")
        staged.write_bytes(b"half")

    restore(empty, save())

    assert files(empty.uploads) == files(Path(settings.MEDIA_ROOT))
    if connection.vendor == "sqlite":
        assert not staged.exists()


def test_two_restores_at_once_do_not_meet(site: None, save: Save, empty: Place) -> None:
    file = save()

    with uploads.being_filled(empty.uploads) as keep:
        refused(empty, file, "under way")
        keep()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="files of SQLite")
def test_a_log_without_its_database_is_not_joined_to_another(
    site: None, save: Save, empty: Place
) -> None:
    log = Path(f"{empty.connection.settings_dict['NAME']}-wal")
    log.write_bytes(b"of another database")

    refused(empty, save(), "move it away")

    assert log.read_bytes() == b"of another database"


@pytest.mark.skipif(connection.vendor != "sqlite", reason="files of SQLite")
def test_an_empty_file_of_a_database_gives_way(site: None, save: Save, empty: Place) -> None:
    empty.connection.ensure_connection()  # what looking for tables leaves
    empty.connection.close()

    restore(empty, save())

    assert len(contents(empty.connection)) > 50


def forged(save: Save, monkeypatch: pytest.MonkeyPatch, **changes: Any) -> Path:
    """A backup that says something else of itself."""
    to_json = Manifest.to_json
    with monkeypatch.context() as patch:
        patch.setattr(Manifest, "to_json", lambda told: to_json(replace(told, **changes)))
        return save(name=uuid.uuid4().hex)


def test_a_later_release_is_asked_for(
    site: None, save: Save, empty: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = forged(save, monkeypatch, version="99.0.0")
    strange = forged(save, monkeypatch, migrations=["core.0001_initial", "core.9999_later"])

    refused(empty, later, "of release 99.0.0")
    refused(empty, strange, "core.9999_later")

    assert untouched(empty)


def test_the_other_kind_of_database_is_refused(
    site: None, save: Save, empty: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = "postgresql" if connection.vendor == "sqlite" else "sqlite"
    part = Part(0, "0" * 64)
    file = forged(save, monkeypatch, kind=other, parts={manifest.DATABASES[other]: part})

    refused(empty, file, "DATABASE_URL")


@pytest.mark.parametrize(
    "name",
    [
        "uploads/../../etc/cron.d/x",
        "/etc/passwd",
        "uploads/",
        "uploads",
        "uploads//x",
        "uploads/./x",
        "uploads/a\0b",
        "settings.py",
    ],
)
def test_no_part_lies_outside_of_the_uploads(name: str) -> None:
    told = Manifest("0.3.0", "2026-11-26", "sqlite", "3.40", [], {}, {})
    fine = {"database.sqlite3": Part(1, "0" * 64), "uploads/images/x.png": Part(1, "0" * 64)}
    assert Manifest.from_json(replace(told, parts=fine).to_json()).parts == fine

    with pytest.raises(BackupRefused, match="nothing sensible"):
        Manifest.from_json(replace(told, parts={**fine, name: Part(1, "0" * 64)}).to_json())
