"""Load invented people, pairings and lessons for trying the product out."""

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from demo.certificates import load_certificates, load_ratings
from demo.cooperation import load_cooperation
from demo.devices import load_devices
from demo.events import load_events
from demo.frameworks import load_frameworks
from demo.goals import load_goals
from demo.lessons import load_pages, load_questions
from demo.loading import is_in_use, is_loaded, note_loaded
from demo.own import load_own
from demo.pairings import load_pairings, load_plans, load_progress
from demo.paths import load_paths
from demo.people import PASSWORD, accounts, load_people
from demo.reports import load_reports
from demo.rounds import load_rounds
from demo.shared import load_shared
from demo.translations import load_orders, load_texts
from demo.views import load_views
from people.models import Role

#: What the command ends with where people are entered who do not belong to the demo.
IN_USE = 3


class Command(BaseCommand):
    """Repeatable: what is there is left as it is, what is missing is added."""

    help = "Load invented people and content; needs `manage.py prepare` first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--json", action="store_true", help="print every demo account as JSON, nothing else"
        )
        parser.add_argument(
            "--once", action="store_true", help="do nothing where all of it has been loaded before"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and print what to sign in with.

        Raises:
            CommandError: Where the settings do not say that this is a demo, or people are
                entered here who do not belong to it: its accounts have a password that everybody
                knows, and some may do anything.
        """
        if not settings.SIDEMAND_DEMO:
            raise CommandError(
                "Demo accounts have a password that everybody knows. "
                "Set SIDEMAND_DEMO=yes where that is meant."
            )
        if is_in_use():
            raise CommandError(
                "Nothing of the demo was loaded: people are entered here who do not belong to it, "
                "and its accounts have a password that everybody knows.",
                returncode=IN_USE,
            )
        if not (options["once"] and is_loaded()):
            self._load(self.stderr.write if options["json"] else self.stdout.write)
        rows = accounts()
        if options["json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2))
        else:
            self._print_logins(rows)

    def _load(self, say: Any) -> None:
        at = timezone.now()
        say("• Demo: people …")
        with transaction.atomic():
            people = load_people(at=at)
        say("• Demo: competences of a second profession …")
        load_frameworks(at=at)
        say("• Demo: lessons …")
        load_shared(at=at)
        load_pages(load_questions(at=at), say)
        say("• Demo: pairings and sessions …")
        load_pairings(people, at=at)
        load_plans(people, at=at)
        load_progress(people, at=at)
        load_goals(people, at=at)
        say("• Demo: a round in planning …")
        load_rounds(people, at=at)
        load_views(people, at=at)
        say("• Demo: the cooperation …")
        load_cooperation(people, at=at)
        say("• Demo: seminars …")
        load_events(people, at=at)
        say("• Demo: learning paths …")
        load_paths(people, at=at)
        say("• Demo: notes and messages to the editors …")
        load_own(people, at=at)
        say("• Demo: certificates …")
        load_certificates(people, at=at)
        load_ratings(people, at=at)
        load_orders(people, at=at)
        load_texts(people, at=at)
        say("• Demo: half-year reports …")
        load_reports(people, at=at)
        load_devices(people, at=at)
        note_loaded()

    def _print_logins(self, rows: list[dict[str, str]]) -> None:
        """One account per role: of those who hold it today, one that holds no other role."""
        today = timezone.localdate().isoformat()
        held: dict[str, list[str]] = {}
        for row in rows:
            if row["from"] <= today and (not row["until"] or today < row["until"]):
                held.setdefault(row["email"], []).append(row["role"])
        self.stdout.write(f"\nDemo logins, all with the password {PASSWORD}:")
        for key, label in Role.Key.choices:
            holders = [email for email, roles in held.items() if key in roles]
            clearest = min(holders, key=lambda email: len(held[email]), default="–")
            self.stdout.write(f"  {label!s:<24} {clearest}")
