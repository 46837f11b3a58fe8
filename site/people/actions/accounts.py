"""Accounts: opened, closed, signed out, cleared away."""

from datetime import datetime
from functools import partial

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core import access_log
from core.periods import local_day
from people import tasks
from people.actions.roles import sync_groups_of
from people.actions.shared import PeopleRefused, log, must_manage, refuse_if_last_administrator
from people.models import Person, Role, User
from people.permissions import Standing


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
    sync_groups_of(person, at=at)
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
    must_manage(by, person)
    user = person.user
    if user is None or not user.is_active:
        raise PeopleRefused(_("There is no open account."), code="account")
    if person.roles.valid_on(local_day(at)).filter(key=Role.Key.ADMINISTRATOR).exists():
        refuse_if_last_administrator(person, local_day(at))
    user.is_active = False
    user.save(update_fields=["is_active"])
    _end_sessions(user)
    sync_groups_of(person, at=at)
    log(by, "close_account", person, at=at)


@transaction.atomic
def reopen_account(person: Person, by: Standing, *, at: datetime) -> None:
    """Open a closed account again, with the roles that still hold.

    Raises:
        PermissionDenied: If ``by`` may not manage the person.
        PeopleRefused: With code "account" without a closed account.
    """
    must_manage(by, person)
    user = person.user
    if user is None or user.is_active:
        raise PeopleRefused(_("There is no closed account."), code="account")
    user.is_active = True
    user.save(update_fields=["is_active"])
    sync_groups_of(person, at=at)
    log(by, "reopen_account", person, at=at)


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


def may_take(address: EmailAddress) -> bool:
    """Whether nobody else bears ``address``, with an account or without one."""
    bearers = Person.objects.filter(email__iexact=address.email).exclude(user=address.user_id)
    return bool(address.can_set_verified()) and not bearers.exists()


def follow_address(user: User, *, at: datetime) -> None:
    """Let the person's address follow the account's, which its owner has changed and proven.

    Raises:
        IntegrityError: If another person bears it; whoever asked :func:`may_take` meets that only
            when it is entered at the same moment.
    """
    person = getattr(user, "person", None)
    if person is not None and person.email != user.email:
        person.email = user.email
        person.save(update_fields=["email"])
        access_log.record(user, "change_address", person, at=at)


def forget_dead_sessions() -> None:
    """Remove sessions that have expired, and what allauth lists of sessions that are gone."""
    SessionStore.clear_expired()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
