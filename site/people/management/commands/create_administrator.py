"""``manage.py create_administrator``: the first account of an empty database."""

import getpass
import sys
from datetime import datetime
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from core.periods import local_day
from people import actions, invitations
from people.models import Person, Role, User


class Command(BaseCommand):
    """Enters a person with the role administrator for the whole country.

    Prints a link, good for 14 days and for one account, that leads to choosing a password; or
    takes the password at once. Everybody else is invited by mail from the pages.

    Called again for an administrator who has no account yet it asks anew: a link that was lost or
    has expired must not end the way into an empty database. The earlier link is worthless then.
    """

    help = "Create an administrator and print the link to choose a password."

    def add_arguments(self, parser: CommandParser) -> None:
        """Who it is, and how the password comes."""
        parser.add_argument("email", help="The address to sign in with.")
        parser.add_argument("name", help="The name that others see.")
        password = parser.add_mutually_exclusive_group()
        password.add_argument("--password", action="store_true", help="Ask for the password.")
        password.add_argument(
            "--password-stdin", action="store_true", help="Read the password from standard input."
        )

    def handle(self, *args: Any, email: str, name: str, **options: Any) -> None:
        """Create the person, the role and the account or the invitation, or nothing."""
        password = self._password(email, options)
        now = timezone.now()
        by = actions.command_line(now)
        role = Role(key=Role.Key.ADMINISTRATOR, scope=Role.Scope.COUNTRY, starts_on=local_day(now))
        try:
            with transaction.atomic():
                person = _without_account(email, now) or actions.create_person(
                    by, name=name, email=email, language="da", role=role, at=now
                )
                if password is not None:
                    actions.open_account(person, password, at=now)
                else:
                    invitation = actions.invite(person, by, at=now)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        if password is not None:
            self.stdout.write(f"{person.name} can sign in as {person.email}.")
        else:
            self.stdout.write(invitations.link_to(invitation))

    def _password(self, email: str, options: dict[str, Any]) -> str | None:
        if options["password_stdin"]:
            password = sys.stdin.readline().rstrip("\n")
        elif options["password"]:
            password = getpass.getpass()
        else:
            return None
        try:
            validate_password(password, User(email=email.lower()))
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        return password


def _without_account(email: str, at: datetime) -> Person | None:
    """The administrator of this address who was entered before and has made no account yet."""
    roles = Role.objects.valid_on(local_day(at)).filter(
        key=Role.Key.ADMINISTRATOR, scope=Role.Scope.COUNTRY
    )
    return Person.objects.filter(
        email__iexact=email, user=None, pk__in=roles.values("person")
    ).first()
