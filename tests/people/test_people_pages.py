"""The pages of who looks after people: who opens them, what they show and what they do."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.models import AccessLog
from people import actions
from people.models import Invitation, LanguageSkill, Person, Place, Role
from people.permissions import TRAINING_ROLES
from tests.factories.people import make_person, make_role, open_account
from tests.people.conftest import COMMAND_LINE

FORMS_OF_ONE = ["people:person", "people:edit_person", "people:give_role", "people:add_affiliation"]
BUTTONS_OF_ONE = [
    "people:invite",
    "people:withdraw",
    "people:close_account",
    "people:reopen_account",
]


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person.user)
    return client


@pytest.fixture
def subject(town: Place) -> Person:
    """A mentor in the coordinator's scope who has no account yet."""
    return make_person(make_role("mentor", town), account=False, name="Ny Mentor Demo")


def urls_of(person: Person) -> dict[str, str]:
    names = FORMS_OF_ONE + BUTTONS_OF_ONE
    urls = {name: reverse(name, args=[person.pk]) for name in names}
    role = person.roles.get()
    urls["people:end_role"] = reverse("people:end_role", args=[person.pk, role.pk])
    return urls


# --- Who opens what -------------------------------------------------------------------------------


def test_anonymous_is_led_to_the_sign_in_and_back(client: Client, subject: Person) -> None:
    url = reverse("people:person", args=[subject.pk])

    assert client.get(url)["Location"] == f"/da/konto/log-ind/?next={url}"
    assert client.post(reverse("people:invite", args=[subject.pk]))["Location"] == (
        "/da/konto/log-ind/?next=/da/start/"
    )
    assert client.get(url, headers={"accept": "application/json"}).status_code == 401


@pytest.mark.parametrize("key", sorted(set(Role.Key.values) - {"coordinator", "administrator"}))
def test_other_roles_are_refused_everywhere(town: Place, subject: Person, key: str) -> None:
    client = signed_in(make_person(make_role(key)))

    shared = [reverse("people:people"), reverse("people:new_person")]
    assert {client.get(url).status_code for url in shared} == {403}
    for name, url in urls_of(subject).items():
        method = client.post if name in BUTTONS_OF_ONE else client.get
        assert method(url).status_code == 403, name
    assert not Invitation.objects.exists()


def test_a_role_that_has_ended_and_an_account_without_a_person_are_refused(town: Place) -> None:
    yesterday = timezone.now().date() - timedelta(days=1)
    former = make_person(make_role("coordinator", town.municipality, ends_on=yesterday))
    nobody = make_person()
    user = nobody.user
    Person.objects.filter(pk=nobody.pk).update(user=None)
    client = Client()
    client.force_login(user)

    assert signed_in(former).get(reverse("people:people")).status_code == 403
    assert client.get(reverse("people:me")).status_code == 403


def test_a_person_outside_the_scope_is_not_there(coordinator: Person, elsewhere: Place) -> None:
    away = make_person(make_role("mentor", elsewhere), account=False)
    client = signed_in(coordinator)

    for name, url in urls_of(away).items():
        method = client.post if name in BUTTONS_OF_ONE else client.get
        assert method(url).status_code == 404, name


def test_a_person_with_a_role_beyond_the_scope_is_seen_but_not_managed(
    coordinator: Person, subject: Person, elsewhere: Place
) -> None:
    foreign = make_role("mentor", elsewhere)
    foreign.person = subject
    foreign.save()
    client = signed_in(coordinator)

    page = client.get(reverse("people:person", args=[subject.pk]))
    edit = client.get(reverse("people:edit_person", args=[subject.pk]))
    end = client.get(reverse("people:end_role", args=[subject.pk, foreign.pk]))

    assert page.status_code == 200
    assert "Ret oplysninger" not in page.content.decode()
    assert (edit.status_code, end.status_code) == (403, 403)


def test_nobody_manages_oneself(administrator: Person) -> None:
    client = signed_in(administrator)

    assert client.get(reverse("people:give_role", args=[administrator.pk])).status_code == 403
    assert client.post(reverse("people:close_account", args=[administrator.pk])).status_code == 403


# --- The list -------------------------------------------------------------------------------------


def names(response) -> list[str]:
    return [person.name for person in response.context["page"]]


@pytest.mark.parametrize("count", [1, 20])
def test_the_list_takes_the_same_queries_for_one_and_many(
    administrator: Person, town: Place, django_assert_num_queries, count: int
) -> None:
    for number in range(count):
        person = make_person(make_role("mentor", town), account=number % 2 == 0)
        if number % 2:
            actions.invite(person, COMMAND_LINE, at=timezone.now())
    client = signed_in(administrator)
    client.get(reverse("people:people"))

    # session; user; roles; towns to choose from; how many; the page, its roles, its invitations;
    # the lines of the access log
    with django_assert_num_queries(9):
        response = client.get(reverse("people:people"))

    assert len(names(response)) == count + 1


@pytest.mark.parametrize("count", [1, 20])
def test_the_page_of_one_takes_the_same_queries_whatever_was_held(
    administrator: Person, town: Place, django_assert_num_queries, count: int
) -> None:
    person = make_person()
    for number in range(count):
        begins = timezone.now().date() - timedelta(days=40 * (number + 2))
        role = make_role("mentor", town, starts_on=begins, ends_on=begins + timedelta(days=30))
        role.person = person
        role.save()
        person.affiliations.create(
            organisation=town.municipality,
            place=town,
            profession="leader",
            starts_on=begins,
            ends_on=begins,
        )
    client = signed_in(administrator)

    # session; user; roles; the person, the log's line, roles, invitation, work, languages
    with django_assert_num_queries(9):
        client.get(reverse("people:person", args=[person.pk]))


def test_filters_stand_in_the_address(
    administrator: Person, mentor: Person, subject: Person, elsewhere: Place
) -> None:
    leader = make_person(make_role("leader", elsewhere), name="Leder Demo")
    actions.close_account(leader, COMMAND_LINE, at=timezone.now())
    actions.invite(subject, COMMAND_LINE, at=timezone.now())
    client = signed_in(administrator)

    def shown(query: str) -> set[str]:
        return set(names(client.get(reverse("people:people") + query)))

    assert shown("?role=mentor") == {"Mentor Demo", "Ny Mentor Demo"}
    assert shown("?town=sisimiut") == {"Leder Demo"}
    assert shown("?state=closed") == {"Leder Demo"}
    assert shown("?state=invited") == {"Ny Mentor Demo"}
    assert shown("?state=active") == {"Administrator Demo", "Mentor Demo"}
    assert shown("?state=none") == set()
    assert shown("?role=nonsense&town=nonsense") == shown("")


def test_a_search_is_posted_and_keeps_the_filters(
    administrator: Person, mentor: Person, subject: Person
) -> None:
    client = signed_in(administrator)

    found = client.post(reverse("people:people") + "?role=mentor", {"q": "ny mentor"})
    by_address = client.post(reverse("people:people"), {"q": mentor.email})

    assert names(found) == ["Ny Mentor Demo"]
    assert names(by_address) == ["Mentor Demo"]


def test_a_search_for_a_cpr_number_is_refused_and_finds_nobody(
    administrator: Person, mentor: Person
) -> None:
    response = signed_in(administrator).post(reverse("people:people"), {"q": "010170" + "-1234"})

    assert response.status_code == 422
    assert names(response) == []


def test_pages_of_a_long_list_keep_the_filter(administrator: Person, town: Place) -> None:
    for _number in range(26):
        make_person(make_role("mentor", town), account=False)
    client = signed_in(administrator)

    first = client.get(reverse("people:people") + "?role=mentor")
    second = client.get(reverse("people:people") + "?role=mentor&page=2")

    assert (len(names(first)), len(names(second))) == (25, 1)
    assert "?role=mentor&amp;page=2" in first.content.decode()


# --- One person -----------------------------------------------------------------------------------


def test_looking_at_a_person_is_logged_without_text(coordinator: Person, subject: Person) -> None:
    signed_in(coordinator).get(reverse("people:person", args=[subject.pk]))

    [line] = AccessLog.objects.filter(action="view")
    assert (line.actor, line.kind, line.record_id) == (
        coordinator.user,
        "people.person",
        str(subject.pk),
    )
    assert subject.name not in str(AccessLog.objects.values_list())


def test_the_list_leaves_a_line_for_everybody_it_shows(
    coordinator: Person, subject: Person
) -> None:
    shown = signed_in(coordinator).get(reverse("people:people")).context["page"]

    lines = AccessLog.objects.filter(action="list", actor=coordinator.user)
    assert set(lines.values_list("record_id", flat=True)) == {str(one.pk) for one in shown}
    assert str(subject.pk) in {line.record_id for line in lines}


def test_a_refused_look_at_a_person_leaves_no_line(mentor: Person, subject: Person) -> None:
    signed_in(mentor).get(reverse("people:person", args=[subject.pk]))

    assert not AccessLog.objects.filter(action__in=["view", "list"]).exists()


def new_person(**changes: str) -> dict[str, str]:
    return {
        "name": "Sagsbehandler Demo 9",
        "email": "ni@example.org",
        "language": "da",
        "key": "caseworker",
        "starts_on": "2026-01-01",
        "last_day": "",
    } | changes


def test_a_person_is_entered_with_a_role_and_invited(
    coordinator: Person, town: Place, django_capture_on_commit_callbacks
) -> None:
    client = signed_in(coordinator)

    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(
            reverse("people:new_person"), new_person(where=f"town:{town.pk}", invite="1")
        )

    person = Person.objects.get(email="ni@example.org")
    assert response["Location"] == reverse("people:person", args=[person.pk])
    assert [(role.key, role.place) for role in person.roles.all()] == [("caseworker", town)]
    assert [message.to for message in mail.outbox] == [["ni@example.org"]]


def test_the_form_offers_what_may_be_given(
    coordinator: Person, administrator: Person, town: Place, elsewhere: Place
) -> None:
    def offered(person: Person) -> tuple[set[str], str]:
        form = signed_in(person).get(reverse("people:new_person")).context["role_form"]
        keys = {key for key, _label in form.fields["key"].choices if key}
        return keys, str(form["where"])

    local_keys, local_places = offered(coordinator)
    all_keys, all_places = offered(administrator)

    assert local_keys == set(TRAINING_ROLES)
    assert all_keys == set(Role.Key.values)
    assert "Upernavik" in local_places
    assert "Sisimiut" not in local_places
    assert "Sisimiut" in all_places


@pytest.mark.parametrize(
    "forged",
    [{"where": "country"}, {"key": "administrator"}, {"where": "town:elsewhere"}],
)
def test_what_the_form_does_not_offer_it_does_not_take(
    coordinator: Person, town: Place, elsewhere: Place, forged: dict[str, str]
) -> None:
    forged = {key: value.replace("elsewhere", str(elsewhere.pk)) for key, value in forged.items()}
    data = new_person(**({"where": f"town:{town.pk}"} | forged))

    response = signed_in(coordinator).post(reverse("people:new_person"), data)

    assert response.status_code == 422
    assert not Person.objects.filter(email="ni@example.org").exists()


def test_an_address_that_somebody_has_is_told_at_the_field(
    coordinator: Person, mentor: Person, town: Place
) -> None:
    data = new_person(email=mentor.email.upper(), where=f"town:{town.pk}")

    response = signed_in(coordinator).post(reverse("people:new_person"), data)

    assert response.status_code == 422
    assert "En anden person har denne e-mailadresse." in response.content.decode()
    assert Person.objects.filter(email__iexact=mentor.email).count() == 1


def test_a_role_is_given_until_and_including_its_last_day(
    coordinator: Person, subject: Person, town: Place
) -> None:
    data = {
        "key": "travelling",
        "where": f"municipality:{town.municipality_id}",
        "starts_on": "2027-02-01",
        "last_day": "2027-05-31",
    }

    signed_in(coordinator).post(reverse("people:give_role", args=[subject.pk]), data)

    role = subject.roles.get(key="travelling")
    assert (str(role.starts_on), str(role.ends_on)) == ("2027-02-01", "2027-06-01")
    assert role.municipality == town.municipality


def test_a_refused_role_keeps_what_was_entered(
    coordinator: Person, subject: Person, town: Place
) -> None:
    data = {
        "key": "mentor",
        "where": f"town:{town.pk}",
        "starts_on": "2026-01-01",
        "last_day": "2026-12-31",
    }

    response = signed_in(coordinator).post(reverse("people:give_role", args=[subject.pk]), data)

    page = response.content.decode()
    assert response.status_code == 422
    assert "Personen har allerede rollen i den tid." in page
    assert 'value="2026-12-31"' in page


def test_a_role_ends_now_or_on_a_day(coordinator: Person, subject: Person) -> None:
    client = signed_in(coordinator)
    role = subject.roles.get()
    url = reverse("people:end_role", args=[subject.pk, role.pk])

    client.post(url, {"last_day": "2099-12-31"})
    role.refresh_from_db()
    later = str(role.ends_on)
    client.post(url, {"now": "1"})
    role.refresh_from_db()

    assert later == "2100-01-01"
    assert not role.is_valid_on(timezone.localdate())


def test_invitation_again_withdraw_close_and_reopen(coordinator: Person, subject: Person) -> None:
    client = signed_in(coordinator)

    def press(name: str) -> str:
        page = client.post(reverse(name, args=[subject.pk]), follow=True)
        return " ".join(str(message) for message in page.context["messages"])

    told = [press("people:invite"), press("people:invite"), press("people:withdraw")]
    sending = subject.invitations.get().sending
    nothing = press("people:withdraw")
    open_account(subject)
    told += [press("people:close_account"), press("people:reopen_account")]

    assert sending == 2
    assert nothing == "Invitationen er ikke længere åben."
    assert told[2:] == [
        "Invitationen er trukket tilbage. Linket virker ikke længere.",
        "Kontoen er lukket. Du kan åbne den igen.",
        "Kontoen er åben igen.",
    ]


def test_nothing_changes_on_get(coordinator: Person, subject: Person) -> None:
    client = signed_in(coordinator)

    answers = {
        name: client.get(reverse(name, args=[subject.pk])).status_code for name in BUTTONS_OF_ONE
    }

    assert answers == {
        "people:invite": 405,
        "people:withdraw": 405,
        "people:close_account": 200,
        "people:reopen_account": 405,
    }
    assert not Invitation.objects.exists()


def test_a_workplace_is_added_and_ended(coordinator: Person, subject: Person, town: Place) -> None:
    client = signed_in(coordinator)
    client.post(
        reverse("people:add_affiliation", args=[subject.pk]),
        {
            "organisation": town.municipality_id,
            "place": town.pk,
            "profession": "social_worker",
            "starts_on": "2026-01-01",
        },
    )
    affiliation = subject.affiliations.get()

    client.post(reverse("people:end_affiliation", args=[subject.pk, affiliation.pk]))

    affiliation.refresh_from_db()
    assert affiliation.ends_on == timezone.localdate()


# --- Oneself --------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", Role.Key.values)
def test_everybody_has_a_profile(base: None, key: str) -> None:
    client = signed_in(make_person(make_role(key)))

    assert client.get(reverse("people:me")).status_code == 200


def test_a_profile_keeps_name_language_and_levels(mentor: Person) -> None:
    client = signed_in(mentor)
    LanguageSkill.objects.create(person=mentor, language="en", spoken=1, written=1)

    client.post(
        reverse("people:me"),
        {"name": "Mentor Demo 7", "language": "kl", "spoken_kl-west": "2", "written_da": "3"},
    )

    mentor.refresh_from_db()
    levels = set(mentor.languages.values_list("language", "spoken", "written"))
    assert (mentor.name, mentor.language) == ("Mentor Demo 7", "kl")
    assert levels == {("kl-west", 2, 0), ("da", 0, 3)}


def test_a_refused_name_is_not_saved_and_does_not_show_in_the_header(mentor: Person) -> None:
    response = signed_in(mentor).post(
        reverse("people:me"), {"name": "Demo 010170" + "-1234", "language": "da"}
    )

    mentor.refresh_from_db()
    assert response.status_code == 422
    assert mentor.name == "Mentor Demo"
    assert response.content.decode().count("010170") == 1  # in its field, nowhere else


# --- Hostile text ---------------------------------------------------------------------------------

HOSTILE = [
    "\x00\x01\x1b[31m",
    "\u202eomvendt\u202c",
    "👩🏽‍⚕️" * 40,
    "x" * 1_000_000,
    "\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
    "<script>alert(1)</script>",
    "=HYPERLINK(1)",
    "\"'`;--",
    "%s %(name)s {name} {% now %}",
    "",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_text_breaks_a_form(administrator: Person, subject: Person, text: str) -> None:
    client = signed_in(administrator)
    forms = {
        reverse("people:people"): ["q"],
        reverse("people:new_person"): ["name", "email", "language", "key", "where", "starts_on"],
        reverse("people:me"): ["name", "language", "spoken_da"],
        reverse("people:edit_person", args=[subject.pk]): ["name", "email", "language"],
        reverse("people:give_role", args=[subject.pk]): ["key", "where", "starts_on", "last_day"],
        urls_of(subject)["people:end_role"]: ["last_day"],
        reverse("people:add_affiliation", args=[subject.pk]): ["organisation", "place"],
        reverse("account_email"): ["email", "action_add"],
        reverse("account_change_password"): ["oldpassword", "password1", "password2"],
    }

    for url, fields in forms.items():
        assert client.post(url, dict.fromkeys(fields, text)).status_code < 500, url
    for name in ("role", "town", "state", "sort", "page"):
        assert client.get(reverse("people:people"), {name: text[:2000]}).status_code < 500
    anonymous = Client()
    for url, fields in {
        "/da/konto/log-ind/": ["login", "password", "shared", "credential", "next"],
        reverse("account_reset_password"): ["email"],
        reverse("account_signup"): ["email", "password1"],
    }.items():
        assert anonymous.post(url, dict.fromkeys(fields, text)).status_code < 500, url


def test_a_name_comes_back_as_it_was_written(administrator: Person, subject: Person) -> None:
    name = "ĸaaĸ Å <b>& 'Demo'"
    client = signed_in(administrator)

    client.post(
        reverse("people:edit_person", args=[subject.pk]),
        {"name": name, "email": subject.email, "language": "da"},
    )

    subject.refresh_from_db()
    assert subject.name == name
    page = client.get(reverse("people:person", args=[subject.pk])).content.decode()
    assert "<b>&" not in page


def test_a_role_for_the_whole_municipality_is_found_in_each_of_its_towns(
    administrator: Person, coordinator: Person, mentor: Person, town: Place, elsewhere: Place
) -> None:
    client = signed_in(administrator)

    here = names(client.get(reverse("people:people") + f"?town={town.key}"))
    there = names(client.get(reverse("people:people") + f"?town={elsewhere.key}"))

    assert here == ["Koordinator Demo", "Mentor Demo"]
    assert there == []
