"""How far a long command is, in lines that a terminal and a log can both hold."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Advance = Callable[[int], None]


class Progress:
    """Numbered steps, with tenths as they pass and seconds at the end: ``[2/3] Uploads … 10 %``."""

    def __init__(self, write: Callable[[str], None], steps: int) -> None:
        """``write`` takes text without a line break of its own."""
        self._write, self._steps, self._number = write, steps, 0

    @contextmanager
    def step(self, name: str, total: int = 0) -> Iterator[Advance]:
        """One step of ``total`` units; what it yields is called with how many more are done."""
        self._number += 1
        self._write(f"[{self._number}/{self._steps}] {name} … ")
        began, done, tenths = time.monotonic(), 0, 0

        def advance(more: int) -> None:
            nonlocal done, tenths
            done += more
            reached = min(9, done * 10 // total) if total else 0
            if reached > tenths:
                tenths = reached
                self._write(f"{tenths}0 % ")

        yield advance
        self._write(f"{time.monotonic() - began:.1f} s\n")


def silent() -> Progress:
    """Says nothing."""
    return Progress(lambda _text: None, 0)
