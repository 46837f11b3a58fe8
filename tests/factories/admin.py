"""Browsers in which somebody has signed in who may enter Wagtail's admin."""

from typing import Any

from bs4 import BeautifulSoup
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from core.seen_versions import version_of
from pages import setup
from people.actions import sync_groups
from people.models import User
from tests.factories.people import make_person, make_role


def make_user(key: str) -> User:
    """An account with the role ``key`` in the whole country, in its group."""
    setup.grant_permissions()
    person = make_person(make_role(key), name=f"{key.title()} Demo")
    sync_groups(at=timezone.now())
    assert person.user is not None
    return User.objects.get(pk=person.user.pk)


def admin_browser(key: str) -> Client:
    """A browser in which somebody with the role ``key`` has signed in."""
    client = Client()
    client.force_login(make_user(key))
    return client


def sent_by(response: Any, form: str = "#w-editor-form") -> dict[str, list[str]]:
    """What the browser sends of the form in ``response`` if nobody touches it."""
    page = BeautifulSoup(response.content, "html.parser")
    sent: dict[str, list[str]] = {}
    for field in page.select(f"{form} [name]"):
        name = str(field["name"])
        values = sent.setdefault(name, [])
        if "__prefix__" in name or name.startswith("action-"):
            del sent[name]
        elif field.name == "select":
            values.extend(str(one.get("value", "")) for one in field.select("[selected]"))
        elif field.name == "textarea":
            values.append(field.get_text().removeprefix("\n"))
        elif field.get("type") not in {"checkbox", "radio"}:
            values.append(str(field.get("value", "")))
        elif field.has_attr("checked"):
            values.append(str(field.get("value", "on")))
    return sent


def seen_version(record: Model) -> str:
    """What the form of ``record`` says it has shown, for a test that writes the form by hand."""
    views = type(record).snippet_viewset  # Wagtail puts it there when it registers the model
    return version_of(views.get_edit_handler().get_form_class(), record)
