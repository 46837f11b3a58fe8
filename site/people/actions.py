"""Everything that changes people, their roles and their accounts.

Each action takes the standing of whoever acts (``by``) and the moment (``at``), judges whether
that is allowed, and leaves a line in the access log.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import partial
from itertools import count

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from core import access_log
from core.periods import local_day
from people import groups, register, tasks
from people.invitations import LIFETIME
from people.models import (
    Affiliation,
    Invitation,
    LanguageSkill,
    Organisation,
    Person,
    Place,
    Role,
    User,
)
from people.permissions import Standing


class PeopleRefused(ValidationError):
    """What was asked is not possible as things stand; nothing was saved."""


def command_line(at: datetime) -> Standing:
    """The standing of whoever types commands on the server."""
    return Standing(person=None, day=local_day(at), is_superuser=True)


# --- People -------------------------------------------------------------------------------------


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
    _log(by, "create", person, at=at)
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
    _must_manage(by, person)
    person.name, person.language = name, language
    if person.user_id is None:
        person.email = email.lower()
    person.full_clean()
    person.save(update_fields=["name", "email", "language"])
    _log(by, "change", person, at=at)


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
    _must_manage(by, person)
    affiliation = Affiliation(
        person=person,
        organisation=organisation,
        place=place,
        profession=profession,
        starts_on=starts_on,
    )
    affiliation.full_clean()
    affiliation.save()
    _log(by, "change", person, at=at)
    return affiliation


@transaction.atomic
def end_affiliation(affiliation: Affiliation, by: Standing, *, at: datetime) -> None:
    """Note that ``affiliation`` no longer holds from today on.

    Raises:
        PermissionDenied: If ``by`` may not manage the person.
    """
    _must_manage(by, affiliation.person)
    affiliation.ends_on = max(local_day(at), affiliation.starts_on)
    affiliation.save(update_fields=["ends_on"])
    _log(by, "change", affiliation.person, at=at)


@transaction.atomic
def set_languages(
    person: Person, by: Standing, *, skills: Mapping[str, tuple[int, int]], at: datetime
) -> None:
    """Note how well ``person``, who has no account yet, speaks and writes each language.

    With an account it is theirs to say. A language left out is removed.

    Raises:
        PermissionDenied: If ``by`` may not manage the person, or the person has an account.
    """
    _must_manage(by, person)
    if person.user_id is not None:
        raise PermissionDenied
    _keep_languages(person, skills)
    _log(by, "change", person, at=at)


def _keep_languages(person: Person, skills: Mapping[str, tuple[int, int]]) -> None:
    person.languages.exclude(language__in=skills).delete()
    for code, (spoken, written) in skills.items():
        LanguageSkill.objects.update_or_create(
            person=person, language=code, defaults={"spoken": spoken, "written": written}
        )


# --- Organisations ------------------------------------------------------------------------------


@transaction.atomic
def create_organisation(
    by: Standing, *, kind: str, name: str, starts_on: date, at: datetime
) -> Organisation:
    """Enter an organisation that people come from or work at.

    Raises:
        PermissionDenied: If ``by`` does not look after organisations.
        PeopleRefused: With code "taken" if one of that name exists on the first day.
    """
    if not by.manages_organisations:
        raise PermissionDenied
    organisation = Organisation(key=_free_key(name), kind=kind, name=name, starts_on=starts_on)
    _refuse_taken_name(organisation)
    organisation.full_clean()
    organisation.save()
    _log(by, "create", organisation, at=at)
    return organisation


@transaction.atomic
def edit_organisation(
    organisation: Organisation,
    by: Standing,
    *,
    kind: str,
    name: str,
    starts_on: date,
    ends_on: date | None,
    successors: Iterable[Organisation],
    at: datetime,
) -> None:
    """Correct an organisation, or note that it ended and what came after it.

    A new name is a new organisation: what was written then still says the name of then.

    Raises:
        PermissionDenied: If ``by`` does not look after organisations.
        PeopleRefused: With code "file" for one that comes with the release, "taken" if
            another of that name exists in the period, "successor" if it would follow itself,
            or has a successor and no end.
    """
    if not by.manages_organisations:
        raise PermissionDenied
    if organisation.key in register.organisation_keys():
        raise PeopleRefused(_("This one comes with the product and follows it."), code="file")
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    successors = list(successors)
    if organisation in successors:
        raise PeopleRefused(_("An organisation cannot come after itself."), code="successor")
    if successors and ends_on is None:
        raise PeopleRefused(
            _("Write the last day, when another organisation comes after it."), code="successor"
        )
    organisation.kind, organisation.name = kind, name
    organisation.starts_on, organisation.ends_on = starts_on, ends_on
    _refuse_taken_name(organisation)
    organisation.full_clean()
    organisation.save()
    organisation.successors.set(successors)
    _log(by, "change", organisation, at=at)


def _free_key(name: str) -> str:
    base = slugify(name)[:40] or "organisation"
    taken = set(Organisation.objects.filter(key__startswith=base).values_list("key", flat=True))
    numbered = (f"{base}-{number}" for number in count(2))
    return base if base not in taken else next(key for key in numbered if key not in taken)


def _refuse_taken_name(organisation: Organisation) -> None:
    others = Organisation.objects.exclude(pk=organisation.pk).filter(
        Q(ends_on=None) | Q(ends_on__gt=organisation.starts_on), name__iexact=organisation.name
    )
    if organisation.ends_on is not None:
        others = others.filter(starts_on__lt=organisation.ends_on)
    if others.exists():
        raise PeopleRefused(_("There is an organisation of that name."), code="taken")


# --- Roles --------------------------------------------------------------------------------------


@transaction.atomic
def give_role(person: Person, role: Role, *, by: Standing, at: datetime) -> Role:
    """Give ``person`` the not yet saved ``role``, and its Wagtail group if it has begun.

    Raises:
        PermissionDenied: If the role or its scope is wider than that of ``by``, or the person
            is oneself.
        PeopleRefused: With code "held" if the person holds the same role for the same place in
            a period that overlaps.
        ValidationError: If the role is not valid in itself.
    """
    if not by.may_give_like(role) or (by.person is not None and by.person == person):
        raise PermissionDenied
    Person.objects.select_for_update().get(pk=person.pk)
    role.person, role.given_by, role.given_at = person, by.person, at
    role.full_clean()
    same = person.roles.filter(
        key=role.key, scope=role.scope, municipality=role.municipality, place=role.place
    ).filter(Q(ends_on=None) | Q(ends_on__gt=role.starts_on))
    if role.ends_on is not None:
        same = same.filter(starts_on__lt=role.ends_on)
    if same.exists():
        raise PeopleRefused(_("The person already holds this role in that time."), code="held")
    role.save()
    _sync_groups_of(person, at=at)
    _log(by, "give_role", [person, role], at=at)
    return role


@transaction.atomic
def end_role(role: Role, by: Standing, *, ends_on: date | None, at: datetime) -> None:
    """Let ``role`` end before the day ``ends_on``, or go on without an end.

    Ending today takes the Wagtail group away at once. What has ended stays as it was.

    Raises:
        PermissionDenied: If ``by`` may not give such a role.
        PeopleRefused: With code "over" if it has ended already, "past" for a day before today,
            "last" if nobody would be left to look after accounts.
    """
    if not by.may_give_like(role):
        raise PermissionDenied
    today = local_day(at)
    role = Role.objects.select_for_update().get(pk=role.pk)
    if role.ends_on is not None and role.ends_on <= today:
        raise PeopleRefused(_("The role has already ended."), code="over")
    if ends_on is not None and ends_on < today:
        raise PeopleRefused(_("Choose a day that is not over."), code="past")
    if ends_on is not None and role.key == Role.Key.ADMINISTRATOR:
        _refuse_if_last_administrator(role.person, today)
    role.ends_on = None if ends_on is None else max(ends_on, role.starts_on)
    role.full_clean()
    role.save(update_fields=["ends_on"])
    _sync_groups_of(role.person, at=at)
    _log(by, "end_role", [role.person, role], at=at)


def sync_groups(*, at: datetime) -> int:
    """Bring every account's Wagtail groups in step with the roles that hold at ``at``.

    Returns:
        How many memberships were added or removed.
    """
    return _sync(User.objects.all(), at=at)


def _sync_groups_of(person: Person, *, at: datetime) -> None:
    if person.user_id is not None:
        _sync(User.objects.filter(pk=person.user_id), at=at)


def _sync(users: "Iterable[User]", *, at: datetime) -> int:
    by_key = groups.ensure()
    through = User.groups.through
    held = Role.objects.valid_on(local_day(at)).filter(
        key__in=groups.NAMES, person__user__in=users, person__user__is_active=True
    )
    wanted = {(user_id, by_key[key].pk) for user_id, key in held.values_list("person__user", "key")}
    rows = through.objects.filter(user__in=users, group__in=by_key.values())
    present = set(rows.values_list("user_id", "group_id"))
    for user_id, group_id in present - wanted:
        rows.filter(user_id=user_id, group_id=group_id).delete()
    through.objects.bulk_create(
        [through(user_id=user_id, group_id=group_id) for user_id, group_id in wanted - present],
        ignore_conflicts=True,
    )
    return len(wanted ^ present)


# --- Invitations --------------------------------------------------------------------------------


@transaction.atomic
def invite(person: Person, by: Standing, *, at: datetime) -> Invitation:
    """Ask ``person`` by e-mail to make an account, or ask again.

    Asking again makes the earlier link worthless. The mail leaves after the commit.

    Raises:
        PermissionDenied: If ``by`` may not manage the person.
        PeopleRefused: With code "account" if there is an account already, for the person or
            for the address; "address" if there is no address.
    """
    _must_manage(by, person)
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.user_id is not None:
        raise PeopleRefused(_("The person already has an account."), code="account")
    if not person.email:
        raise PeopleRefused(_("Enter an e-mail address first."), code="address")
    taken = Q(email__iexact=person.email) | Q(
        emailaddress__email__iexact=person.email, emailaddress__verified=True
    )
    if User.objects.filter(taken).exists():
        raise PeopleRefused(_("Somebody has an account with this address."), code="account")
    invitation = person.invitations.waiting().first()
    if invitation is None:
        invitation = Invitation(person=person, created_at=at)
    else:
        invitation.sending += 1
    invitation.email = person.email
    invitation.sent_by = by.person
    invitation.sent_at, invitation.expires_at = at, at + LIFETIME
    invitation.asked_again_at = None
    invitation.save()
    _log(by, "invite", person, at=at)
    transaction.on_commit(
        partial(tasks.send_invitation.enqueue, str(invitation.pk), invitation.sending)
    )
    return invitation


@transaction.atomic
def withdraw_invitation(invitation: Invitation, by: Standing, *, at: datetime) -> None:
    """Make the link worthless; the person may be invited anew.

    Raises:
        PermissionDenied: If ``by`` may not manage the person.
        PeopleRefused: With code "over" if it was accepted or withdrawn meanwhile.
    """
    _must_manage(by, invitation.person)
    changed = Invitation.objects.waiting().filter(pk=invitation.pk).update(withdrawn_at=at)
    if not changed:
        raise PeopleRefused(_("The invitation is no longer open."), code="over")
    _log(by, "withdraw_invitation", invitation.person, at=at)


@transaction.atomic
def ask_again(invitation: Invitation, *, at: datetime) -> bool:
    """Tell whoever sent the expired ``invitation`` that a new one is wanted; once.

    Returns:
        Whether this call told them.
    """
    told = (
        Invitation.objects.waiting()
        .filter(pk=invitation.pk, expires_at__lte=at, asked_again_at=None)
        .update(asked_again_at=at)
    )
    if told and invitation.sent_by is not None and invitation.sent_by.email:
        transaction.on_commit(
            partial(tasks.send_asked_again.enqueue, str(invitation.pk), invitation.sending)
        )
    return bool(told)


@transaction.atomic
def accept_invitation(
    invitation: Invitation, open_account: Callable[[], User], *, at: datetime
) -> User:
    """Make the account with ``open_account`` and give it to the invited person, or neither.

    Locks the invitation first: of many at once, one is served.

    Raises:
        PeopleRefused: With code "over" unless the invitation is open at ``at`` and is still
            the sending whose link was followed.
    """
    locked = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("person")
        .get(pk=invitation.pk)
    )
    if (
        locked.state(at=at) != Invitation.State.OPEN
        or locked.sending != invitation.sending
        or locked.person.user_id is not None
    ):
        raise PeopleRefused(_("The invitation is no longer open."), code="over")
    user = open_account()
    person = locked.person
    person.user, person.email = user, user.email
    person.save(update_fields=["user", "email"])
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
    locked.accepted_at = at
    locked.save(update_fields=["accepted_at"])
    _sync_groups_of(person, at=at)
    access_log.record(user, "accept_invitation", person, at=at)
    return user


# --- Accounts -----------------------------------------------------------------------------------


@transaction.atomic
def open_account(person: Person, password: str, *, at: datetime) -> User:
    """Give ``person`` an account with a proven address, without an invitation.

    For the command line and for demo content: whoever calls this vouches for the address.

    Raises:
        PeopleRefused: With code "account" if there is one, "address" without an address.
    """
    if person.user_id is not None:
        raise PeopleRefused(_("The person already has an account."), code="account")
    if not person.email:
        raise PeopleRefused(_("Enter an e-mail address first."), code="address")
    user = User.objects.create_user(person.email, password, joined_at=at)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    person.user = user
    person.save(update_fields=["user"])
    person.invitations.waiting().update(withdrawn_at=at)
    _sync_groups_of(person, at=at)
    access_log.record(None, "open_account", person, at=at)
    return user


@transaction.atomic
def close_account(person: Person, by: Standing, *, at: datetime) -> None:
    """Close the account: signed out everywhere at once; records and roles stay.

    Raises:
        PermissionDenied: If ``by`` may not manage the person.
        PeopleRefused: With code "account" without an open account, "last" if nobody would be
            left to look after accounts.
    """
    _must_manage(by, person)
    user = person.user
    if user is None or not user.is_active:
        raise PeopleRefused(_("There is no open account."), code="account")
    if person.roles.valid_on(local_day(at)).filter(key=Role.Key.ADMINISTRATOR).exists():
        _refuse_if_last_administrator(person, local_day(at))
    user.is_active = False
    user.save(update_fields=["is_active"])
    _end_sessions(user)
    _sync_groups_of(person, at=at)
    _log(by, "close_account", person, at=at)


@transaction.atomic
def reopen_account(person: Person, by: Standing, *, at: datetime) -> None:
    """Open a closed account again, with the roles that still hold.

    Raises:
        PermissionDenied: If ``by`` may not manage the person.
        PeopleRefused: With code "account" without a closed account.
    """
    _must_manage(by, person)
    user = person.user
    if user is None or user.is_active:
        raise PeopleRefused(_("There is no closed account."), code="account")
    user.is_active = True
    user.save(update_fields=["is_active"])
    _sync_groups_of(person, at=at)
    _log(by, "reopen_account", person, at=at)


@transaction.atomic
def reset_second_factor(user: User, *, at: datetime) -> None:
    """Remove every second step of an account and sign it out; its owner is told by mail.

    For the command line alone: on a page it would let one person become another.
    """
    Authenticator.objects.filter(user=user).delete()
    _end_sessions(user)
    person = getattr(user, "person", None)
    if person is not None:
        access_log.record(None, "reset_second_factor", person, at=at)
    transaction.on_commit(partial(tasks.send_second_factor_reset.enqueue, user.pk, at.isoformat()))


def _end_sessions(user: User) -> None:
    for session in UserSession.objects.filter(user=user):
        session.end()


def follow_address(user: User, *, at: datetime) -> None:
    """Let the person's address follow the account's, which its owner has changed and proven."""
    person = getattr(user, "person", None)
    if person is not None and person.email != user.email:
        person.email = user.email
        person.save(update_fields=["email"])
        access_log.record(user, "change_address", person, at=at)


def forget_dead_sessions() -> None:
    """Remove sessions that have expired, and what allauth lists of sessions that are gone."""
    SessionStore.clear_expired()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()


# --- Shared -------------------------------------------------------------------------------------


def _must_manage(by: Standing, person: Person) -> None:
    today = by.day
    current = person.roles.filter(Q(ends_on=None) | Q(ends_on__gt=today)).select_related(
        "municipality", "place"
    )
    if not by.may_manage(person, current):
        raise PermissionDenied


def _refuse_if_last_administrator(person: Person, day: date) -> None:
    administrators = Role.objects.select_for_update(of=("self",)).filter(
        key=Role.Key.ADMINISTRATOR, ends_on=None, person__user__is_active=True
    )
    if all(role.person_id == person.pk for role in administrators.valid_on(day)):
        raise PeopleRefused(
            _("Give somebody else the role first: nobody would be left to look after accounts."),
            code="last",
        )


def _log(by: Standing, action: str, records: object, *, at: datetime) -> None:
    actor = by.person.user if by.person is not None else None
    access_log.record(actor, action, records, at=at)  # type: ignore[arg-type]  # one or several
