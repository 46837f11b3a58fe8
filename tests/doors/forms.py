"""Every form that the pages of the site show: its fields, and what a browser would send.

The list is read from the pages themselves: each address of the resolver is opened by each kind of
person who gets an answer there, so a new form is found without being named.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from bs4 import BeautifulSoup, SoupStrainer, Tag
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils import translation

from people.models import Person
from tests.access.matrix import TABLE, Row, Visitor, patterns, read
from tests.access.samples import Samples
from tests.access.world import build

Fields = dict[str, list[str]]

#: What holds no text that anybody keeps: see SECRETS in core.guard.
NOT_KEPT = re.compile(r"password|^csrfmiddlewaretoken$|^credential$")
NOT_TYPED = {"submit", "button", "image", "reset", "checkbox", "radio", "password"}
#: Pages that show their form only when asked like this.
ASKED_WITH = {
    "da/sidemand/forloeb/nyt/": "?by=sisimiut",
    "admin/oversaettelser/": "?page=1",
}
CONTROLS = SoupStrainer(["form", "input", "textarea", "select"])
#: Addresses that end the visit.
LEFT_OUT = ("da/konto/log-ud/", "admin/logout/")


@dataclass
class Form:
    """One form as one person sees it."""

    who: str
    action: str
    method: str
    texts: list[str]
    files: list[str]
    fields: Fields = field(repr=False)
    #: What can be chosen, by name.
    choices: Fields = field(repr=False, default_factory=dict)
    #: Of the texts those that nobody types.
    hidden: frozenset[str] = frozenset()
    #: Of the texts those that can only be a day, in a browser.
    days: frozenset[str] = frozenset()

    @property
    def filled(self) -> Fields:
        """The fields with something chosen wherever one can choose."""
        chosen = {name: [values[0]] for name, values in self.choices.items() if values}
        return {**chosen, **{name: sent for name, sent in self.fields.items() if any(sent)}}

    @property
    def place(self) -> tuple[str, ...]:
        """The same for what is the same form on another page."""
        try:
            found = resolve(urlsplit(self.action).path)
        except Resolver404:
            return (self.method, self.action)
        names = sorted({re.sub(r"\d+", "0", name) for name in self.texts})
        return (self.method, found.view_name, found.route, *names)


@dataclass
class Doors:
    """The people, a browser for each of them, and the forms they can send."""

    people: dict[str, Person | None]
    samples: Samples
    clients: dict[str, Client]
    forms: list[Form]

    @property
    def addresses(self) -> Iterator[str]:
        """Every address of the resolver, filled in."""
        return (self.samples.fill(Row(route)) for route in routes())


def find(*, everybody: bool = False) -> Doors:
    """Build the world and collect its forms.

    Args:
        everybody: Open each page as each person who may, not only as the first of each look.
    """
    people = build()
    samples = Samples(people)
    clients = {
        name: Visitor(person.user if person else None).client for name, person in people.items()
    }
    answers = read(TABLE.read_text(encoding="utf-8"))
    forms: dict[tuple[str, ...], Form] = {}
    for route in routes():
        letters = answers.get((route, "GET"), "")
        if route.startswith(LEFT_OUT):
            continue
        seen_by = [name for name, letter in zip(people, letters, strict=False) if letter == "o"]
        for who in seen_by if everybody else _different(route, seen_by):
            address = samples.fill(Row(route)) + ASKED_WITH.get(route, "")
            if asked := samples.fields(Row(route), "GET"):
                address += f"?{urlencode(asked)}"
            response = clients[who].get(address)
            if response.streaming:
                b"".join(response.streaming_content)  # a file is closed when it has been read
            elif response.status_code == 200 and not _is_file(response):
                for form in forms_in(response, address, who):
                    key = (form.who, *form.place) if everybody else form.place
                    forms.setdefault(key, form)
    return Doors(people, samples, clients, list(forms.values()))


def _is_file(response: Any) -> bool:
    """Whether an answer is something to open elsewhere, such as a PDF."""
    return not response.headers.get("Content-Type", "").startswith(("text/", "application/json"))


def routes() -> list[str]:
    """The route of every address, once."""
    with translation.override("da"):
        return sorted(set(patterns()))


def _different(route: str, people: list[str]) -> list[str]:
    """Of those who see a page, one of each kind that may see other forms on it."""
    order = (
        ("administrator", "editor", "reviewer", "translator")
        if route.startswith("admin/")
        else ("caseworker", "mentor", "coordinator of the own municipality", "anonymous")
    )
    chosen = [name for name in order if name in people][: 1 if route.startswith("admin/") else 4]
    return chosen or people[:1]


def forms_in(response: Any, address: str, who: str) -> Iterator[Form]:
    """The forms of a page, or of the window that an answer in JSON describes."""
    text = response.content.decode()
    if "json" in response.headers.get("Content-Type", ""):
        answer = json.loads(text)
        text = (
            answer.get("html") or answer.get("htmlFragment") or ""
            if isinstance(answer, dict)
            else ""
        )
    if "<form" not in text:
        return
    soup = BeautifulSoup(text, "html.parser", parse_only=CONTROLS)
    for form in soup.find_all("form"):
        if form.get("method") == "dialog":  # its script reads it; a browser sends nothing
            continue
        controls = form.find_all(["input", "textarea", "select"])
        if form.get("id"):
            controls += soup.select(f'[form="{form["id"]}"]')
        yield _form(form, controls, address, who)


def _form(form: Tag, controls: list[Tag], address: str, who: str) -> Form:
    fields: Fields = {}
    texts: list[str] = []
    files: list[str] = []
    choices: Fields = {}
    hidden: set[str] = set()
    days: set[str] = set()
    for control in controls:
        name, kind = str(control.get("name") or ""), str(control.get("type") or "text").lower()
        if not name:
            continue
        if kind == "file":
            files.append(name)
        elif control.name == "select":
            chosen = control.select("option[selected]") or (
                [] if control.has_attr("multiple") else control.select("option")[:1]
            )
            fields.setdefault(name, []).extend(str(option.get("value", "")) for option in chosen)
            values = [str(option.get("value", "")) for option in control.select("option")]
            choices[name] = [value for value in values if value]
        elif kind in {"checkbox", "radio"}:
            choices.setdefault(name, []).append(str(control.get("value", "on")))
            if control.has_attr("checked"):
                fields.setdefault(name, []).append(str(control.get("value", "on")))
        elif kind not in {"submit", "button", "image", "reset"}:
            value = control.text if control.name == "textarea" else str(control.get("value", ""))
            fields.setdefault(name, []).append(value)
            if kind not in NOT_TYPED and not NOT_KEPT.search(name):
                texts.append(name)
                if kind == "hidden":
                    hidden.add(name)
                if kind == "date":
                    days.add(name)
    return Form(
        who=who,
        action=urljoin(address, str(form.get("action") or "")),
        method=str(form.get("method") or "get").upper(),
        texts=list(dict.fromkeys(texts)),
        files=files,
        fields=fields,
        choices=choices,
        hidden=frozenset(hidden),
        days=frozenset(days),
    )
