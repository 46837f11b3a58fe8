"""``manage.py new_database_id``: after a database was put back by other means than ``restore``."""

from typing import Any

from django.core.management.base import BaseCommand

from core import database_identity


class Command(BaseCommand):
    """A snapshot of the disk, a replica, a dump by hand: all bring the old id with them.

    Devices then believe that what they sent after it is still there. With another id they send
    it again.
    """

    help = "Give the database another id, so that devices send again what it may have lost."

    def handle(self, *args: Any, **options: Any) -> None:
        """Give it, and print it."""
        self.stdout.write(str(database_identity.renew()))
