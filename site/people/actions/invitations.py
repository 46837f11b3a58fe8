"""The way to an account: asked by mail, taken by its link."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import access_log
from people import tasks
from people.actions.roles import sync_groups_of
from people.actions.shared import PeopleRefused, log, must_manage
from people.invitations import LIFETIME
from people.models import Invitation, Person, User
from people.permissions import Standing


@transaction.atomic
def invite(person: Person, by: Standing, *, at: datetime) -> Invitation:
    """Ask ``person`` by e-mail to make an account, or ask again.

    Asking again makes the earlier link worthless. The mail leaves after the commit.

    Raises:
        PermissionDenied: If ``by`` may not manage the person.
        PeopleRefused: With code "account" if there is an account already, for the person or
            for the address; "address" if there is no address.
    """
    must_manage(by, person)
    person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
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
    log(by, "invite", person, at=at)
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
    must_manage(by, invitation.person)
    changed = Invitation.objects.waiting().filter(pk=invitation.pk).update(withdrawn_at=at)
    if not changed:
        raise PeopleRefused(_("The invitation is no longer open."), code="over")
    log(by, "withdraw_invitation", invitation.person, at=at)


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

    Locks the person and then the invitation, as :func:`invite` does: of many at once, one is
    served.

    Raises:
        PeopleRefused: With code "over" unless the invitation is open at ``at`` and is still
            the sending whose link was followed.
    """
    Person.objects.select_for_update(no_key=True).get(pk=invitation.person_id)
    locked = (
        Invitation.objects.select_for_update(of=("self",), no_key=True)
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
    sync_groups_of(person, at=at)
    access_log.record(user, "accept_invitation", person, at=at)
    return user
