"""Waiting for what a page does in its own time."""

import threading
import time
from collections.abc import Callable
from typing import Any

from django.core.signals import request_finished, request_started
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


def wait_for(page: Page, what: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until something is true here, while the page goes on."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, f"Not within {seconds} s"
        page.wait_for_timeout(200)


#: So long a worker may take to be installed, on a busy machine, before one looks at a page anew.
INSTALLED_WITHIN_MS = 30_000
HAS_WORKER = """(ms) => Promise.race([
    navigator.serviceWorker.ready.then(() => true),
    new Promise((resolve) => setTimeout(resolve, ms, false)),
])"""


def until_worker(page: Page) -> None:
    """Wait until the site's worker is there; where it could not be fetched, the next page does it.

    A promise that is never kept would be waited for without end.
    """
    for _ in range(3):
        if page.evaluate(HAS_WORKER, INSTALLED_WITHIN_MS):
            return
        page.reload()
    raise AssertionError("No service worker was installed.")


class Answering:
    """The threads of this process in which a request is answered just now.

    A browser that is closed leaves without its answers. What it had asked for would be done in the
    middle of the next test.
    """

    def __init__(self) -> None:
        self._threads: set[int] = set()
        request_started.connect(self._began)
        request_finished.connect(self._ended)

    def _began(self, **_kwargs: Any) -> None:
        self._threads.add(threading.get_ident())

    def _ended(self, **_kwargs: Any) -> None:
        self._threads.discard(threading.get_ident())

    def wait(self, *, seconds: float = 10) -> None:
        """Until all has been answered that was not asked by this thread; no longer than so."""
        last = time.monotonic() + seconds
        while self._threads - {threading.get_ident()} and time.monotonic() < last:
            time.sleep(0.01)
