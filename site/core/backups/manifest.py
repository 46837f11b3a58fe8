"""What a backup says of itself, and whether this place can take it."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import PurePosixPath
from typing import Any, Self

from core.backups.refusal import BackupRefused

FORMAT = 1
NAME = "manifest.json"
UPLOADS = "uploads/"
DATABASES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Part:
    """One file within the backup."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What is in the backup, and what is not.

    Args:
        version: Of the release that made it.
        made_at: When it began (UTC): what was acknowledged before is in it.
        kind: ``sqlite`` or ``postgresql``.
        server: The version of SQLite, or of the PostgreSQL server.
        migrations: As ``app.name``.
        rows: How many each table has.
        parts: Every file but this one.
        settings: Environment variables that are no secrets, as they were.
        lacking: What is not in the backup, in words.
        key_check: Tells whether another place has the same secret key, without telling the key.
    """

    version: str
    made_at: str
    kind: str
    server: str
    migrations: list[str]
    rows: dict[str, int]
    parts: dict[str, Part]
    settings: dict[str, str] = field(default_factory=dict)
    lacking: list[str] = field(default_factory=list)
    key_check: str = ""

    @property
    def database(self) -> str:
        """The part that is the database."""
        return DATABASES[self.kind]

    @property
    def uploads(self) -> list[str]:
        """The parts that are uploads."""
        return sorted(name for name in self.parts if name.startswith(UPLOADS))

    def to_json(self) -> bytes:
        """As it stands in the backup."""
        told = {"product": "sidemand", "format": FORMAT, **asdict(self)}
        return json.dumps(told, indent=1, sort_keys=True, ensure_ascii=False).encode()

    @classmethod
    def from_json(cls, text: bytes) -> Self:
        """Read it, believing nothing.

        Raises:
            BackupRefused: When it is none, is of a later format, or names a part that would lie
                outside of the folder of uploads.
        """
        try:
            told = json.loads(text)
            product, form = told.pop("product"), told.pop("format")
            _refuse_other(product, form)
            parts = {name: Part(**part) for name, part in told.pop("parts").items()}
            manifest = cls(parts=parts, **told)
            manifest._check()
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise BackupRefused("This backup says nothing sensible of itself.") from error
        return manifest

    def _check(self) -> None:
        if self.kind not in DATABASES or self.database not in self.parts:
            raise ValueError(self.kind)
        for name, part in self.parts.items():
            within = name == self.database or _lies_within(name)
            if not (within and isinstance(part.size, int) and _HASH.fullmatch(part.sha256)):
                raise ValueError(name)
        texts = (self.version, self.made_at, self.server, self.key_check)
        if not all(isinstance(text, str) for text in (*texts, *self.migrations, *self.lacking)):
            raise ValueError(texts)
        if not all(isinstance(count, int) for count in self.rows.values()):
            raise ValueError(self.rows)
        if not all(isinstance(value, str) for value in self.settings.values()):
            raise ValueError(self.settings)


def _refuse_other(product: object, form: object) -> None:
    if product != "sidemand" or not isinstance(form, int):
        raise ValueError(product)
    if form > FORMAT:
        raise BackupRefused("This backup was made by a later release: install that first.")


def _lies_within(name: str) -> bool:
    path = PurePosixPath(name)
    plain = not path.is_absolute() and ".." not in path.parts and str(path) == name
    return plain and "\0" not in name and name.startswith(UPLOADS) and len(path.parts) > 1


def newer(one: str, other: str) -> bool:
    """Whether release ``one`` came after ``other``."""
    return _numbers(one) > _numbers(other)


def _numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)]


def of_parts(parts: Mapping[str, Part], **told: Any) -> Manifest:
    """A manifest of these parts."""
    return Manifest(parts=dict(parts), **told)
