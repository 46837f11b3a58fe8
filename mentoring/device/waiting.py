"""What waits for somebody, and what was handed over to them, for where there is no link.

Drawn by the templates of the site in both languages, because whoever is away may change language.
It lies sealed on the device; that it was read is noted when it is fetched.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db.models import Model
from django.template.loader import render_to_string
from django.utils import translation

from core.languages import human_date
from mentoring.agreements.listing import AgreementRow, rows_of
from mentoring.handover.dossier import dossier_of
from mentoring.handover.views.dossier import WITH
from mentoring.handover.words import tell as tell_dossier
from mentoring.models import Reflection, SessionVersion
from mentoring.permissions import (
    confirmable_sessions,
    own_agreements,
    owned_follow_ups,
    received_handovers,
    reflectable_sessions,
)
from mentoring.progress import SessionCard, cards, names
from mentoring.telling import tell
from people.models import Person
from people.permissions import Standing

Kit = tuple[dict[str, Any], Sequence[Model]]
#: As many as a page of the site shows.
MOST_SESSIONS = MOST_AGREEMENTS = MOST_FOLLOW_UPS = 25
#: Nobody takes over more at once; each costs some queries.
MOST_DOSSIERS = 5
#: How long one may want to write down what one thought of a session.
REFLECTED_WITHIN = timedelta(days=60)


def in_both(say: Callable[[], object]) -> dict[str, str]:
    """What ``say`` says in each language."""
    said = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            said[code] = str(say())
    return said


# --- To confirm, to think about, to do ------------------------------------------------------------


def confirm_kit(standing: Standing) -> Kit | None:
    """What waits for the person's confirmation, their last sessions, and what was agreed.

    Some twenty queries, whatever there is. None for whoever has nothing of it.
    """
    person = standing.person
    if person is None:
        return None
    waiting = cards(
        confirmable_sessions(standing)
        .select_related("place")
        .order_by("held_on", "pk")[:MOST_SESSIONS]
    )
    lately = cards(
        reflectable_sessions(standing)
        .filter(held_on__gt=standing.day - REFLECTED_WITHIN)
        .select_related("place")
        .order_by("-held_on", "pk")[:MOST_SESSIONS]
    )
    agreements = rows_of(
        own_agreements(standing).open().soonest_first().in_words()[:MOST_AGREEMENTS],
        on=standing.day,
    )
    if not (waiting or lately or agreements):
        return None
    kept = {
        one.session_id: one
        for one in Reflection.objects.filter(
            person=person, session__in=[card.session for card in lately]
        )
    }
    drawn = _drawn([card.to_confirm for card in waiting])
    kit = {
        "schema": 1,
        "sessions": [
            {
                "session": str(card.session.pk),
                "version": str(card.to_confirm),
                "label": in_both(partial(_of_session, card)),
                "html": drawn[card.to_confirm],
                "may_confirm": not card.has_rivals or card.amendment is not None,
            }
            for card in waiting
        ],
        "reflections": [
            {
                "session": str(card.session.pk),
                "label": in_both(partial(_of_session, card)),
                "text": kept[card.session.pk].text if card.session.pk in kept else "",
                "number": kept[card.session.pk].number if card.session.pk in kept else 0,
            }
            for card in lately
        ],
        "agreements": [
            {
                "id": str(row.agreement.pk),
                "label": in_both(partial(_of_agreement, row)),
            }
            for row in agreements
        ],
    }
    return kit, [card.session for card in waiting if card.session.author_id != person.pk]


def _of_agreement(row: AgreementRow) -> str:
    return row.label


def _of_session(card: SessionCard) -> str:
    """A session in a line: the day, and with whom."""
    people = names([one.name for one in card.mentors])
    return f"{human_date(card.session.held_on)}, {card.session.minutes} min, {people}"


def _drawn(keys: Sequence[Any]) -> dict[Any, dict[str, str]]:
    """These versions as the site shows them, by key; four queries for each language."""
    versions = list(SessionVersion.objects.filter(pk__in=keys).select_related("amendment"))
    found: dict[Any, dict[str, str]] = {version.pk: {} for version in versions}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            for told in tell(versions):
                context = {"told": told, "heading_level": 3}
                found[told["version"].pk][code] = render_to_string(
                    "mentoring/parts/version.html", context
                )
    return found


# --- Handed over ----------------------------------------------------------------------------------


def handover_kit(standing: Standing) -> Kit | None:
    """The dossiers that were handed over to the person, and their own follow-ups.

    A dossier is built with some queries of its own; at most five are taken along, the latest first.
    None for whoever has neither.
    """
    person = standing.person
    if person is None:
        return None
    received = list(
        received_handovers(standing)
        .select_related(*WITH)
        .order_by("-sent_at", "pk")[:MOST_DOSSIERS]
    )
    follow_ups = list(
        owned_follow_ups(standing)
        .open()
        .select_related("handover__member__pairing__place")
        .soonest_first()[:MOST_FOLLOW_UPS]
    )
    if not (received or follow_ups):
        return None
    shown: list[Model] = [*received, *follow_ups]
    dossiers = []
    for handover in received:
        dossier = dossier_of(handover)
        shown += [Person(pk=pk) for pk in dossier.parts]

        def draw(handover: Any = handover, dossier: Any = dossier) -> str:
            told = tell_dossier(dossier)
            context = {"told": told, "handover": handover, "reads_all": True}
            return render_to_string("mentoring/handover/dossier.html", context)

        dossiers.append(
            {
                "id": str(handover.pk),
                "town": handover.member.pairing.place.name,
                "mentor": handover.member.person.name,
                "html": in_both(draw),
            }
        )
    kit = {
        "schema": 1,
        "dossiers": dossiers,
        "follow_ups": [
            {
                "id": str(one.pk),
                "town": one.handover.member.pairing.place.name,
                "due_on": one.due_on.isoformat(),
                "due": in_both(partial(human_date, one.due_on)),
                "is_late": one.is_late(on=standing.day),
            }
            for one in follow_ups
        ],
    }
    return kit, shown
