"""What the editor's form sends of a page's blocks, which a browser builds by itself."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from wagtail import blocks

Sender = Callable[[str], str]


def as_rich_text(text: str) -> str:
    """``text`` as the editor of running text sends it."""
    block = {"key": "a1", "text": text, "type": "unstyled", "depth": 0}
    return json.dumps(
        {"blocks": [block | {"inlineStyleRanges": [], "entityRanges": []}], "entityMap": {}}
    )


class Blocks:
    """The fields of one block of each kind, with those that take text."""

    def __init__(self, block: blocks.StreamBlock, prefix: str) -> None:
        self.fields: dict[str, list[str]] = {}
        self.texts: dict[str, Sender] = {}
        #: Of the texts those that are the key of a record, which nobody types.
        self.keys: set[str] = set()
        self._stream(block, prefix)

    def _stream(self, block: Any, prefix: str) -> None:
        self.fields[f"{prefix}-count"] = [str(len(block.child_blocks))]
        for at, (name, child) in enumerate(block.child_blocks.items()):
            self._item(f"{prefix}-{at}", at, name)
            self._block(child, f"{prefix}-{at}-value")

    def _item(self, prefix: str, at: int, kind: str = "") -> None:
        self.fields |= {f"{prefix}-deleted": [""], f"{prefix}-order": [str(at)]}
        self.fields |= {f"{prefix}-id": [""]} | ({f"{prefix}-type": [kind]} if kind else {})

    def _block(self, block: Any, prefix: str) -> None:
        if isinstance(block, blocks.BaseStructBlock):
            for name, child in block.child_blocks.items():
                self._block(child, f"{prefix}-{name}")
        elif isinstance(block, blocks.ListBlock):
            self.fields[f"{prefix}-count"] = ["1"]
            self._item(f"{prefix}-0", 0)
            self._block(block.child_block, f"{prefix}-0-value")
        elif isinstance(block, blocks.FieldBlock):
            if isinstance(block, blocks.ChooserBlock):
                self.keys.add(prefix)
            rich = isinstance(block, blocks.RichTextBlock)
            self.fields[prefix] = [as_rich_text("") if rich else ""]
            self.texts[prefix] = as_rich_text if rich else str


def rows(prefix: str, names: list[str], **fixed: str) -> dict[str, list[str]]:
    """One new row of a set of forms."""
    return {
        **{f"{prefix}-{name}": ["0"] for name in ("INITIAL_FORMS", "MIN_NUM_FORMS")},
        f"{prefix}-TOTAL_FORMS": ["1"],
        f"{prefix}-MAX_NUM_FORMS": ["1000"],
        **{f"{prefix}-0-{name}": [fixed.get(name, "")] for name in (*names, *fixed)},
    }


def typed_in(fields: dict[str, list[str]], names: list[str]) -> Iterator[str]:
    """Those of ``fields`` whose name ends like one of ``names``."""
    return (field for field in fields if field.rpartition("-")[2] in names)
