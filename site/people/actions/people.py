"""Changes of what is known of people: who they are, where they work, what they speak."""

from collections.abc import Mapping
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from core import access_log
from core.periods import local_day
from people.actions.roles import give_role
from people.actions.shared import log, must_manage
from people.models import Affiliation, LanguageSkill, Organisation, Person, Place, Role
from people.permissions import Standing


@transaction.atomic
def create_person(
    by: Standing, *, name: str, email: str, language: str, role: Role, at: datetime
) -> Person:
    """Enter a person together with the first role, which puts them in somebody's scope.

    ``role`` is not saved yet and names no person.

    Raises:
        ValidationError: If the name, the address or the role is not valid.
        PermissionDenied: If ``by`` may not give the role.
    """
    person = Person(name=name, email=email.lower(), language=language, created_at=at)
    person.full_clean()
    person.save()
    log(by, "create", person, at=at)
    give_role(person, role, by=by, at=at)
    return person


@transaction.atomic
def edit_person(
    person: Person, by: Standing, *, name: str, email: str, language: str, at: datetime
) -> None:
    """Change name, language and, while there is no account, the address.

    With an account the address is its owner's to change.

    Raises:
        PermissionDenied: If ``by`` may not manage the person.
    """
    must_manage(by, person)
    person.name, person.language = name, language
    if person.user_id is None:
        person.email = email.lower()
    person.full_clean()
    person.save(update_fields=["name", "email", "language"])
    log(by, "change", person, at=at)


@transaction.atomic
def edit_own_profile(
    person: Person,
    *,
    name: str,
    language: str,
    skills: Mapping[str, tuple[int, int]],
    at: datetime,
) -> None:
    """Change what a person says about themselves.

    ``skills`` gives (spoken, written) for each language; a language left out is removed.
    """
    person.name, person.language = name, language
    person.full_clean()
    person.save(update_fields=["name", "language"])
    _keep_languages(person, skills)
    access_log.record(person.user, "change", person, at=at)


@transaction.atomic
def add_affiliation(
    person: Person,
    by: Standing,
    *,
    organisation: Organisation,
    place: Place | None,
    profession: str,
    starts_on: date,
    at: datetime,
) -> Affiliation:
    """Note where ``person`` works from a day on.

    Raises:
        PermissionDenied: If ``by`` may not manage the person.
    """
    must_manage(by, person)
    affiliation = Affiliation(
        person=person,
        organisation=organisation,
        place=place,
        profession=profession,
        starts_on=starts_on,
    )
    affiliation.full_clean()
    affiliation.save()
    log(by, "change", person, at=at)
    return affiliation


@transaction.atomic
def end_affiliation(affiliation: Affiliation, by: Standing, *, at: datetime) -> None:
    """Note that ``affiliation`` no longer holds from today on.

    Raises:
        PermissionDenied: If ``by`` may not manage the person.
    """
    must_manage(by, affiliation.person)
    affiliation.ends_on = max(local_day(at), affiliation.starts_on)
    affiliation.save(update_fields=["ends_on"])
    log(by, "change", affiliation.person, at=at)


@transaction.atomic
def set_languages(
    person: Person, by: Standing, *, skills: Mapping[str, tuple[int, int]], at: datetime
) -> None:
    """Note how well ``person``, who has no account yet, speaks and writes each language.

    With an account it is theirs to say. A language left out is removed.

    Raises:
        PermissionDenied: If ``by`` may not manage the person, or the person has an account.
    """
    must_manage(by, person)
    if person.user_id is not None:
        raise PermissionDenied
    _keep_languages(person, skills)
    log(by, "change", person, at=at)


def _keep_languages(person: Person, skills: Mapping[str, tuple[int, int]]) -> None:
    person.languages.exclude(language__in=skills).delete()
    for code, (spoken, written) in skills.items():
        LanguageSkill.objects.update_or_create(
            person=person, language=code, defaults={"spoken": spoken, "written": written}
        )
