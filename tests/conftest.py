"""Fixtures that every test may use."""

import gc
import os
import shutil
from collections.abc import Collection
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import caches
from django.utils import translation

# Playwright drives its browser from an event loop of its own.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


# Checks that several folders of browser tests share: what they compare is to be seen.
pytest.register_assert_rewrite("tests.kinds.checks")

pytest_plugins = ["tests.databases", "tests.demo_picture", "tests.mentoring.triggers"]


#: Whoever asks for one of these opens the database; pytest-django keeps all others out of it.
OPENS_DATABASE = frozenset({"base", "db", "transactional_db", "live_server", "django_db_setup"})


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever asks for ``base`` gets a test database.

    pytest-django makes one only where a test says at collection that it needs it; a fixture
    that asks later would reach the database of the machine.
    """
    on_sqlite = "sqlite" in settings.DATABASES["default"]["ENGINE"]
    for item in items:
        # Every text field of every form takes minutes, also in its smaller size.
        if "doors" in item.path.parts:
            item.add_marker(pytest.mark.full)
        fixtures = getattr(item, "fixturenames", ())
        if not on_sqlite and _hangs_on_no_database(item, fixtures):  # see docs/contributing.md
            item.add_marker(pytest.mark.full)
        if "base" in fixtures:
            item.add_marker(pytest.mark.django_db(transaction="live_server" in fixtures))
    # One file of minutes: begun last, it would leave the other processes idle.
    items.sort(key=lambda item: "torture" not in item.path.parts)


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: looking for rubbish there is a fifth of the
    processor's time. What the tests leave behind is still looked for, more rarely.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


def _hangs_on_no_database(item: pytest.Item, fixtures: Collection[str]) -> bool:
    if item.get_closest_marker("both"):
        return False
    if item.get_closest_marker("once"):
        return True
    if item.get_closest_marker("django_db"):
        return False
    return OPENS_DATABASE.isdisjoint(fixtures)


@pytest.fixture
def base() -> None:
    """Both languages, beside what the migrations have written."""
    from wagtail.models import Locale

    Locale.objects.get_or_create(language_code="kl")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium instead of one that Playwright would download.

    Its build without windows opens a page in a quarter of the time of the one with windows.
    """
    return {
        **browser_type_launch_args,
        "executable_path": shutil.which("chromium-headless-shell") or shutil.which("chromium"),
        "args": ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
    }


@pytest.fixture(autouse=True)
def _in_danish() -> None:
    """A request leaves its language behind in the thread; the next test begins in Danish."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def _clean_media() -> Any:
    """Uploads of one test are gone before the next, and nobody remembers them.

    Wagtail keeps the sizes of an image in the cache by its key; SQLite gives the key out again.
    """
    yield
    shutil.rmtree(Path(settings.MEDIA_ROOT), ignore_errors=True)
    for cache in caches.all(initialized_only=True):
        cache.clear()
