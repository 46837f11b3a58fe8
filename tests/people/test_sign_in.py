"""Signing in with a password: who gets in, what is told, for how long."""

import re
from http.cookies import Morsel

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.models import EditingSession

from people import actions
from people.middleware import LAST_USED
from people.models import Person, Place, User
from tests.factories.admin import make_user
from tests.factories.pages import make_home
from tests.factories.people import PASSWORD, make_person, make_role, sessions_of
from tests.people.conftest import COMMAND_LINE

LOGIN = "/da/konto/log-ind/"


def sign_in(client: Client, email: str, password: str = PASSWORD, **extra):
    return client.post(LOGIN, {"login": email, "password": password}, **extra)


def test_address_and_password_sign_in_whatever_the_capitals(client: Client, mentor: Person) -> None:
    response = sign_in(client, mentor.email.upper())

    assert response["Location"] == "/da/start/"
    assert client.session["_auth_user_id"] == str(mentor.user.pk)


def test_the_page_goes_on_in_the_persons_language(client: Client, mentor: Person) -> None:
    mentor.language = "kl"
    mentor.save()

    response = client.post(
        LOGIN, {"login": mentor.email, "password": PASSWORD, "next": "/da/personer/mig/"}
    )

    assert response["Location"] == "/kl/personer/mig/"
    assert response.cookies[settings.LANGUAGE_COOKIE_NAME].value == "kl"


def test_it_leads_to_no_other_host(client: Client, mentor: Person) -> None:
    response = client.post(
        LOGIN, {"login": mentor.email, "password": PASSWORD, "next": "https://evil.example/"}
    )

    assert response["Location"] == "/da/start/"


def errors(response) -> list[str]:
    return [str(error) for error in response.context["form"].non_field_errors()]


def test_known_and_unknown_addresses_get_the_same_answer(client: Client, mentor: Person) -> None:
    known = sign_in(client, mentor.email, "forkert adgangskode")
    unknown = sign_in(client, "nobody@example.org", "forkert adgangskode")

    def without_address_and_token(response) -> str:
        text = (
            response.content.decode().replace(mentor.email, "X").replace("nobody@example.org", "X")
        )
        return re.sub(r'csrfmiddlewaretoken" value="\w+"', "", text)

    assert known.status_code == unknown.status_code
    assert errors(known) == ["E-mailadressen eller adgangskoden er forkert."]
    assert without_address_and_token(known) == without_address_and_token(unknown)


def test_a_reset_is_answered_alike_and_mails_the_known_alone(
    client: Client, mentor: Person, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        answers = [
            client.post(reverse("account_reset_password"), {"email": email}, follow=True)
            for email in (mentor.email, "nobody@example.org")
        ]

    pages = [re.sub(r'csrfmiddlewaretoken" value="\w+"', "", a.content.decode()) for a in answers]
    assert pages[0] == pages[1]
    assert [message.to for message in mail.outbox] == [[mentor.email]]


def test_a_reset_link_chooses_a_new_password_once(
    client: Client, mentor: Person, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("account_reset_password"), {"email": mentor.email})
    link = re.search(r"http://localhost:8000(\S+)", mail.outbox[0].body)[1]
    page = client.get(link, follow=True)
    new = "en helt anden dag i juli"

    with django_capture_on_commit_callbacks(execute=True):
        client.post(page.request["PATH_INFO"], {"password1": new, "password2": new})

    assert sign_in(Client(), mentor.email).status_code == 200
    assert sign_in(Client(), mentor.email, new).status_code == 302
    assert "virker ikke længere" in Client().get(link, follow=True).content.decode()
    assert mail.outbox[-1].subject == "Din adgangskode er ændret"


def test_a_closed_account_does_not_get_in_and_is_out_at_once(
    client: Client, mentor: Person
) -> None:
    sign_in(client, mentor.email)
    before = sessions_of(mentor.user)

    actions.close_account(mentor, COMMAND_LINE, at=timezone.now())

    assert (before, sessions_of(mentor.user)) == (1, 0)
    assert client.get(reverse("people:me"))["Location"].startswith(LOGIN)
    assert sign_in(Client(), mentor.email)["Location"] == reverse("account_inactive")


def test_an_account_closed_behind_the_session_is_nobody(client: Client, mentor: Person) -> None:
    client.force_login(mentor.user)
    User.objects.update(is_active=False)

    assert client.get(reverse("people:me"))["Location"].startswith(LOGIN)


# --- How long -------------------------------------------------------------------------------------


def cookie(client: Client) -> "Morsel[str]":
    return client.cookies[settings.SESSION_COOKIE_NAME]


def test_on_ones_own_computer_the_session_lasts_thirty_days(client: Client, mentor: Person) -> None:
    sign_in(client, mentor.email)

    assert cookie(client)["max-age"] == 30 * 24 * 3600
    assert LAST_USED not in client.session


def test_on_a_shared_computer_the_cookie_goes_with_the_browser(
    client: Client, mentor: Person
) -> None:
    client.post(LOGIN, {"login": mentor.email, "password": PASSWORD, "shared": "on"})

    assert cookie(client)["max-age"] == ""
    assert LAST_USED in client.session


@pytest.mark.parametrize(("idle_minutes", "stays"), [(29, True), (30, False)])
def test_on_a_shared_computer_half_an_hour_without_a_request_signs_out(
    client: Client, mentor: Person, monkeypatch, idle_minutes: int, stays: bool
) -> None:
    import time

    client.post(LOGIN, {"login": mentor.email, "password": PASSWORD, "shared": "on"})
    start = time.time()

    monkeypatch.setattr("people.middleware.time.time", lambda: start + idle_minutes * 60)
    response = client.get(reverse("people:me"))

    assert (response.status_code == 200) == stays
    assert sessions_of(mentor.user) == int(stays)


def test_every_request_begins_the_half_hour_anew(
    client: Client, mentor: Person, monkeypatch
) -> None:
    import time

    client.post(LOGIN, {"login": mentor.email, "password": PASSWORD, "shared": "on"})
    start = time.time()

    for minutes in (20, 40, 60):
        monkeypatch.setattr("people.middleware.time.time", lambda m=minutes: start + m * 60)
        response = client.get(reverse("people:me"))

    assert response.status_code == 200


def test_an_editor_that_lies_open_is_no_use_of_the_computer(
    client: Client, base: None, monkeypatch
) -> None:
    import time

    page, editor = make_home(), make_user("editor")
    client.post(LOGIN, {"login": editor.email, "password": PASSWORD, "shared": "on"})
    start = time.time()
    editing = EditingSession.objects.create(
        user=editor, content_object=page, last_seen_at=timezone.now()
    )
    ping = reverse(
        "wagtailadmin_editing_sessions:ping", args=["wagtailcore", "page", page.pk, editing.pk]
    )

    answers = []
    for minutes in (10, 29, 31):
        monkeypatch.setattr("people.middleware.time.time", lambda m=minutes: start + m * 60)
        answer = client.post(ping, {"is_editing": "1"}, HTTP_X_REQUESTED_WITH="XMLHttpRequest")
        answers.append(answer.status_code)

    assert answers == [200, 200, 403]
    assert sessions_of(editor) == 0


# --- Guessing -------------------------------------------------------------------------------------


def test_guessing_is_stopped_per_account_whatever_the_header_says(
    client: Client, mentor: Person
) -> None:
    for number in range(10):
        sign_in(client, mentor.email, "forkert", HTTP_X_FORWARDED_FOR=f"198.51.100.{number}")

    response = sign_in(client, mentor.email, HTTP_X_FORWARDED_FOR="203.0.113.1")

    assert errors(response) == ["For mange forsøg. Vent ti minutter, eller vælg en ny adgangskode."]
    assert "_auth_user_id" not in client.session


def test_other_people_behind_the_same_address_still_get_in(client: Client, mentor: Person) -> None:
    for number in range(40):
        sign_in(client, f"guess{number % 4}@example.org", "forkert")

    assert sign_in(client, mentor.email).status_code == 302


def test_the_limit_is_counted_in_the_shared_cache(settings) -> None:
    from config.settings import base

    assert base.CACHES["default"]["BACKEND"].endswith("db.DatabaseCache")
    assert "ip" in base.ACCOUNT_RATE_LIMITS["login_failed"]


def test_two_processes_share_the_limit(client: Client, mentor: Person, settings) -> None:
    """A second process knows nothing but the cache table."""
    from django.core.cache import caches
    from django.core.management import call_command

    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "core_cache",
        }
    }
    call_command("createcachetable")
    for _number in range(10):
        if hasattr(caches._connections, "default"):
            del caches._connections.default  # as a fresh process has none
        sign_in(Client(), mentor.email, "forkert")

    assert sign_in(Client(), mentor.email).status_code == 200


@pytest.mark.parametrize(
    ("proxies", "header", "address"),
    [
        (0, "203.0.113.9", "127.0.0.1"),
        (1, "203.0.113.9, 198.51.100.7", "198.51.100.7"),
        (2, "203.0.113.9", "127.0.0.1"),
    ],
)
def test_a_forwarded_address_is_believed_as_far_as_proxies_wrote_it(
    rf, settings, proxies: int, header: str, address: str
) -> None:
    from people.sign_in import AccountAdapter

    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    request = rf.get("/", HTTP_X_FORWARDED_FOR=header)

    assert AccountAdapter(request).get_client_ip(request) == address


# --- Passwords ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("password", "accepted"),
    [
        ("syv tgn", False),
        ("otte teg", True),
        ("password", False),
        ("kun små bogstaver", True),
        ("æøå ĸiŋ 🐋 " * 12, True),
    ],
)
def test_a_password_is_long_enough_and_not_common_and_nothing_else(
    client: Client, mentor: Person, password: str, accepted: bool
) -> None:
    client.force_login(mentor.user)

    client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": password, "password2": password},
    )

    mentor.user.refresh_from_db()
    assert mentor.user.check_password(password) == accepted


# --- The address ----------------------------------------------------------------------------------


def ask_to_change(client: Client, email: str, capture) -> str:
    """The path of the link that is mailed to ``email``."""
    with capture(execute=True):
        answer = client.post(reverse("account_email"), {"email": email, "action_add": ""})
    assert answer["Location"] == reverse("account_email")
    assert mail.outbox[-1].to == [email]
    return re.search(r"http://localhost:8000(\S+)", mail.outbox[-1].body)[1]


def test_a_new_address_counts_once_it_is_proven(
    client: Client, mentor: Person, django_capture_on_commit_callbacks
) -> None:
    sign_in(client, mentor.email)
    old = mentor.email
    link = ask_to_change(client, "new@example.org", django_capture_on_commit_callbacks)
    mentor.refresh_from_db()
    before = mentor.email

    with django_capture_on_commit_callbacks(execute=True):
        client.post(link)

    mentor.refresh_from_db()
    assert mail.outbox[0].to == ["new@example.org"]
    assert (before, mentor.email, mentor.user.email) == (old, "new@example.org", "new@example.org")
    assert [message.to for message in mail.outbox[1:]] == [[old]]
    assert sign_in(Client(), "new@example.org").status_code == 302


def addresses(person: Person) -> tuple[str, str, list[str]]:
    """What person and account are reached by, and what the account has proven."""
    person = Person.objects.select_related("user").get(pk=person.pk)
    proven = EmailAddress.objects.filter(user=person.user, verified=True, primary=True)
    return person.email, person.user.email, [one.email for one in proven]


def test_an_address_of_somebody_without_an_account_is_refused_where_it_is_proven(
    client: Client, mentor: Person, town: Place, django_capture_on_commit_callbacks
) -> None:
    make_person(make_role("mentor", town), account=False, email="Planned@example.org")
    sign_in(client, mentor.email)
    before = addresses(mentor)

    link = ask_to_change(client, "planned@example.org", django_capture_on_commit_callbacks)
    page, answer = client.get(link), client.post(link)

    for told in (page, answer):
        assert "En anden bruger denne adresse." in told.content.decode()
        assert f'action="{link}"' not in told.content.decode()
    assert (page.status_code, answer.status_code) == (200, 409)
    assert addresses(mentor) == before
    assert sign_in(Client(), before[0]).status_code == 302


def test_an_address_that_is_taken_while_it_is_proven_changes_nothing(
    client: Client, mentor: Person, town: Place, monkeypatch, django_capture_on_commit_callbacks
) -> None:
    sign_in(client, mentor.email)
    link = ask_to_change(client, "planned@example.org", django_capture_on_commit_callbacks)
    before = addresses(mentor)
    make_person(make_role("mentor", town), account=False, email="planned@example.org")
    monkeypatch.setattr(actions, "may_take", lambda address: True)

    answer = client.post(link)

    assert answer.status_code == 409
    assert "En anden bruger denne adresse." in answer.content.decode()
    assert addresses(mentor) == before


def test_ones_own_sessions_are_listed_and_ended(client: Client, mentor: Person) -> None:
    sign_in(client, mentor.email)
    sign_in(Client(HTTP_USER_AGENT="Mozilla/5.0 (Windows) Firefox/140.0"), mentor.email)

    page = client.get(reverse("usersessions_list"))
    client.post(reverse("usersessions_list"))

    assert "Firefox på Windows" in page.content.decode()
    assert sessions_of(mentor.user) == 1
    assert client.get(reverse("people:me")).status_code == 200


# --- Costs ----------------------------------------------------------------------------------------


def test_knowing_who_asks_and_what_they_may_takes_two_queries(
    mentor: Person, client: Client, django_assert_num_queries
) -> None:
    from django.contrib.auth import get_user
    from django.contrib.sessions.backends.db import SessionStore

    client.force_login(mentor.user)

    class Request:
        session = SessionStore(client.session.session_key)

    with django_assert_num_queries(2):
        user = get_user(Request())
        assert user.person.name == "Mentor Demo"
        assert not user.second_factor_due
        assert user.standing.has("mentor")
        assert user.standing.places("mentor")


def test_every_address_of_allauth_that_we_do_not_use_is_not_there(client: Client, base) -> None:
    for path in ("signup/", "login/", "password/reset/", "3rdparty/", "social/login/error/"):
        assert client.get(f"/da/konto/{path}").status_code == 404
