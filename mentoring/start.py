"""What mentoring has to say on the start page; each asks the same queries for one and for many."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, Max, OuterRef, Q, Sum, Window
from django.db.models.functions import RowNumber
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access_log import record
from core.start_page import Section
from mentoring.models import (
    ChangeRequest,
    Mode,
    Pairing,
    PairingMember,
    ReadinessItem,
    ReadinessStop,
    Session,
    SessionParticipant,
    SessionVersion,
)
from mentoring.permissions import (
    confirmable_sessions,
    counted_sessions,
    editable_sessions,
    overseen_needs,
    overseen_pairings,
    overseen_sessions,
    own_pairings,
)
from mentoring.progress import cards, current_members
from people.models import Person, Role
from people.permissions import Standing

Side = PairingMember.Side
SHOWN = 5
TREND = 8
FEWEST_TO_SHOW = 5  # the rule of five
STUCK_AFTER = timedelta(days=14)
UNCONFIRMED_AFTER = timedelta(days=7)
READY_BEFORE = timedelta(days=14)
HANDOVER_BEFORE = timedelta(days=7)
HEIGHTS = {Mode.IN_FRONT: 1, Mode.BESIDE: 2, Mode.BEHIND: 3}


def to_confirm(_request: HttpRequest, standing: Standing) -> Section | None:
    """What waits for a caseworker's confirmation."""
    if not standing.has(Role.Key.CASEWORKER, Role.Key.TRAVELLING):
        return None
    waiting = confirmable_sessions(standing).select_related("place").order_by("held_on", "pk")
    shown = list(waiting[: SHOWN + 1])
    if not shown:
        return None
    return Section(
        _("To confirm"),
        "mentoring/start/to_confirm.html",
        {"waiting": cards(shown[:SHOWN]), "has_more": len(shown) > SHOWN},
        order=5,
    )


def log_now(_request: HttpRequest, standing: Standing) -> Section | None:
    """A mentor's most likely next step."""
    if not standing.has(Role.Key.MENTOR, Role.Key.TRAVELLING):
        return None
    pairings = list(
        own_pairings(standing, Side.MENTOR).select_related("place").order_by("-starts_on", "pk")
    )
    if not pairings:
        return None
    ends = {
        member.pairing_id: member.ends_on
        for member in PairingMember.objects.of(standing.person, on=standing.day)  # type: ignore[arg-type]  # who has pairings is one
    }
    return Section(
        _("Log a session"),
        "mentoring/start/log_now.html",
        {
            "pairings": [
                (pairing, _days_left(ends.get(pairing.pk), standing.day)) for pairing in pairings
            ]
        },
        order=2,
        is_next_step=True,
    )


def _days_left(ends_on: date | None, day: date) -> int | None:
    return None if ends_on is None else (ends_on - day).days


def needs_mentor(_request: HttpRequest, standing: Standing) -> Section | None:
    """Sessions that a mentor should look at: a change is asked for, or two versions stand."""
    if not standing.has(Role.Key.MENTOR, Role.Key.TRAVELLING):
        return None
    asked = ChangeRequest.objects.standing().filter(version=OuterRef("current"))
    rivals = SessionVersion.objects.unsettled().filter(session=OuterRef("pk"))
    found = (
        editable_sessions(standing)
        .filter(Exists(asked) | Exists(rivals))
        .select_related("place")
        .order_by("held_on", "pk")[:SHOWN]
    )
    if not (shown := cards(found)):
        return None
    return Section(
        _("Look at these sessions"), "mentoring/start/needs_mentor.html", {"cards": shown}, order=4
    )


@dataclass(frozen=True, slots=True)
class Colleague:
    """A caseworker as the mentor sees them: the way from in front to behind, what was agreed."""

    person: Person
    heights: list[int]
    mode: str
    last_on: date
    waiting: int
    agreed: str

    @property
    def finding(self) -> str:
        """What the small picture says, in words."""
        first, last = self.heights[0], self.heights[-1]
        if last > first:
            return _("From in front towards behind")
        return _("Back towards in front") if last < first else _("The same way as before")


def my_colleagues(_request: HttpRequest, standing: Standing) -> Section | None:
    """A mentor's caseworkers: the last sessions as a small picture, what is agreed and waits."""
    if not standing.has(Role.Key.MENTOR, Role.Key.TRAVELLING):
        return None
    pairings = list(own_pairings(standing, Side.MENTOR))
    members = [
        member
        for found in current_members(pairings, on=standing.day).values()
        for member in found
        if member.side == Side.CASEWORKER
    ]
    if not members:
        return None
    people = [member.person for member in members]
    last: dict[UUID, list[tuple[date, str, str]]] = defaultdict(list)
    for person_id, held_on, mode, next_step in _last_sessions(people, pairings):
        last[person_id].append((held_on, mode, next_step))
    waiting = dict(
        SessionParticipant.objects.unconfirmed()
        .filter(person__in=people, session__pairing__in=pairings)
        .values_list("person")
        .annotate(count=Count("pk"))
    )
    return Section(
        _("My colleagues"),
        "mentoring/start/my_colleagues.html",
        {
            "colleagues": [
                Colleague(
                    person,
                    [HEIGHTS[Mode(mode)] for _day, mode, _agreed in last[person.pk]],
                    str(Mode(last[person.pk][-1][1]).label),
                    last[person.pk][-1][0],
                    waiting.get(person.pk, 0),
                    last[person.pk][-1][2] or "",
                )
                for person in people
                if last[person.pk]
            ],
            "newcomers": [person for person in people if not last[person.pk]],
        },
        order=35,
    )


def _last_sessions(
    people: Iterable[Person], pairings: Iterable[Pairing]
) -> Iterable[tuple[UUID, date, str, str]]:
    """The last few sessions of each person, the oldest first: person, day, mode, next step."""
    ranked = (
        SessionParticipant.objects.filter(
            person__in=list(people), side=Side.CASEWORKER, session__pairing__in=list(pairings)
        )
        .annotate(
            rank=Window(
                RowNumber(),
                partition_by="person",
                order_by=[F("session__held_on").desc(), F("session__received_at").desc()],
            )
        )
        .filter(rank__lte=TREND)
    )
    return ranked.order_by("session__held_on", "session__received_at").values_list(
        "person_id",
        "session__held_on",
        "session__mode",
        "session__current__content__next_step",
    )


def town_totals(_request: HttpRequest, standing: Standing) -> Section | None:
    """A leader's totals for the own place; the split by mode only for five people or more."""
    if not standing.has(Role.Key.LEADER):
        return None
    since = standing.day - timedelta(days=183)
    sessions = counted_sessions(standing).filter(held_on__gte=since)
    totals = sessions.aggregate(
        count=Count("pk"),
        minutes=Sum("minutes"),
        confirmed=Count("pk", filter=Q(locked_at__isnull=False)),
    )
    people = (
        SessionParticipant.objects.filter(session__in=sessions, side=Side.CASEWORKER)
        .values("person")
        .distinct()
        .count()
    )
    modes: list[tuple[Any, int]] = []
    if people >= FEWEST_TO_SHOW:
        counts = dict(sessions.values_list("mode").annotate(count=Count("pk")))
        modes = [(mode.label, counts.get(mode.value, 0)) for mode in Mode]
    return Section(
        _("Training in your place"),
        "mentoring/start/town_totals.html",
        {
            "totals": totals,
            "hours": round((totals["minutes"] or 0) / 60),
            "people": people,
            "modes": modes,
            "since": since,
        },
        order=40,
    )


def coordination(request: HttpRequest, standing: Standing) -> Section | None:
    """Who waits for the coordinator, who is stuck, what is soon too late. No chart before that."""
    if not standing.has(Role.Key.COORDINATOR):
        return None
    day = standing.day
    pairings = overseen_pairings(standing).select_related("place")
    active = Q(state=Pairing.State.ACTIVE)
    last = Session.objects.filter(pairing=OuterRef("pk"), held_on__gt=day - STUCK_AFTER)
    return Section(
        _("Coordination"),
        "mentoring/start/coordination.html",
        {
            "to_close": _few(pairings.filter(state=Pairing.State.HANDOVER, ends_on__lte=day)),
            "to_begin": _few(
                pairings.filter(
                    state__in=[Pairing.State.PLANNED, Pairing.State.READY], starts_on__lte=day
                )
            ),
            "silent": _few(
                pairings.filter(active, ~Exists(last), starts_on__lte=day - STUCK_AFTER)
            ),
            "unconfirmed": _unconfirmed(request, standing),
            "not_ready": _few(
                pairings.filter(
                    state=Pairing.State.PLANNED,
                    starts_on__gt=day,
                    starts_on__lte=day + READY_BEFORE,
                )
            ),
            "not_handed_over": _few(pairings.filter(active, ends_on__lte=day + HANDOVER_BEFORE)),
            "day": day,
        },
        order=3,
    )


def _few(pairings: Any) -> list[Pairing]:
    return list(pairings.order_by("starts_on", "pk")[:SHOWN])


def _unconfirmed(request: HttpRequest, standing: Standing) -> list[Any]:
    """Caseworkers with sessions that have waited a week, the longest first; noted in the log."""
    late = overseen_sessions(standing).filter(held_on__lte=standing.day - UNCONFIRMED_AFTER)
    found = list(
        SessionParticipant.objects.unconfirmed()
        .filter(session__in=late)
        .values("person_id", name=F("person__name"))
        .annotate(count=Count("pk"), last=Max("session__held_on"))
        .order_by("last", "name")[:SHOWN]
    )
    if found:
        people = [Person(pk=row["person_id"]) for row in found]
        record(request.user, "list", people, at=timezone.now())
    return found


def must_be_ready(request: HttpRequest, standing: Standing) -> Section | None:
    """What I look after and is due soon; and what is late in the places I look after."""
    if standing.person is None:
        return None
    day = standing.day
    items = ReadinessItem.objects.awaited().select_related("need__place").order_by("due_on", "pk")
    own = list(items.filter(owner=standing.person, due_on__lte=day + READY_BEFORE)[:SHOWN])
    late: list[ReadinessItem] = []
    if standing.has(Role.Key.COORDINATOR, Role.Key.LEADER):
        overseen = items.filter(need__in=overseen_needs(standing).values("pk"), due_on__lt=day)
        late = list(
            overseen.exclude(owner=standing.person).select_related("owner", "need__place")[:SHOWN]
        )
        if late:
            record(request.user, "list", late, at=timezone.now())
    if not own and not late:
        return None
    return Section(
        _("Ready for arrival"),
        "mentoring/start/readiness.html",
        {"own": own, "late": late, "day": day},
        order=6,
    )


def readiness_reminders(_request: HttpRequest, standing: Standing) -> Section | None:
    """On one's own page: whether mails come about what must be ready; one query."""
    if standing.person is None:
        return None
    stopped = ReadinessStop.objects.filter(person=standing.person).exists()
    return Section(
        _("Reminders before mentors arrive"),
        "mentoring/rounds/reminders.html",
        {"is_stopped": stopped},
        order=55,
    )


PROVIDERS = (
    to_confirm,
    log_now,
    needs_mentor,
    my_colleagues,
    town_totals,
    coordination,
    must_be_ready,
)
