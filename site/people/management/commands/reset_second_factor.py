"""``manage.py reset_second_factor``: for whoever lost telephone and recovery codes."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from people import actions
from people.models import User


class Command(BaseCommand):
    """Removes passkeys, code app and recovery codes; the password stays.

    Make sure on another way who asks. The owner is told by mail.
    """

    help = "Remove the second step of an account."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose it is."""
        parser.add_argument("email", help="The address of the account.")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        """Remove it and say so."""
        user = User.objects.filter(email=email.lower()).first()
        if user is None:
            raise CommandError("There is no account with this address.")
        actions.reset_second_factor(user, at=timezone.now())
        self.stdout.write(
            f"{user.email} signs in with the password alone until a new step is set up."
        )
