"""Waiting for what a page does in its own time."""

import time
from typing import Any

from playwright.sync_api import Page


def until(page: Page, script: str, arg: Any = None, *, seconds: float = 60) -> None:
    """Wait until ``script``, which may be asynchronous, gives something true.

    Playwright's ``wait_for_function`` takes the promise itself for something true, and evaluates an
    expression once more in the page, which our policy of contents refuses.
    """
    last = time.monotonic() + seconds
    while not page.evaluate(script, arg):
        assert time.monotonic() < last, f"Not within {seconds} s: {script}"
        page.wait_for_timeout(50)
