"""What somebody presses on the pages of a report."""

from typing import Any

from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from cooperation.models import HalfYearReport


def press(client: Client, report: HalfYearReport) -> Any:
    """Look at what would be frozen, and freeze it."""
    return freeze(client, report, seen_on_page(client, report))


def seen_on_page(client: Client, report: HalfYearReport) -> str:
    """What the page says that was looked at."""
    page = client.get(reverse("cooperation:report-freeze", args=[report.pk]))
    field = BeautifulSoup(page.content, "html.parser").select_one('[name="seen"]')
    return str(field["value"]) if field else ""


def freeze(client: Client, report: HalfYearReport, seen: str) -> Any:
    """Press the button under what was looked at."""
    return client.post(reverse("cooperation:report-freeze", args=[report.pk]), {"seen": seen})
