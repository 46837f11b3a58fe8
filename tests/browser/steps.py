"""The steps that every journey is made of, and the two screens they are taken on."""

import re

from django.db.models import Model
from playwright.sync_api import Page, expect

DESK = {"viewport": {"width": 1280, "height": 900}}
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True}


def look(page: Page, title: str | re.Pattern[str] | None = None) -> None:
    """The page that is meant is there, and nothing makes it scroll sideways."""
    if title is not None:
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
    assert page.viewport_size is not None
    needed = page.evaluate("document.documentElement.scrollWidth")
    assert needed <= page.viewport_size["width"], page.url


def start(page: Page) -> None:
    page.goto("/da/start/")
    look(page)


def follow(page: Page, name: str | re.Pattern[str]) -> None:
    """Follow the first link of this name, and wait for where it leads."""
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("link", name=name).first.click()


def follow_to(page: Page, record: Model) -> None:
    """Follow the first link to the page of ``record``."""
    with page.expect_navigation():
        page.get_by_role("main").locator(f'a[href$="/{record.pk}/"]').first.click()


def press(page: Page, name: str | re.Pattern[str]) -> None:
    """Press the first button of this name, and wait for the answer."""
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("button", name=name).first.click()


def said(page: Page, text: str) -> None:
    """The page says that it is done."""
    expect(page.get_by_role("status").filter(has_text=text)).to_be_visible()
    look(page)
