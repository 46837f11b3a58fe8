"""The demo, and beside it everything that a page may have to show; printed as JSON.

Run as ``python -m tests.kinds.world`` on a database that is migrated. ``people`` are the session
keys of whoever has signed in, ``at`` what the addresses of the catalogue are filled with.
"""

# ruff: noqa: E402  What Django must be set up for comes after its set-up.

import json
import sys
from functools import partial
from typing import Any

import django

django.setup()

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.core.management import call_command
from django.utils import timezone, translation
from wagtail.models import PageViewRestriction

from pages.models import HomePage, InformationPage
from people.models import Organisation, Person, Place
from tests.factories.pages import clear_pages
from tests.kinds.cooperating import cooperation
from tests.kinds.learning import cases, certificates, law, learning, own, registers
from tests.kinds.mentoring import goals, handovers, rounds, sessions
from tests.kinds.people import devices, invited, leaving, newcomer, passkey, second_steps, sign_in
from tests.kinds.seminars import seminars

NOW = timezone.now()
TODAY = timezone.localdate()


def closed_pages() -> dict[str, Any]:
    """A page behind a password and one for whoever has signed in."""
    home = HomePage.objects.get(locale__language_code="da")
    made = {}
    for slug, kind in (("lukket", "password"), ("indenfor", "login")):
        page = InformationPage(title=f"Side {slug}", slug=slug)
        home.add_child(instance=page)
        page.save_revision().publish()
        PageViewRestriction.objects.create(
            page=page, restriction_type=kind, password="hemmelig" if kind == "password" else ""
        )
        made[slug] = page.slug
    return made


def main() -> None:
    """Everything, in the order in which it depends on one another."""
    call_command("createcachetable")  # where a page that goes is to be forgotten
    clear_pages()
    call_command("prepare", stdout=sys.stderr)
    call_command("load_demo", "--json", stdout=sys.stderr)
    translation.activate("da")
    demo = {person.email.partition("@")[0]: person for person in Person.objects.all()}
    sermersooq = Organisation.objects.get(key="sermersooq")
    kujalleq = Organisation.objects.get(key="kujalleq")  # takes part in no round
    nuuk = Place.objects.get(key="nuuk")
    new = partial(newcomer, at=NOW)
    people = {
        "caseworker": demo["sagsbehandler1"],
        "path done": demo["sagsbehandler4"],
        "path ready": demo["sagsbehandler8"],
        "holder": demo["sagsbehandler11"],
        "completed": demo["sagsbehandler12"],
        "mentor": demo["mentor1"],
        "travelling": demo["rejsende1"],
        "leader": demo["teamleder1"],
        "coordinator": demo["koordinator1"],
        "town coordinator": demo["koordinator2"],
        "editor": demo["redaktoer1"],
        "translator": demo["oversaetter1"],
        "reviewer": demo["godkender1"],
        "administrator": demo["administrator1"],
        "new caseworker": new("sagsbehandler", "caseworker", scope="town", place=nuuk),
        "new mentor": new("mentor", "mentor", scope="town", place=nuuk),
        "new travelling": new(
            "rejsende", "travelling", scope="municipality", municipality=sermersooq
        ),
        "new leader": new("leder", "leader", scope="town", place=nuuk),
        "new coordinator": new(
            "koordinator", "coordinator", scope="municipality", municipality=kujalleq
        ),
        "nobody": new("gaest"),
        "two steps": new("totrin", "caseworker", scope="town", place=nuuk),
        "passkey": new("noegle", "caseworker", scope="town", place=nuuk),
        "leaver": new("rejser", "caseworker", scope="town", place=nuuk),
    }
    second_steps(people["two steps"])
    key = passkey(people["passkey"])
    other = people["new leader"]
    EmailAddress.objects.create(user=other.user, email="ny-adresse@example.org", verified=False)
    signed_in = {name: sign_in(person) for name, person in people.items()}
    user = people["nobody"].user  # whose token is void once they sign in again
    at = {
        **sessions(demo, at=NOW, today=TODAY),
        **goals(demo, today=TODAY),
        **handovers(demo, at=NOW),
        **learning(demo, at=NOW, today=TODAY),
        **own(demo, at=NOW),
        **law(demo["sagsbehandler1"], at=NOW, today=TODAY),
        **cases(demo, at=NOW),
        **certificates(demo, at=NOW, today=TODAY),
        **rounds(demo, at=NOW, today=TODAY),
        **cooperation(demo, at=NOW, today=TODAY),
        **seminars(demo, at=NOW, today=TODAY),
        **closed_pages(),
        **invited(at=NOW),
        **registers(),
        **leaving(people, demo, at=NOW),
        **devices(demo, at=NOW),
        "person": demo["sagsbehandler1"].pk,
        "role": demo["sagsbehandler1"].roles.get().pk,
        "affiliation": demo["sagsbehandler1"].affiliations.first().pk,
        "organisation": Organisation.objects.get(key="udlaan-a").pk,
        "without_account": Person.objects.filter(user=None).first().pk,
        "passkey": key,
        "reset": f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}",
        "confirm_email": EmailConfirmationHMAC(
            EmailAddress.objects.get(email="ny-adresse@example.org")
        ).key,
    }
    print(
        json.dumps(
            {
                "people": signed_in,
                "at": {name: str(value) for name, value in at.items()},
            }
        )
    )


if __name__ == "__main__":
    main()
