"""What is drawn on a page, as a file for paper: A4, tagged (PDF/UA), with its own fonts.

An app gives the file's title, language, day and nodes, which :mod:`core.paper.markup` reads from
the same HTML that readers see.
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

TEMPLATE = Path(__file__).with_name("template.typ")


def draw(contents: Mapping[str, Any]) -> bytes:
    """The PDF that says ``contents``: language, title, issuer, day, nodes and pictures."""
    import typst  # 30 MB that only this needs

    drawn: bytes = typst.compile(
        _template(),
        sys_inputs={"data": json.dumps(contents, ensure_ascii=False)},
        pdf_standards="ua-1",  # tagged: read aloud in order, with title, language and alt texts
        ignore_system_fonts=True,  # those that come with the library have every letter of ours
    )
    return drawn


@lru_cache(maxsize=1)
def _template() -> bytes:
    return TEMPLATE.read_bytes()
