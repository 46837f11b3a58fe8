"""One file holds everything that is not a secret, and says what it does not hold."""

import os
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client

from core.backups import archive, lacking, postgres, restoring, uploads
from core.backups.manifest import UPLOADS
from core.backups.progress import silent
from core.backups.refusal import BackupRefused
from tests.backups.conftest import files, opened
from tests.factories.files import make_document
from tests.factories.mentoring import make_person

pytestmark = pytest.mark.django_db(transaction=True)
Save = Callable[..., Path]
DOCS = Path(__file__).parents[2] / "docs" / "operations.md"


def told(file: Path) -> Any:
    with archive.opened(file) as backup:
        return backup.manifest


def database_in(file: Path) -> bytes:
    with zipfile.ZipFile(file) as opened:
        return opened.read(told(file).database)


def test_any_program_opens_it_and_only_its_owner_may(save: Save, base: None) -> None:
    name = make_document().file.name

    file = save()

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with zipfile.ZipFile(file) as opened:
        assert opened.testzip() is None
        assert opened.read(UPLOADS + name).startswith(b"%PDF-1.7")
    assert sorted(path.name for path in file.parent.iterdir()) == ["backup"]


def test_who_is_signed_in_stays_behind(save: Save, base: None) -> None:
    person = make_person()
    client = Client()
    assert person.user is not None
    client.force_login(person.user)
    key = client.session.session_key
    assert key is not None

    file = save()

    assert told(file).rows["django_session"] == 0
    if connection.vendor == "sqlite":  # a dump of PostgreSQL is packed
        assert key.encode() not in database_in(file)
        assert str(person.pk.hex).encode() in database_in(file)
    assert client.session.session_key == key  # and is still signed in here


def test_secrets_are_named_and_open_settings_are_in_it(
    save: Save, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIDEMAND_SECRET_KEY", "canary-" * 9)
    monkeypatch.setenv("SIDEMAND_NOT_YET_THOUGHT_OF", "canary-too")
    monkeypatch.setenv("SIDEMAND_HELP_PHONE", "34 00 00")

    file = save()

    manifest = told(file)
    assert manifest.settings["SIDEMAND_HELP_PHONE"] == "34 00 00"
    assert set(manifest.settings) <= lacking.OPEN_SETTINGS
    words = "\n".join(manifest.lacking)
    assert "SIDEMAND_SECRET_KEY is a secret and not in here: without it nobody" in words
    assert "SIDEMAND_NOT_YET_THOUGHT_OF is a secret and not in here." in words
    assert b"canary" not in manifest.to_json()


def test_every_variable_is_known_as_open_or_as_a_secret() -> None:
    table = DOCS.read_text().partition("## Environment variables")[2].partition("\n## ")[0]
    documented = {line.split("`")[1] for line in table.splitlines() if line.startswith("| `")}

    assert documented <= lacking.OPEN_SETTINGS | set(lacking.SECRETS)
    assert not lacking.OPEN_SETTINGS & set(lacking.SECRETS)
    assert documented >= lacking.OPEN_SETTINGS


def test_uploads_that_the_database_names_and_that_are_gone_are_told(save: Save, base: None) -> None:
    kept, gone = make_document(), make_document(collection=None, title="Væk")
    default_storage.delete(gone.file.name)

    words = "\n".join(told(save()).lacking)

    assert (
        f"1 files that the database names are not in {settings.MEDIA_ROOT}: {gone.file.name}"
        in (words)
    )
    assert kept.file.name not in words


def test_a_link_among_the_uploads_is_told_and_not_followed(save: Save, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("not ours")
    folder = Path(settings.MEDIA_ROOT)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "linked").symlink_to(tmp_path / "elsewhere")

    manifest = told(save())

    assert "Of the uploads, linked is a link, which was not followed." in manifest.lacking
    assert manifest.uploads == []


def test_an_upload_that_is_deleted_meanwhile_does_not_stop_it(
    save: Save, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = uploads.look

    def look_and_lose(folder: Path) -> uploads.Uploads:
        found = look(folder)
        found.names.append("images/gone.png")
        return found

    monkeypatch.setattr(uploads, "look", look_and_lose)

    assert told(save()).uploads == []


def test_an_upload_that_goes_while_the_folder_is_listed_does_not_stop_it(
    save: Save, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Path(settings.MEDIA_ROOT)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "stays").write_text("here")
    walk = os.walk

    def walk_and_lose(top: Path) -> Any:
        for place, folders, names in walk(top):
            yield place, folders, [*names, "gone.png"] if Path(place) == folder else names

    monkeypatch.setattr(uploads.os, "walk", walk_and_lose)

    assert told(save()).uploads == ["uploads/stays"]


def test_an_upload_that_cannot_be_read_is_named(
    save: Save, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Path(settings.MEDIA_ROOT)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "closed").write_text("here")
    opened = Path.open

    def refuse(path: Path, *options: Any) -> Any:
        if path.name == "closed":
            raise PermissionError(13, "Permission denied")
        return opened(path, *options)

    monkeypatch.setattr(Path, "open", refuse)

    with pytest.raises(BackupRefused, match="closed cannot be read: Permission denied"):
        save()


def test_it_is_not_written_among_the_uploads(save: Save) -> None:
    Path(settings.MEDIA_ROOT).mkdir(parents=True, exist_ok=True)

    with pytest.raises(BackupRefused, match="among the uploads"):
        save(name=str(Path(settings.MEDIA_ROOT) / "backup"))

    assert files(Path(settings.MEDIA_ROOT)) == {}


def test_it_is_never_written_over_another_file(save: Save, tmp_path: Path) -> None:
    (tmp_path / "backup").write_text("last month")

    with pytest.raises(BackupRefused, match="exists"):
        save()

    assert (tmp_path / "backup").read_text() == "last month"


def test_whatever_goes_wrong_no_file_is_left(
    save: Save, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archive.Writer, "finish", full)

    with pytest.raises(BackupRefused, match="No space left"):
        save()

    assert files(tmp_path) == {}
    if connection.vendor == "sqlite":
        database = Path(str(connection.settings_dict["NAME"]))
        assert not database.with_name(f"{database.name}-backup").exists()


def test_what_a_killed_backup_left_is_written_over(save: Save, tmp_path: Path) -> None:
    (tmp_path / "backup.part").write_bytes(b"half" * 10_000_000)

    file = save()

    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup"]
    assert restoring.check(file, progress=silent())


def test_a_folder_that_is_not_there_is_refused(save: Save) -> None:
    with pytest.raises(BackupRefused, match="No such file"):
        save(name="nowhere/backup")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="programs of PostgreSQL")
@pytest.mark.parametrize(
    ("programs", "had"), [({}, "none was found"), ({"12": "pg_dump"}, "only that of version 12")]
)
def test_a_missing_program_is_named_with_what_to_install(
    save: Save, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, programs: Any, had: str
) -> None:
    for version, name in programs.items():
        place = tmp_path / "postgresql" / version / "bin"
        place.mkdir(parents=True)
        (place / name).touch()
    monkeypatch.setattr(postgres, "DEBIAN", tmp_path / "postgresql")
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(BackupRefused) as refusal:
        save()

    major = connection.pg_version // 10_000
    assert had in str(refusal.value)
    assert f"apt-get install postgresql-client-{major}" in str(refusal.value)
    assert not (tmp_path / "backup").exists()


def test_the_key_is_recognised_and_not_given_away(settings: Any) -> None:
    check = lacking.key_check()

    assert lacking.has_key_of(check)
    assert lacking.key_check() != check
    assert settings.SECRET_KEY not in check
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]
    assert lacking.has_key_of(check)
    settings.SECRET_KEY_FALLBACKS = []
    assert not lacking.has_key_of(check)


def test_the_moment_does_not_wait_for_a_reader_or_a_writer(save: Save) -> None:
    """Somebody is in the middle of a transaction, and stays there."""
    with opened(str(connection.settings_dict["NAME"])) as other:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("INSERT INTO core_sentmail (key, sent_at) VALUES ('x', '2026-01-01')")

        manifest = told(save())

        other.rollback()
    assert manifest.rows["core_sentmail"] == 0
