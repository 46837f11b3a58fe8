"""How the tests of rounds read a page, and what its form would send."""

from collections.abc import Callable
from typing import Any

from bs4 import BeautifulSoup
from django.test import Client

from people.models import Person

Browse = Callable[[Person], Client]


NUUK = ("Nuuk", "Kommuneqarfik Sermersooq")


def page(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def said(response: Any) -> str:
    return " ".join(page(response).main.get_text(" ").split())


def filled(client: Client, address: str, form: str = "main form") -> dict[str, Any]:
    """What a browser would send of the form on that page."""
    found = page(client.get(address)).select_one(form)
    data: dict[str, Any] = {}
    for one in found.select("input, textarea, select"):
        name, kind = one.get("name"), one.get("type", "text")
        if one.name == "select":
            chosen = one.select("option[selected]") or one.select("option")[:1]
            data[name] = chosen[0].get("value", "") if chosen else ""
        elif kind in {"checkbox", "radio"}:
            if one.has_attr("checked"):
                data.setdefault(name, []).append(one["value"])
        elif kind != "file":
            data[name] = (
                one.text.removeprefix("\n") if one.name == "textarea" else one.get("value", "")
            )
    return data
