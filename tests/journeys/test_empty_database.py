"""From nothing but a database to a confirmed session, through the doors that people use."""

import re
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from bs4 import BeautifulSoup
from bs4.element import Tag
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from wagtail.models import Page
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from mentoring.models import Pairing, Session
from pages.models import CataloguePage, CoursePage, HomePage, LessonPage, ModulePage
from pages.rendering import bodies
from people.models import Person, User

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "en stille morgen i havnen"
OURS = "http://localhost:8000"


@pytest.fixture(autouse=True)
def _empty(transactional_db: None) -> Iterator[None]:
    """Without even the rows of migrations, which a flush after a browser test takes away too."""
    call_command("flush", interactive=False, verbosity=0)
    cache.clear()
    bodies.clear()
    yield
    bodies.clear()


class Visitor:
    """A browser without a screen: reads a form, fills it in, sends what the page would send."""

    def __init__(self) -> None:
        self.client = Client()

    def open(self, address: str) -> BeautifulSoup:
        """The page at ``address``, after redirects; it has to be there."""
        response = self.client.get(address, follow=True)
        assert response.status_code == 200, (address, response.status_code)
        self.address = response.request["PATH_INFO"]
        query = response.request["QUERY_STRING"]
        self.here = f"{self.address}?{query}" if query else self.address
        return BeautifulSoup(response.content, "html.parser")

    def send(
        self, address: str, form: str, button: str | None = None, **filled: Any
    ) -> BeautifulSoup:
        """Fill in the form that the selector ``form`` finds at ``address``, and press a button.

        The page that follows is answered; it must not be the form with errors.
        """
        page = self.open(address)
        found = page.select_one(form)
        assert found is not None, (address, form)
        data = values_of(found) | filled
        if button is not None:
            pressed = found.select_one(button)
            assert pressed is not None, (address, button)
            data[pressed["name"]] = pressed.get("value", "")
        response = self.client.post(found.get("action") or self.here, data, follow=True)
        answer = BeautifulSoup(response.content, "html.parser")
        errors = [one.get_text(" ", strip=True) for one in answer.select(".error-summary, .error")]
        assert response.status_code == 200, (address, response.status_code, errors)
        self.address = response.request["PATH_INFO"]
        return answer


def values_of(form: Tag) -> dict[str, Any]:
    """What the browser would send of ``form`` as it stands, without its buttons."""
    data: dict[str, Any] = {}
    for field in form.select("input[name], select[name], textarea[name]"):
        name = field["name"]
        if field.name == "select":
            chosen = field.select("option[selected]") or field.select("option")[:1]
            data[name] = chosen[0].get("value", chosen[0].get_text()) if chosen else ""
        elif field.name == "textarea":
            data[name] = field.get_text().removeprefix("\n")
        elif field.get("type") in {"submit", "button"}:
            continue
        elif field.get("type") in {"checkbox", "radio"}:
            if field.has_attr("checked"):
                data.setdefault(name, []).append(field.get("value", "on"))
        else:
            data[name] = field.get("value", "")
    return data


def accept_invitation(link: str) -> Visitor:
    """Follow the link of an invitation and choose a password."""
    visitor = Visitor()
    page = visitor.send(link.removeprefix(OURS), "main form", password1=PASSWORD)
    assert visitor.address == "/da/start/", page.get_text(" ", strip=True)
    return visitor


def invite(manager: Visitor, role: str, email: str, *, where: str) -> Visitor:
    """Enter a person with a role; the mail leads them to their account."""
    mail.outbox.clear()
    page = manager.open(reverse("people:new_person"))
    options = page.select("#id_where option")
    place = next(one["value"] for one in options if one.get_text(strip=True) == where)
    manager.send(
        reverse("people:new_person"),
        "main form",
        button='[name="invite"]',
        name=f"{role.capitalize()} Prøve",
        email=email,
        language="da",
        key=role,
        where=place,
    )
    [message] = mail.outbox
    assert message.to == [email]
    link = re.search(r"http\S+/invitation/\S+", message.body)
    assert link is not None
    return accept_invitation(link[0])


def add_page(editor: Visitor, parent: Page, kind: str, title: str, body: Any) -> Page:
    """Add a page below ``parent`` and submit it to review."""
    address = reverse("wagtailadmin_pages:add", args=["pages", kind, parent.pk])
    editor.send(
        address,
        "#page-edit-form",
        button='[name="action-submit"]',
        title=title,
        slug=title.lower().replace(" ", "-"),
        **nested_form_data({"body": streamfield(body)}),
    )
    return Page.objects.get(title=title, locale=parent.locale).specific


def approve(reviewer: Visitor, page: Page) -> None:
    """Approve what waits for review: that publishes it."""
    state = page.current_workflow_task_state
    assert state is not None, page
    address = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state.pk])
    response = reviewer.client.post(address, {"comment": "Godt."})
    assert response.status_code in {200, 302}
    page.refresh_from_db()
    assert page.live, page


def test_from_an_empty_database_to_a_confirmed_session():
    assert not User.objects.exists()
    call_command("prepare", "--skip-static", stdout=StringIO())

    # The command line makes the first account, and no other
    said = StringIO()
    call_command("create_administrator", "admin@example.org", "Administrator Prøve", stdout=said)
    administrator = accept_invitation(said.getvalue().strip())
    assert [user.email for user in User.objects.all()] == ["admin@example.org"]

    # Everybody else is invited by mail, from the top down
    coordinator = invite(
        administrator, "coordinator", "koordinator@example.org", where="Hele landet"
    )
    editor = invite(administrator, "editor", "redaktoer@example.org", where="Hele landet")
    reviewer = invite(administrator, "reviewer", "godkender@example.org", where="Hele landet")
    mentor = invite(coordinator, "mentor", "mentor@example.org", where="Upernavik")
    caseworker = invite(coordinator, "caseworker", "sagsbehandler@example.org", where="Upernavik")

    # The editor writes, the reviewer publishes
    home = HomePage.objects.get(locale__language_code="da")
    parent: Page = home
    for kind, title in [
        (CataloguePage, "Kurser"),
        (CoursePage, "Underretninger"),
        (ModulePage, "De første skridt"),
        (LessonPage, "Den første lektion"),
    ]:
        body = [("heading", "Begynd her"), ("text", rich_text("<p>Læs roligt.</p>"))]
        parent = add_page(editor, parent, kind._meta.model_name, title, body)
        assert isinstance(parent, kind)
        assert not parent.live
        approve(reviewer, parent)

    # Everybody reads it, the caseworker takes the course
    lesson = LessonPage.objects.get(locale=home.locale)
    assert "Læs roligt." in Visitor().open(lesson.url).get_text()
    course = CoursePage.objects.get(locale=home.locale)
    caseworker.send(course.url, 'main form[action$="/tilmeld/"]')
    caseworker.send(lesson.url, "[data-reached-end]")
    assert "1 af 1 lektioner" in caseworker.open(course.url).get_text(" ", strip=True)

    # The coordinator plans a pairing and opens it
    people = {person.email: person for person in Person.objects.all()}
    coordinator.send(
        reverse("mentoring:create-pairing") + "?by=upernavik",
        "form#pairing",
        mentors=[str(people["mentor@example.org"].pk)],
        caseworkers=[str(people["sagsbehandler@example.org"].pk)],
    )
    pairing = Pairing.objects.get()
    for state in (Pairing.State.READY, Pairing.State.ACTIVE):
        response = coordinator.client.post(
            reverse("mentoring:change-state", args=[pairing.pk]), {"to": state}
        )
        assert response.status_code == 302
    pairing.refresh_from_db()
    assert pairing.state == Pairing.State.ACTIVE

    # The mentor logs
    log = mentor.open(reverse("mentoring:log"))
    mentor.send(
        reverse("mentoring:log"),
        "form#session",
        topics=[log.select_one('[name="topics"]')["value"]],
        mode=log.select_one('[name="mode"]')["value"],
        went_well="Vi øvede på et opdigtet eksempel.",
    )
    assert "/kvittering/" in mentor.address
    session = Session.objects.get()
    assert session.is_open

    # The caseworker confirms from the start page, and the session is locked
    start = caseworker.open(reverse("start"))
    [button] = start.select(f'button[name="version"][value="{session.current_id}"]')
    form = button.find_parent("form")
    response = caseworker.client.post(form["action"], {"version": button["value"]}, follow=True)
    assert response.status_code == 200
    session.refresh_from_db()
    assert session.locked_at is not None
    assert [one.person.email for one in session.current.confirmations.all()] == [
        "sagsbehandler@example.org"
    ]


def test_preparing_again_changes_nothing():
    call_command("prepare", "--skip-static", stdout=StringIO())
    before = [(page.pk, page.title, page.latest_revision_id) for page in Page.objects.all()]
    call_command("prepare", "--skip-static", stdout=StringIO())

    assert [(page.pk, page.title, page.latest_revision_id) for page in Page.objects.all()] == before
