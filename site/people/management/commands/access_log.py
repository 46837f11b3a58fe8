"""``manage.py access_log``: who looked at a person's records, or what a person looked at."""

import csv
from datetime import UTC, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Q
from django.utils import timezone

from core import access_log
from core.models import AccessLog
from people.models import Person


class Command(BaseCommand):
    """Lines of the access log as CSV, the newest first: moment (UTC), who, what, which record.

    For whoever runs the site, when misuse is looked into. Reading it is noted in it.
    """

    help = "Print the lines of the access log about a person (or, with --by, of a person)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose lines, and how far back."""
        parser.add_argument("email", help="the person's e-mail address")
        parser.add_argument("--by", action="store_true", help="what the person did, to anybody")
        parser.add_argument("--days", type=int, default=90, help="how far back (90)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print them.

        Raises:
            CommandError: When nobody has the address.
        """
        person = Person.objects.filter(email__iexact=options["email"]).first()
        if person is None:
            raise CommandError("Nobody has this address.")
        now = timezone.now()
        whose = Q(kind="people.person", record_id=str(person.pk))
        if options["by"]:
            whose = Q(actor__isnull=False, actor=person.user_id)
        lines = (
            AccessLog.objects.filter(whose, at__gte=now - timedelta(days=options["days"]))
            .select_related("actor")
            .order_by("-at", "-pk")
        )
        rows = csv.writer(self.stdout, delimiter=";", lineterminator="\n")
        rows.writerow(["moment", "who", "action", "record", "id"])
        for line in lines:
            moment = line.at.astimezone(UTC).isoformat(timespec="seconds")
            who = line.actor.email if line.actor is not None else "command line"
            rows.writerow([moment, who, line.action, line.kind, line.record_id])
        access_log.record(None, "read_log", person, at=now)
