"""The file itself: drawn once, and kept while nothing changes."""

from django.core.cache import caches

from core import paper
from pages.printing.contents import Print, contents

#: A file is asked for anew on the next day, so there is no use in keeping it longer.
KEPT_SECONDS = 2 * 24 * 60 * 60


def file_of(printed: Print) -> bytes:
    """The PDF of ``printed``: the one kept, or a new one."""
    cache, key = caches["prints"], f"print:{printed.key}"
    kept: bytes | None = cache.get(key)
    if kept is None:
        kept = draw(printed)
        cache.set(key, kept, KEPT_SECONDS)
    return kept


def draw(printed: Print) -> bytes:
    """The PDF, drawn anew."""
    return paper.draw(contents(printed))
