"""The file itself: A4, tagged, with its own fonts; drawn once, and kept while nothing changes."""

import json
from functools import lru_cache
from pathlib import Path

from django.core.cache import caches

from pages.printing.contents import Print, contents

TEMPLATE = Path(__file__).with_name("template.typ")
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
    import typst  # 30 MB that only this needs

    drawn: bytes = typst.compile(
        _template(),
        sys_inputs={"data": json.dumps(contents(printed), ensure_ascii=False)},
        pdf_standards="ua-1",  # tagged: read aloud in order, with title, language and alt texts
        ignore_system_fonts=True,  # those that come with the library have every letter of ours
    )
    return drawn


@lru_cache(maxsize=1)
def _template() -> bytes:
    return TEMPLATE.read_bytes()
