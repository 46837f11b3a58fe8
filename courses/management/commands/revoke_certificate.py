"""``manage.py revoke_certificate``: take a certificate back that should not have been issued."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from courses.actions import LearningRefused
from courses.actions.certificates import give_back_certificate, revoke_certificate
from courses.certificates.codes import read_code
from courses.models import Certificate
from people.actions import command_line


class Command(BaseCommand):
    """For what no coordinator reaches: the certificate of somebody who has no role any more."""

    help = "Revoke a certificate by its code."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which one, and why."""
        parser.add_argument("code", help="As it is printed on the certificate.")
        parser.add_argument("reason", nargs="?", choices=Certificate.RevokedFor.values)
        parser.add_argument("--undo", action="store_true", help="Give it back, within 30 days.")

    def handle(self, *args: Any, code: str, reason: str | None, undo: bool, **options: Any) -> None:
        """Revoke it, or give it back.

        Raises:
            CommandError: Without such a certificate, without a reason, or when it is as asked.
        """
        if not undo and not reason:
            raise CommandError("Say why, or --undo.")
        now = timezone.now()
        certificate = Certificate.objects.filter(code=read_code(code) or "").first()
        if certificate is None:
            raise CommandError("There is no certificate with this code.")
        try:
            if undo:
                give_back_certificate(certificate, by=command_line(now), at=now)
            else:
                revoke_certificate(certificate, reason=reason or "", by=command_line(now), at=now)
        except LearningRefused as refusal:
            raise CommandError(refusal.messages[0]) from refusal
        self.stdout.write("Given back." if undo else "Revoked.")
