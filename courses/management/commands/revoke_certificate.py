"""``manage.py revoke_certificate``: take a certificate back that should not have been issued."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from courses.actions import LearningRefused
from courses.actions.certificates import revoke_certificate
from courses.certificates.codes import read_code
from courses.models import Certificate


class Command(BaseCommand):
    """The check page says from then on that it is revoked. It cannot be undone; issue a new one."""

    help = "Revoke a certificate by its code."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which one, and why."""
        parser.add_argument("code", help="As it is printed on the certificate.")
        parser.add_argument("reason", choices=Certificate.RevokedFor.values)

    def handle(self, *args: Any, code: str, reason: str, **options: Any) -> None:
        """Revoke it.

        Raises:
            CommandError: Without such a certificate, or when it is revoked already.
        """
        certificate = Certificate.objects.filter(code=read_code(code) or "").first()
        if certificate is None:
            raise CommandError("There is no certificate with this code.")
        try:
            revoke_certificate(certificate, reason=reason, by=None, user=None, at=timezone.now())
        except LearningRefused as refusal:
            raise CommandError(refusal.messages[0]) from refusal
        self.stdout.write("Revoked.")
