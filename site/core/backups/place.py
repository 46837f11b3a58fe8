"""Where a site keeps what people wrote: its database and its folder of uploads."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper


@dataclass(frozen=True)
class Place:
    """A database, empty or not, and a folder of uploads, there or not."""

    connection: BaseDatabaseWrapper
    uploads: Path

    @classmethod
    def here(cls) -> Self:
        """What the settings name."""
        return cls(connections[DEFAULT_DB_ALIAS], Path(settings.MEDIA_ROOT))
