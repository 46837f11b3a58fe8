"""Every change of a learning goal: proposed, answered, ended, planned in weeks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from competences.models import Competence, CompetenceText, Level
from core import telling
from core.periods import local_day, not_retired, valid_on
from mentoring.actions.pointing_out import point_out
from mentoring.content import clean_text
from mentoring.goals.actions.refusing import GoalRefused, changed_meanwhile
from mentoring.goals.weeks import weeks_ahead
from mentoring.models import MOST_GOALS, Goal, GoalTerms, GoalWeek, Mode, Pairing, PairingMember
from mentoring.models.goals import further
from people.models import Person

Side = PairingMember.Side


State, Said = Goal.State, GoalTerms.State


#: As far ahead as a goal can be set.
AT_MOST_AHEAD = timedelta(days=2 * 366)


@dataclass(frozen=True, slots=True)
class Terms:
    """What is proposed: from where to where, by when, and perhaps why."""

    start: str
    target: str
    due_on: date
    why: str = ""

    def judged(self, *, at: datetime, looked_again: bool) -> "Terms":
        """The terms as they are kept.

        Raises:
            GoalRefused: With code "terms", for each field that is wrong.
            LookAgain: The text holds something to look at once more.
        """
        errors: dict[str, Any] = {}
        why = ""
        try:
            why = clean_text(self.why).strip()
        except ValidationError as error:
            errors["why"] = error.error_list
        if {self.start, self.target} - set(Level.values):
            errors["target"] = [_("Choose one of the four steps.")]
        elif not further(self.start, self.target):
            errors["target"] = [_("Choose a step further on than the one of today.")]
        today = local_day(at)
        if self.due_on < today:
            errors["due_on"] = [_("Choose a day that is not over.")]
        elif self.due_on > today + AT_MOST_AHEAD:
            errors["due_on"] = [_("Choose a day within two years.")]
        if errors:
            raise GoalRefused(errors, code="terms")
        point_out({"why": why}, at=at, looked_again=looked_again)
        return Terms(self.start, self.target, self.due_on, why)

    @classmethod
    def of(cls, terms: GoalTerms) -> "Terms":
        """What a row says."""
        return cls(terms.start, terms.target, terms.due_on, terms.why)


def propose_goal(
    by: Person,
    person: Person,
    competence: Competence,
    terms: Terms,
    *,
    at: datetime,
    looked_again: bool = False,
) -> Goal:
    """Propose a goal for ``person``, who proposes it or whose mentor does; the others are told.

    Proposing the very same twice gives the goal that stands and tells nobody again.

    Raises:
        GoalRefused: With code "terms", "no_mentor", "there" or "many".
        LookAgain: See :meth:`Terms.judged`.
    """
    terms = terms.judged(at=at, looked_again=looked_again)
    with transaction.atomic():
        # One at a time for each.
        person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        pairing = _pairing_of(by, person, at=at)
        live = {goal.competence_id: goal for goal in _live(person)}
        if (there := live.get(competence.pk)) is not None:
            if there.held is None and _says(there.waiting, terms, by=by):
                return there
            raise GoalRefused(
                _("There is a goal for this competence already. Change that one."), code="there"
            )
        if not _is_offered(competence, on=local_day(at)):
            raise GoalRefused({"competence": [_("Choose from the list.")]}, code="terms")
        if len(live) >= MOST_GOALS:
            raise GoalRefused(
                _("There are %(most)d goals already. Finish or stop one first."),
                code="many",
                params={"most": MOST_GOALS},
            )
        goal = Goal.objects.create(
            person=person, competence=competence, pairing=pairing, made_at=at
        )
        _propose(goal, terms, by=by, number=1, at=at)
        return goal


def propose_change(
    by: Person, goal: Goal, terms: Terms, *, seen: int, at: datetime, looked_again: bool = False
) -> Goal:
    """Propose other terms for a live goal; what was agreed holds until the other side answers.

    Args:
        seen: The number of the newest terms that ``by`` saw.

    Raises:
        GoalRefused: With code "terms", "no_mentor", "ended", "changed" or "same".
        LookAgain: See :meth:`Terms.judged`.
    """
    terms = terms.judged(at=at, looked_again=looked_again)
    with transaction.atomic():
        goal = _locked(goal)
        _stand(by, goal.person, at=at)
        if not goal.is_live:
            raise GoalRefused(_("The goal has ended. Take it up again first."), code="ended")
        if _says(goal.waiting, terms, by=by):
            return goal
        newest = goal.terms.order_by("-number").first()
        if newest is None or newest.number != seen:
            raise changed_meanwhile()
        if goal.held is not None and Terms.of(goal.held) == terms:
            raise GoalRefused(_("This is what is agreed already."), code="same")
        if goal.waiting is not None:
            _answer(goal.waiting, Said.REPLACED, by=by, at=at)
        _propose(goal, terms, by=by, number=newest.number + 1, at=at)
        return goal


@transaction.atomic
def accept(by: Person, terms: GoalTerms, *, at: datetime) -> Goal:
    """Agree to what the other side proposed; they are told. Agreeing twice changes nothing.

    Raises:
        GoalRefused: With code "no_mentor", "own", or "changed" when it no longer waits.
    """
    goal, terms = _answerable(by, terms, at=at)
    if terms.state == Said.HOLDS:
        return goal
    if terms.state != Said.WAITS:
        raise changed_meanwhile()
    if goal.held is not None:
        _answer(goal.held, Said.PAST, by=by, at=at)
    _answer(terms, Said.HOLDS, by=by, at=at)
    goal.state = State.AGREED
    goal.save(update_fields=["state"])
    _tell(goal, "mentoring.goal_agreed", by=by, at=at)
    return goal


@transaction.atomic
def decline(by: Person, terms: GoalTerms, *, at: datetime) -> Goal:
    """Say no to what the other side proposed; what was agreed before still holds.

    Raises:
        GoalRefused: As for accepting.
    """
    goal, terms = _answerable(by, terms, at=at)
    if terms.state == Said.DECLINED:
        return goal
    if terms.state != Said.WAITS:
        raise changed_meanwhile()
    _answer(terms, Said.DECLINED, by=by, at=at)
    _drop_without_terms(goal, by=by, at=at)
    _tell(goal, "mentoring.goal_declined", by=by, at=at)
    return goal


@transaction.atomic
def withdraw(by: Person, terms: GoalTerms, *, at: datetime) -> Goal:
    """Take back what the own side proposed, while nobody has answered.

    Raises:
        GoalRefused: With code "no_mentor", "own" for the other side's, or "changed".
    """
    goal = _locked(terms.goal)
    _stand(by, goal.person, at=at)
    terms = goal.terms.get(pk=terms.pk)
    if terms.is_by_person != (by.pk == goal.person_id):
        raise GoalRefused(_("The other side proposed it. Answer it instead."), code="own")
    if terms.state == Said.WITHDRAWN:
        return goal
    if terms.state != Said.WAITS:
        raise changed_meanwhile()
    _answer(terms, Said.WITHDRAWN, by=by, at=at)
    _drop_without_terms(goal, by=by, at=at)
    return goal


@transaction.atomic
def end_goal(by: Person, goal: Goal, state: str, *, at: datetime) -> Goal:
    """Say that an agreed goal is reached, or that they stop with it; the other side is told.

    Either side may say so; either may take it up again. A change that waits is taken back.

    Raises:
        GoalRefused: With code "no_mentor", or "changed" if it is not agreed any more.
    """
    goal = _locked(goal)
    _stand(by, goal.person, at=at)
    state = State(state)
    if goal.state == state and state in {State.REACHED, State.STOPPED}:
        return goal
    if goal.state != State.AGREED or state not in {State.REACHED, State.STOPPED}:
        raise changed_meanwhile()
    if goal.waiting is not None:
        _answer(goal.waiting, Said.WITHDRAWN, by=by, at=at)
    goal.state, goal.ended_at, goal.ended_by = state, at, by
    goal.save(update_fields=["state", "ended_at", "ended_by"])
    _tell(goal, f"mentoring.goal_{state}", by=by, at=at)
    return goal


@transaction.atomic
def take_up(by: Person, goal: Goal, *, at: datetime) -> Goal:
    """Go on with a goal that was reached or stopped, on the terms that were agreed.

    Raises:
        GoalRefused: With code "no_mentor", "changed" for a goal that was never agreed, "there"
            or "many" as for a new one.
    """
    person = Person.objects.select_for_update(no_key=True).get(pk=goal.person_id)
    goal = _locked(goal)
    _stand(by, person, at=at)
    if goal.state == State.AGREED:
        return goal
    if goal.state not in {State.REACHED, State.STOPPED}:
        raise changed_meanwhile()
    live = _live(person)
    if any(one.competence_id == goal.competence_id for one in live):
        raise GoalRefused(_("There is a newer goal for this competence."), code="there")
    if len(live) >= MOST_GOALS:
        raise GoalRefused(
            _("There are %(most)d goals already. Finish or stop one first."),
            code="many",
            params={"most": MOST_GOALS},
        )
    goal.state, goal.ended_at, goal.ended_by = State.AGREED, None, None
    goal.save(update_fields=["state", "ended_at", "ended_by"])
    return goal


@transaction.atomic
def plan_weeks(
    by: Person, goal: Goal, weeks: Mapping[date, str], *, seen: int, at: datetime
) -> Goal:
    """Say for weeks to come how they mean to work on ``goal``; what is past stays as planned.

    Args:
        weeks: By the Monday of each week on offer, a mode or nothing.
        seen: The ``plan_number`` that ``by`` saw.

    Raises:
        GoalRefused: With code "no_mentor", "ended", "weeks" for a week or a mode that is not on
            offer, "changed" when somebody else planned meanwhile, and not the same.
    """
    goal = _locked(goal)
    _stand(by, goal.person, at=at)
    if not goal.is_live:
        raise GoalRefused(_("The goal has ended. Take it up again first."), code="ended")
    offered = weeks_ahead(goal.person, on=local_day(at))
    if set(weeks) - set(offered) or set(weeks.values()) - {"", *Mode.values}:
        raise GoalRefused(_("Choose from the list."), code="weeks")
    wanted = {week: mode for week, mode in weeks.items() if mode}
    ahead = goal.weeks.filter(week_on__in=offered)
    if dict(ahead.values_list("week_on", "mode")) == wanted:
        return goal
    if goal.plan_number != seen:
        raise changed_meanwhile()
    ahead.delete()
    GoalWeek.objects.bulk_create(
        GoalWeek(goal=goal, week_on=week, mode=mode) for week, mode in wanted.items()
    )
    goal.plan_number += 1
    goal.save(update_fields=["plan_number"])
    return goal


def mentors_of(person: Person, *, on: date) -> "list[Person]":
    """Whoever stands on the mentors' side of a pairing of ``person`` on that day, by name."""
    pairings = PairingMember.objects.of(person, on=on).filter(side=Side.CASEWORKER)
    mentors = PairingMember.objects.filter(
        valid_on(on), pairing__in=pairings.values("pairing"), side=Side.MENTOR
    ).exclude(person=person)
    return list(Person.objects.filter(pk__in=mentors.values("person")).order_by("name", "pk"))


def _pairing_of(by: Person, person: Person, *, at: datetime) -> Pairing:
    """The newest pairing of today in which ``by`` and ``person`` can agree on something."""
    day = local_day(at)
    own = PairingMember.objects.of(person, on=day).filter(side=Side.CASEWORKER)
    mentors = PairingMember.objects.filter(valid_on(day), side=Side.MENTOR).exclude(person=person)
    if by.pk != person.pk:
        mentors = mentors.filter(person=by)
    pairing = (
        Pairing.objects.filter(pk__in=own.values("pairing"))
        .filter(pk__in=mentors.values("pairing"))
        .order_by("-starts_on", "pk")
        .first()
    )
    if pairing is None:
        raise _no_mentor()
    return pairing


def _stand(by: Person, person: Person, *, at: datetime) -> None:
    """Let through the person, and their mentors of today."""
    if by.pk != person.pk:
        _pairing_of(by, person, at=at)


def _no_mentor() -> GoalRefused:
    return GoalRefused(
        _("A goal is agreed between a caseworker and the mentor of today."), code="no_mentor"
    )


def _live(person: Person) -> list[Goal]:
    return list(Goal.objects.live().filter(person=person).with_terms())


def _locked(goal: Goal) -> Goal:
    return (
        Goal.objects.select_for_update(of=("self",), no_key=True)
        .select_related("person")
        .get(pk=goal.pk)
    )


def _is_offered(competence: Competence, *, on: date) -> bool:
    texts = CompetenceText.objects.in_force(on=on).filter(not_retired(on, "version__framework__"))
    return texts.filter(competence=competence).exists()


def _says(kept: GoalTerms | None, terms: Terms, *, by: Person) -> bool:
    """Whether ``kept`` is this very proposal, sent again."""
    return kept is not None and kept.proposed_by_id == by.pk and Terms.of(kept) == terms


def _propose(goal: Goal, terms: Terms, *, by: Person, number: int, at: datetime) -> None:
    GoalTerms.objects.create(
        goal=goal,
        number=number,
        start=terms.start,
        target=terms.target,
        due_on=terms.due_on,
        why=terms.why,
        proposed_by=by,
        is_by_person=by.pk == goal.person_id,
        proposed_at=at,
    )
    goal.__dict__.pop("open_terms", None)
    _tell(goal, "mentoring.goal_proposed", by=by, at=at)


def _answerable(by: Person, terms: GoalTerms, *, at: datetime) -> tuple[Goal, GoalTerms]:
    goal = _locked(terms.goal)
    _stand(by, goal.person, at=at)
    terms = goal.terms.get(pk=terms.pk)
    if terms.is_by_person == (by.pk == goal.person_id):
        raise GoalRefused(_("The other side answers what you propose."), code="own")
    return goal, terms


def _answer(terms: GoalTerms, state: str, *, by: Person, at: datetime) -> None:
    terms.state, terms.answered_by, terms.answered_at = state, by, at
    terms.save(update_fields=["state", "answered_by", "answered_at"])
    terms.goal.__dict__.pop("open_terms", None)  # read anew by whoever asks next


def _drop_without_terms(goal: Goal, *, by: Person, at: datetime) -> None:
    """End a goal that was never agreed and about which nothing waits any more."""
    if goal.state == State.PROPOSED:
        goal.state, goal.ended_at, goal.ended_by = State.DROPPED, at, by
        goal.save(update_fields=["state", "ended_at", "ended_by"])


def _tell(goal: Goal, kind: str, *, by: Person, at: datetime) -> None:
    """Tell the other side that something stands on the page of the goal; never what."""
    mine = by.pk == goal.person_id
    readers = mentors_of(goal.person, on=local_day(at)) if mine else [goal.person]
    for reader in readers:
        telling.tell(reader, kind, {}, url="mentoring:goal", url_args=[str(goal.pk)])
