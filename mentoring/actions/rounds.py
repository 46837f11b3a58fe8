"""The life of a round: what places need, what mentors bring, whether it goes ahead."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from competences.models import Competence
from mentoring.actions.following import open_pairing, tell_round
from mentoring.actions.readiness import begin_list, follow_need
from mentoring.models import (
    FixedPair,
    Need,
    NeedLanguage,
    ReadinessItem,
    Round,
    RoundDecision,
    RoundTag,
    Stay,
    StayWindow,
    StayWish,
)
from people.models import Organisation, Person, Place

MOST_WINDOWS = 3
MOST_WISHES = 5


class RoundRefused(ValidationError):
    """A change to a round was not accepted; nothing was saved.

    Codes: "closed", "period", "reason", "step", "municipalities", "outside", "invalid",
    "windows", "changed", "locked".
    """

    def __init__(self, message: Any, code: str) -> None:
        super().__init__(message, code=code)
        self.code = code


@dataclass(frozen=True, slots=True)
class NeedFacts:
    """What a place asks for, as a form or a file gives it."""

    place: Place
    kind: str
    seats: int
    starts_on: date
    ends_on: date
    profession: str = ""
    has_interpreter: bool = False
    languages: Mapping[str, int] = field(default_factory=dict)
    competences: Sequence[Competence] = ()
    owner: Person | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class StayFacts:
    """What a mentor brings, as a form or a file gives it.

    ``windows`` are form, first day and first day after; ``wishes`` stand in their order.
    """

    person: Person
    profession: str
    windows: Sequence[tuple[str, date, date]]
    most_colleagues: int = 2
    competences: Sequence[Competence] = ()
    wishes: Sequence[Place] = ()
    travels_with: Sequence[Person] = ()
    note: str = ""


# --- The round ------------------------------------------------------------------------------------


@transaction.atomic
def save_round(
    key: UUID,
    *,
    title: str,
    municipalities: Iterable[Organisation],
    starts_on: date,
    ends_on: date,
    by: Person | None,
    at: datetime,
    profession: str = "",
    goals: str = "",
    fewest_days: int = 28,
    recommendations: Iterable[int] = (),
) -> Round:
    """Plan a round, or change the one with that key; sent twice, it is made once.

    Raises:
        RoundRefused: With code "period" if it ends before it begins, "municipalities" without
            one, or when a need lies outside the new ones, "closed" for a closed round.
    """
    chosen = list(municipalities)
    if ends_on <= starts_on:
        raise RoundRefused(
            _("The last day lies before the first. Change one of them."), code="period"
        )
    if not chosen:
        raise RoundRefused(_("Choose at least one municipality."), code="municipalities")
    planned = Round.objects.select_for_update(no_key=True).filter(pk=key).first()
    if planned is None:
        planned = Round(pk=key, created_by=by, created_at=at)
    elif planned.state == Round.State.CLOSED:
        raise RoundRefused(_("The round is closed."), code="closed")
    planned.title, planned.goals, planned.profession = title, goals, profession
    planned.starts_on, planned.ends_on, planned.fewest_days = starts_on, ends_on, fewest_days
    planned.full_clean()
    planned.save()
    outside = Need.objects.standing().filter(round=planned)
    if outside.exclude(place__municipality__in=chosen).exists():
        raise RoundRefused(
            _("A town of another municipality asks for mentors in this round. Take it out first."),
            code="municipalities",
        )
    planned.municipalities.set(chosen)
    planned.tags.all().delete()
    RoundTag.objects.bulk_create(
        RoundTag(round=planned, number=number) for number in sorted(set(recommendations))
    )
    return planned


#: Where a round can go from each state; closing is for good.
NEXT = {
    Round.State.PLANNED: (Round.State.GOING, Round.State.PUT_OFF, Round.State.CLOSED),
    Round.State.GOING: (Round.State.PUT_OFF, Round.State.PLANNED, Round.State.CLOSED),
    Round.State.PUT_OFF: (Round.State.PLANNED, Round.State.GOING, Round.State.CLOSED),
    Round.State.CLOSED: (),
}


def asks_for_a_reason(planned: Round, to: str, *, on: date) -> bool:
    """Whether a step must be explained: putting off always, going ahead while something is late."""
    if to == Round.State.PUT_OFF:
        return True
    late = ReadinessItem.objects.filter(
        need__round=planned, need__withdrawn_at__isnull=True, done_at__isnull=True, due_on__lt=on
    )
    return to == Round.State.GOING and late.exists()


@transaction.atomic
def decide_round(
    planned: Round, to: str, *, reason: str, by: Person | None, at: datetime, on: date
) -> Round:
    """Let a round go ahead, put it off, plan it again or close it; the reason is kept.

    Whoever is in a pairing of it that has not begun is told when it is put off and when it is
    planned again. The days of the pairings stay until another proposal is accepted.

    Raises:
        RoundRefused: With code "step" for a state it cannot go to, "reason" without one where
            one is asked for.
    """
    planned = Round.objects.select_for_update(no_key=True).get(pk=planned.pk)
    if to not in NEXT[Round.State(planned.state)]:
        raise RoundRefused(_("The round has moved on. Look at it again."), code="step")
    if not reason.strip() and asks_for_a_reason(planned, to, on=on):
        raise RoundRefused(_("Write why, in a sentence."), code="reason")
    RoundDecision.objects.create(
        round=planned, state=to, reason=reason, decided_by=by, decided_at=at
    )
    was, planned.state = planned.state, to
    planned.save(update_fields=["state"])
    if to == Round.State.PUT_OFF or (was == Round.State.PUT_OFF and planned.is_open):
        tell_round(planned, is_put_off=to == Round.State.PUT_OFF, at=at)
    return planned


def _open(planned: Round) -> Round:
    """The round, locked, if it is still being planned or goes ahead."""
    found = Round.objects.select_for_update(no_key=True).get(pk=planned.pk)
    if not found.is_open:
        raise RoundRefused(
            _("The round is put off or closed. Plan it again before you change anything."),
            code="closed",
        )
    return found


def _named(facts: Sequence[object]) -> str:
    return hashlib.sha256(repr([str(fact) for fact in facts]).encode()).hexdigest()[:16]


# --- Needs ----------------------------------------------------------------------------------------


def need_seen(need: Need) -> str:
    """Names what somebody saw of a need, so that nobody overwrites what came since."""
    return _named(
        [
            *(need.place_id, need.kind, need.seats, need.starts_on, need.ends_on),
            *(need.profession, need.has_interpreter, need.owner_id, need.note),
            sorted(need.languages.values_list("language", "level")),
            sorted(map(str, need.competences.values_list("pk", flat=True))),
        ]
    )


@transaction.atomic
def save_need(
    planned: Round, facts: NeedFacts, *, need: Need | None = None, seen: str | None = None
) -> Need:
    """Enter what a place asks for, or change it; what must be ready before comes along.

    When the arrival moves, what is not done yet is due as many days before it as it was; when the
    form becomes remote or no longer is, housing and workplace leave the list or come onto it;
    what was the local owner's or nobody's goes to the owner who is named instead. A pairing that
    was made for the need follows with the next proposal that is accepted; its town stays.

    Args:
        seen: What :func:`need_seen` said of the need that was changed.

    Raises:
        RoundRefused: With code "closed" for a round that is not open, "changed" when somebody
            else has changed the need since.
        ValidationError: By field, for what does not hold.
    """
    planned = _open(planned)
    arrival, form, owner = None, "", None
    if need is None:
        need = Need(round=planned)
    else:
        need = Need.objects.select_for_update(of=("self",), no_key=True).get(
            pk=need.pk, round=planned
        )
        if seen is not None and seen != need_seen(need):
            raise RoundRefused(
                _(
                    "Somebody else has changed this meanwhile. Look at yours again; "
                    "if you send it once more, yours counts."
                ),
                code="changed",
            )
        arrival, form, owner = need.starts_on, need.kind, need.owner_id
        _refuse_another_town(need, facts.place)
    need.place, need.kind, need.seats = facts.place, facts.kind, facts.seats
    need.starts_on, need.ends_on = facts.starts_on, facts.ends_on
    need.profession, need.has_interpreter = facts.profession, facts.has_interpreter
    need.owner, need.note = facts.owner, facts.note
    need.full_clean()
    need.save()
    need.languages.all().delete()
    NeedLanguage.objects.bulk_create(
        NeedLanguage(need=need, language=language, level=level)
        for language, level in sorted(facts.languages.items())
    )
    need.competences.set(facts.competences)
    if arrival is None:
        begin_list(need)
    else:
        follow_need(need, arrival, form, owner)
    return need


def _refuse_another_town(need: Need, place: Place) -> None:
    """Roles, readiness and log of a pairing belong to its town: it never moves to another."""
    if need.place_id == place.pk or open_pairing(need) is None:
        return
    raise ValidationError(
        {
            "place": _(
                "Training is planned in %(town)s already, so the town stays. Take this out of the "
                "round and enter what the other town needs."
            )
            % {"town": need.place}
        }
    )


# --- Stays ----------------------------------------------------------------------------------------


def stay_seen(stay: Stay) -> str:
    """Names what somebody saw of a stay, as :func:`need_seen`."""
    return _named(
        [
            *(stay.profession, stay.most_colleagues, stay.note),
            sorted(stay.windows.values_list("kind", "starts_on", "ends_on")),
            sorted((at, str(place)) for place, at in stay.wishes.values_list("place", "position")),
            sorted(map(str, stay.competences.values_list("pk", flat=True))),
            sorted(map(str, stay.travels_with.values_list("person", flat=True))),
        ]
    )


@transaction.atomic
def save_stay(
    planned: Round, facts: StayFacts, *, stay: Stay | None = None, seen: str | None = None
) -> Stay:
    """Enter what a mentor brings, or change it. The person of a stay never changes.

    Raises:
        RoundRefused: With code "closed" for a round that is not open, "windows" without a day
            to come or with one that never touches the round, "outside" for a wish or a
            companion outside the round, "changed" as for a need.
        ValidationError: By field, for what does not hold.
    """
    planned = _open(planned)
    if stay is None:
        stay = Stay(round=planned, person=facts.person)
    else:
        stay = Stay.objects.select_for_update(of=("self",), no_key=True).get(
            pk=stay.pk, round=planned
        )
        if seen is not None and seen != stay_seen(stay):
            raise RoundRefused(
                _(
                    "Somebody else has changed this meanwhile. Look at yours again; "
                    "if you send it once more, yours counts."
                ),
                code="changed",
            )
    _refuse_windows(planned, facts.windows)
    stay.profession, stay.note = facts.profession, facts.note
    stay.most_colleagues = facts.most_colleagues
    stay.full_clean()
    stay.save()
    stay.windows.all().delete()
    StayWindow.objects.bulk_create(
        StayWindow(stay=stay, kind=kind, starts_on=starts, ends_on=ends)
        for kind, starts, ends in sorted(set(facts.windows))
    )
    stay.competences.set(facts.competences)
    wishes = list(dict.fromkeys(facts.wishes))
    inside = set(planned.municipalities.values_list("pk", flat=True))
    if any(place.municipality_id not in inside for place in wishes):
        raise RoundRefused(_("A wish lies outside the municipalities of the round."), "outside")
    stay.wishes.all().delete()
    StayWish.objects.bulk_create(
        StayWish(stay=stay, place=place, position=at) for at, place in enumerate(wishes, start=1)
    )
    others = Stay.objects.filter(round=planned, person__in=facts.travels_with).exclude(pk=stay.pk)
    if {one.person_id for one in others} != {one.pk for one in facts.travels_with} - {
        stay.person_id
    }:
        raise RoundRefused(
            _("A companion has no stay in the round. Enter theirs first."), "outside"
        )
    stay.travels_with.set(others)
    return stay


def _refuse_windows(planned: Round, windows: Sequence[tuple[str, date, date]]) -> None:
    if not windows:
        raise RoundRefused(_("Write when the mentor can come."), code="windows")
    for _kind, starts, ends in windows:
        if ends <= starts:
            raise RoundRefused(
                _("The last day lies before the first. Change one of them."), code="windows"
            )
        if starts >= planned.known_end or ends <= planned.starts_on:
            raise RoundRefused(_("These days lie outside the period of the round."), code="windows")
    if len({(kind, starts) for kind, starts, _ends in windows}) < len(set(windows)):
        raise RoundRefused(_("Two windows in the same form begin on the same day."), code="windows")


# --- Taking out, and rules about pairs ------------------------------------------------------------


@transaction.atomic
def take_out(planned: Round, one: "Need | Stay", *, at: datetime) -> None:
    """Take a need or a stay out of the round; it can be put back as it was.

    Raises:
        RoundRefused: With code "closed" for a round that is not open.
    """
    _open(planned)
    type(one).objects.filter(pk=one.pk, withdrawn_at__isnull=True).update(withdrawn_at=at)


@transaction.atomic
def put_back(planned: Round, one: "Need | Stay") -> None:
    """Put a need or a stay back into the round.

    Raises:
        RoundRefused: With code "closed" for a round that is not open.
    """
    _open(planned)
    type(one).objects.filter(pk=one.pk).update(withdrawn_at=None)


@transaction.atomic
def fix_pair(planned: Round, stay: Stay, need: Need, kind: str) -> None:
    """Lock or forbid a pair in every proposal to come, or ("") neither.

    Raises:
        RoundRefused: With code "closed" for a round that is not open, "locked" when the mentor is
            locked to another place, or as many are locked to this one as it has seats.
    """
    _open(planned)
    FixedPair.objects.filter(stay=stay, need=need).delete()
    if not kind:
        return
    if kind == FixedPair.Kind.LOCKED:
        locked = FixedPair.objects.filter(round=planned, kind=kind, stay__withdrawn_at=None)
        if locked.filter(need=need).count() >= need.seats:
            raise RoundRefused(
                _("As many mentors are locked to this place as it asks for."), code="locked"
            )
    try:
        with transaction.atomic():
            FixedPair.objects.create(round=planned, stay=stay, need=need, kind=kind)
    except IntegrityError:
        raise RoundRefused(
            _("The mentor is locked to another place. Lift that first."), code="locked"
        ) from None
