"""Why somebody has a seat or waits, in words; and the rule itself, sentence by sentence."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cooperation.events.seats import Reason
from cooperation.models import Dealing, Event, Invitation, ProgrammeItem
from core.languages import human_date

#: As ``docs/events.md`` and :mod:`cooperation.events.seats` say it.
RULE: Sequence["str | Promise"] = (
    gettext_lazy(
        "Until the last day for answers, each delegation's own seats are kept for it. It gets "
        "them at once, in the order in which it wrote its names."
    ),
    gettext_lazy(
        "All other seats are dealt after that day. Whatever came in until then came in at the same "
        "time: nobody wins by being quick. What comes later stands behind it, day by day."
    ),
    gettext_lazy(
        "The next seat goes to the delegation with the fewest seats. Between equals a draw "
        "decides. The draw is made of the event and the delegation: nobody can choose it."
    ),
    gettext_lazy(
        "A delegation that wants all or none steps back when there is not room for all; of "
        "several, first the one that lacks most. If seats are left over, it is tried once more."
    ),
    gettext_lazy(
        "Who has a seat keeps it. When somebody signs off, the seat goes on by the same rule."
    ),
)


@dataclass(frozen=True, slots=True)
class Explained:
    """What one delegation got in one dealing, and why."""

    invitation: Invitation
    wanted: int
    got: int
    held: int
    lot: int
    counted_on: date
    words: str


@dataclass(frozen=True, slots=True)
class ExplainedDealing:
    """One dealing: of the event, or of a workshop."""

    dealing: Dealing
    workshop: ProgrammeItem | None
    free: int
    rows: Sequence[Explained]


def explain(share: Mapping[str, Any]) -> str:
    """Why a wish got what it got: a row of :attr:`Dealing.shares`."""
    got, wanted, held, lot = share["got"], share["wanted"], share["held"], share["lot"]
    facts = {
        "got": got,
        "wanted": wanted,
        "held": held,
        "lot": lot,
        "day": human_date(date.fromisoformat(share["counted_on"])),
    }
    match Reason(share["reason"]):
        case Reason.ALL:
            said = ngettext(
                "The one you asked for got a seat.",
                "All %(wanted)s you asked for got a seat.",
                wanted,
            )
        case Reason.SOME:
            said = _(
                "%(got)s of %(wanted)s got a seat. You had %(held)s before, and the seats went one "
                "by one to the delegation with the fewest. You were number %(lot)s in the draw."
            )
        case Reason.NONE:
            said = _(
                "No seat was left when it was your turn: you had %(held)s before, others had fewer "
                "or stood before you in the draw, where you were number %(lot)s. "
                "You asked on %(day)s."
            )
        case Reason.STEPPED_BACK:
            said = _(
                "You asked for all %(wanted)s or none, and there was not room for all of you. You "
                "stay on the list."
            )
    return said % facts


def dealings_of(event: Event, *, workshops: Collection[ProgrammeItem]) -> list[ExplainedDealing]:
    """Every dealing of the event, then of each workshop, the newest first; two queries."""
    written: dict[Any, list[Dealing]] = {}
    for dealing in Dealing.objects.filter(event=event).order_by("-dealt_at", "pk"):
        written.setdefault(dealing.workshop_id, []).append(dealing)
    invitations = {
        str(one.pk): one
        for one in Invitation.objects.filter(event=event).select_related("organisation")
    }
    titles = {one.pk: one for one in workshops}
    found = []
    for key in [None, *titles]:
        for dealing in written.get(key, ()):
            rows = [
                Explained(
                    invitation=invitations[share["invitation"]],
                    wanted=share["wanted"],
                    got=share["got"],
                    held=share["held"],
                    lot=share["lot"],
                    counted_on=date.fromisoformat(share["counted_on"]),
                    words=explain(share),
                )
                for share in dealing.shares
                if share["invitation"] in invitations
            ]
            workshop = None if key is None else titles[key]
            found.append(ExplainedDealing(dealing, workshop, dealing.free, rows))
    return found
