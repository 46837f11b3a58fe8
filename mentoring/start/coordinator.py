"""What a coordinator sees first: who waits, who is stuck, what is soon too late; then the rounds.

Each line says how many there are and leads to the list of them; the first few stand beside it.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    Max,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
    When,
    Window,
)
from django.db.models.functions import Coalesce, RowNumber
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.access_log import record
from core.periods import local_day
from core.start_page import Section
from mentoring.models import Pairing, PairingMember, Proposal, Round
from mentoring.oversight import stuck
from mentoring.permissions import (
    coordinated_needs,
    joined_rounds,
    overseen_devices,
    overseen_pairings,
    overseen_rounds,
    overseen_sessions,
)
from mentoring.progress import lasting
from people.models import Organisation, Person, Role
from people.permissions import Standing

SHOWN = 3
ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Line:
    """So many of one kind: in words, where all of them are, and the first few of them."""

    said: str
    url: str
    first: Sequence[str]
    more: int


@dataclass(slots=True)
class Column:
    """A short list with its heading, and what it says while it is empty."""

    title: str
    nothing: str
    lines: list[Line] = field(default_factory=list)


def coordination(request: HttpRequest, standing: Standing) -> Section | None:
    """Who waits for the coordinator, who is stuck, what is soon too late. No chart before that."""
    if not standing.has(Role.Key.COORDINATOR):
        return None
    pairings = _pairings(standing)
    needs = list(
        stuck.uncovered(coordinated_needs(standing), on=standing.day)
        .select_related("place")
        .order_by("starts_on", "place__name", "pk")
    )
    waiting = _waiting(standing)
    columns = [
        Column(
            _("Waiting for me"),
            _("Nothing waits."),
            [
                *_lines(pairings, stuck.TO_CLOSE, stuck.TO_BEGIN),
                *_proposals(standing),
            ],
        ),
        Column(
            _("Stuck"),
            _("Nobody is stuck."),
            [
                *_lines(pairings, stuck.SILENT, stuck.NOT_CONFIRMED),
                *_unconfirmed(request, waiting),
                *_unsent(request, standing),
            ],
        ),
        Column(
            _("Soon too late"),
            _("Nothing is late."),
            [
                *_lines(pairings, stuck.NOT_HANDED_OVER, stuck.NOT_READY),
                *_uncovered(needs),
            ],
        ),
    ]
    return Section(
        _("Coordination"),
        "mentoring/start/coordination.html",
        {"columns": columns, "municipalities": _by_municipality(standing, waiting, needs)},
        order=3,
    )


# --- Pairings -------------------------------------------------------------------------------------


def _pairings(standing: Standing) -> dict[str, list[Any]]:
    """The first few pairings of each kind, with ``kind_count``: how many there are.

    One query for the kinds that exclude one another, and one for each other kind.
    """
    conditions = stuck.pairings_that(standing.day)
    # Most are closed; nothing of it is asked there.
    standing_pairings = overseen_pairings(standing).exclude(state=Pairing.State.CLOSED)
    # One condition is a filter, which the database plans better than a CASE.
    alone = [
        standing_pairings.filter(conditions.pop(kind)).annotate(
            waits=Value(kind, output_field=CharField())
        )
        for kind in stuck.ALONE
    ]
    cases = [When(condition, then=Value(kind)) for kind, condition in conditions.items()]
    others = standing_pairings.annotate(waits=Case(*cases, output_field=CharField()))
    found: dict[str, list[Any]] = defaultdict(list)
    for waiting in (*alone, others.filter(waits__isnull=False)):
        rows: Any = (
            waiting.annotate(
                kind_count=Window(Count("pk"), partition_by="waits"),
                rank=Window(RowNumber(), partition_by="waits", order_by=["starts_on", "pk"]),
            )
            .filter(rank__lte=SHOWN)
            .select_related("place")
            .order_by("rank")
        )
        for row in rows:
            found[row.waits].append(row)
    return found


def _lines(pairings: dict[str, list[Any]], *kinds: str) -> list[Line]:
    lines = []
    for kind in kinds:
        if found := pairings.get(kind):
            count = found[0].kind_count
            lines.append(
                Line(
                    said=_said(kind, count) % {"count": count},
                    url=_list("pairings", mangler=kind),
                    first=[str(one) for one in found],
                    more=count - len(found),
                )
            )
    return lines


def _said(kind: str, count: int) -> str:
    match kind:
        case stuck.TO_CLOSE:
            return ngettext(
                "%(count)d pairing is over: close it",
                "%(count)d pairings are over: close them",
                count,
            )
        case stuck.TO_BEGIN:
            return ngettext(
                "%(count)d pairing has begun: set it to active",
                "%(count)d pairings have begun: set them to active",
                count,
            )
        case stuck.SILENT:
            return ngettext(
                "%(count)d pairing without a session for 14 days",
                "%(count)d pairings without a session for 14 days",
                count,
            )
        case stuck.NOT_HANDED_OVER:
            return ngettext(
                "%(count)d pairing without a handover a week before a mentor leaves",
                "%(count)d pairings without a handover a week before a mentor leaves",
                count,
            )
        case stuck.NOT_CONFIRMED:
            return ngettext(
                "%(count)d pairing with a handover that is not confirmed",
                "%(count)d pairings with a handover that is not confirmed",
                count,
            )
    return ngettext(
        "%(count)d pairing begins within 14 days and is not ready",
        "%(count)d pairings begin within 14 days and are not ready",
        count,
    )


def _list(name: str, **query: str) -> str:
    return f"{reverse(f'mentoring:{name}')}?{urlencode(query)}"


# --- Sessions, needs, proposals -------------------------------------------------------------------


def _waiting(standing: Standing) -> list[Any]:
    """Who has sessions that have waited a week, in each municipality; one query."""
    waiting = stuck.waiting_people(overseen_sessions(standing), on=standing.day).order_by()
    by_person = waiting.values(
        "person_id",
        name=F("person__name"),
        municipality=F("session__pairing__place__municipality"),
    )
    return list(by_person.annotate(count=Count("pk"), last=Max("session__held_on")))


def _unconfirmed(request: HttpRequest, waiting: Sequence[dict[str, Any]]) -> list[Line]:
    """Caseworkers with sessions that have waited a week, the longest first; noted in the log."""
    of_person: dict[UUID, dict[str, Any]] = {}
    for row in waiting:
        person = of_person.setdefault(row["person_id"], {**row, "count": 0})
        person["count"] += row["count"]
        person["last"] = max(person["last"], row["last"])
    people = sorted(
        of_person.values(), key=lambda row: (row["last"], row["name"], row["person_id"])
    )
    if not people:
        return []
    first = people[:SHOWN]
    shown = [Person(pk=row["person_id"]) for row in first]
    record(request.user, "list", shown, at=timezone.now())
    said = ngettext(
        "%(count)d person has not confirmed for a week",
        "%(count)d people have not confirmed for a week",
        len(people),
    )
    return [
        Line(
            said=said % {"count": len(people)},
            url=_list("members", mangler="ubekraeftet"),
            first=[f"{row['name']} ({row['count']})" for row in first],
            more=len(people) - len(first),
        )
    ]


def _unsent(request: HttpRequest, standing: Standing) -> list[Line]:
    """Who has something on a device that has not arrived, and for how long; noted in the log."""
    people = list(stuck.unsent(overseen_devices(standing)))
    if not people:
        return []
    first = people[:SHOWN]
    record(request.user, "list", [Person(pk=row["owner_id"]) for row in first], at=timezone.now())
    said = ngettext(
        "%(count)d person has something that is not sent",
        "%(count)d people have something that is not sent",
        len(people),
    )
    return [
        Line(
            said=said % {"count": len(people)},
            url=_list("members", mangler="ikke-sendt"),
            first=[_waits(row, standing) for row in first],
            more=len(people) - len(first),
        )
    ]


def _waits(row: dict[str, Any], standing: Standing) -> str:
    """As "Mentor Demo 4: 3 ikke sendt, 4 d"."""
    said = {"name": row["whose"], "count": row["count"]}
    if row["since"] is None:
        return _("%(name)s: %(count)d not sent") % said
    days = max((standing.day - local_day(row["since"])).days, 0)
    return _("%(name)s: %(count)d not sent, %(days)d d") % {**said, "days": days}


def _uncovered(needs: Sequence[Any]) -> list[Line]:
    if not needs:
        return []
    seats = sum(need.seats_left for need in needs)
    said = ngettext("%(count)d seat without a mentor", "%(count)d seats without a mentor", seats)
    return [
        Line(
            said=said % {"count": seats},
            url=_list("needs", mangler="udaekket"),
            first=[str(need) for need in needs[:SHOWN]],
            more=max(0, len(needs) - SHOWN),
        )
    ]


def _proposals(standing: Standing) -> list[Line]:
    """Rounds with a proposal that nobody has accepted."""
    made = Proposal.objects.filter(round=OuterRef("pk"))
    rounds = list(
        overseen_rounds(standing)
        .filter(
            Exists(made),
            ~Exists(made.filter(accepted_at__isnull=False)),
            state__in=[Round.State.PLANNED, Round.State.GOING],
        )
        .annotate(latest=Subquery(made.order_by("-number").values("pk")[:1]))
        .order_by("starts_on", "title", "pk")
    )
    if not rounds:
        return []
    said = ngettext(
        "%(count)d proposal to accept", "%(count)d proposals to accept", len(rounds)
    ) % {"count": len(rounds)}
    return [
        Line(
            said=said,
            url=(
                reverse("mentoring:proposal", args=[rounds[0].latest])
                if len(rounds) == 1
                else reverse("mentoring:rounds")
            ),
            first=[one.title for one in rounds[:SHOWN]],
            more=max(0, len(rounds) - SHOWN),
        )
    ]


# --- By municipality ------------------------------------------------------------------------------


@dataclass(slots=True)
class MunicipalityLine:
    """A municipality in numbers, for who looks after several."""

    municipality: Organisation
    active: int = 0
    silent: int = 0
    waiting: int = 0
    seats_left: int = 0


def _by_municipality(
    standing: Standing, waiting: Sequence[dict[str, Any]], needs: Sequence[Any]
) -> list[MunicipalityLine]:
    """The own municipalities in numbers; nothing for who looks after one. Two queries."""
    towns = standing.towns(Role.Key.COORDINATOR)
    found = Organisation.objects.filter(pk__in=towns.values("municipality")).order_by("name")
    lines = {one.pk: MunicipalityLine(one) for one in found}
    if len(lines) < 2:
        return []
    condition = stuck.pairings_that(standing.day)[stuck.SILENT]
    for row in (
        overseen_pairings(standing)
        .filter(state=Pairing.State.ACTIVE)
        .annotate(is_silent=Case(When(condition, then=1), default=0))
        .order_by()
        .values("place__municipality")
        .annotate(active=Count("pk"), silent=Sum("is_silent"))
    ):
        line = lines[row["place__municipality"]]
        line.active, line.silent = row["active"], row["silent"]
    for of_person in waiting:
        lines[of_person["municipality"]].waiting += 1
    for need in needs:
        lines[need.place.municipality_id].seats_left += need.seats_left
    return list(lines.values())


# --- Rounds ---------------------------------------------------------------------------------------


def rounds(_request: HttpRequest, standing: Standing) -> Section | None:
    """The open rounds with how much is covered, the board of each, and the lists; one query.

    Of a round in which only some of the places are own, these alone are counted.
    """
    if not standing.has(Role.Key.COORDINATOR):
        return None
    needs = coordinated_needs(standing).filter(round=OuterRef("pk")).order_by().values("round")
    placed = (
        PairingMember.objects.filter(
            lasting(standing.day),
            standing.places(Role.Key.COORDINATOR, "pairing__place__"),
            ~Q(pairing__state=Pairing.State.CLOSED),
            side=PairingMember.Side.MENTOR,
            pairing__need__round=OuterRef("pk"),
            pairing__need__withdrawn_at__isnull=True,
        )
        .order_by()
        .values("pairing__need__round")
    )
    latest = Proposal.objects.filter(round=OuterRef("pk")).order_by("-number")
    found = (
        joined_rounds(standing)
        .filter(state__in=[Round.State.PLANNED, Round.State.GOING])
        .annotate(
            seats=Coalesce(Subquery(needs.annotate(all=Sum("seats")).values("all")), 0),
            mentors=Coalesce(
                Subquery(placed.annotate(all=Count("person", distinct=True)).values("all")), 0
            ),
            latest=Subquery(latest.values("pk")[:1]),
        )
        .order_by("starts_on", "title", "pk")
    )
    return Section(
        _("Rounds"),
        "mentoring/start/rounds.html",
        {"rounds": list(found[:ROUNDS])},
        order=31,
    )
