"""After an event: who was there, how it was, what came of it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from cooperation.decisions.actions import decide, give_action
from cooperation.events.actions.refusing import EventRefused, locked
from cooperation.models import (
    MOST_TITLE,
    Body,
    EvaluationAnswer,
    EvaluationQuestion,
    Event,
    EventAttendance,
    EventOutput,
    Participant,
)
from cooperation.practice.actions import save_practice
from core.periods import local_day
from people.models import Person

#: What every event is asked about unless its host asks something else.
USUAL_QUESTIONS = (
    ("scale", "Hvor godt passede programmet til dit arbejde?"),
    ("scale", "Hvor meget kan du bruge i din hverdag?"),
    ("scale", "Hvor godt var det praktiske (rejse, ophold, lokaler)?"),
    ("scale", "Hvor godt var tolkning og sprog?"),
    ("words", "Hvad skal vi gøre igen?"),
    ("words", "Hvad skal vi gøre anderledes næste gang?"),
)


@transaction.atomic
def note_attendance(
    event: Event,
    day: date,
    present: Collection[UUID],
    *,
    shown: Collection[UUID] = (),
    by: Person,
    at: datetime,
) -> int:
    """Note who was there on ``day``; how many were, with those that others have noted.

    Two may tick at two doors: only who is ticked and was not, or was and is not, changes.

    Args:
        present: Who is ticked.
        shown: Who was ticked when ``by`` began.

    Raises:
        EventRefused: With code "days" for a day that is none of the event's or is to come,
            "cancelled".
    """
    event = locked(event)
    if day not in event.days or day > local_day(at):
        raise EventRefused(_("Choose a day of the event that has begun."), "days")
    seated = Participant.objects.seated().filter(invitation__event=event)
    come, gone = set(present) - set(shown), set(shown) - set(present)
    noted = EventAttendance.objects.filter(participant__in=seated.values("pk"), held_on=day)
    noted.filter(participant__in=gone).delete()
    known = set(noted.values_list("participant_id", flat=True))
    new = set(seated.filter(pk__in=come).values_list("pk", flat=True)) - known
    EventAttendance.objects.bulk_create(
        EventAttendance(participant_id=key, held_on=day, noted_by=by, noted_at=at)
        for key in sorted(new)
    )
    return len(known | new)


# --- Evaluation -----------------------------------------------------------------------------------


def questions_of(event: Event) -> list[EvaluationQuestion]:
    """What participants are asked; the usual questions, not saved, while the host chose none."""
    own = list(event.questions.order_by("position"))
    return own or [
        EvaluationQuestion(event=event, position=position, kind=kind, text_da=text)
        for position, (kind, text) in enumerate(USUAL_QUESTIONS, start=1)
    ]


@transaction.atomic
def ask_questions(event: Event, given: Sequence[tuple[str, str, str]], *, until: date) -> None:
    """Choose what participants are asked, and until when.

    Raises:
        EventRefused: With code "over" once somebody has answered, "days" when the last day lies
            before the end of the event, "cancelled".
    """
    event = locked(event)
    if EvaluationAnswer.objects.filter(question__event=event).exists():
        raise EventRefused(
            _("Somebody has answered. The questions cannot be changed any more."), "over"
        )
    if until < event.evaluation_begins_on:
        raise EventRefused({"evaluate_until": _("Choose a day after the event.")}, "days")
    event.evaluate_until = until
    event.save(update_fields=["evaluate_until"])
    event.questions.all().delete()
    for position, (kind, text_da, text_kl) in enumerate(given, start=1):
        question = EvaluationQuestion(
            event=event, position=position, kind=kind, text_da=text_da, text_kl=text_kl
        )
        question.full_clean()
        question.save()


@transaction.atomic
def keep_usual_questions(event: Event) -> None:
    """Save the usual questions where the host chose none, so that answers can point at them."""
    event = locked(event)
    if not event.questions.exists():
        EvaluationQuestion.objects.bulk_create(questions_of(event))


@transaction.atomic
def answer_evaluation(
    participant: Participant, answers: Mapping[EvaluationQuestion, Any], *, at: datetime
) -> None:
    """Keep the answers without whose they are, and on another row that somebody has answered.

    It cannot be taken back: nobody could find the answers again.

    Raises:
        EventRefused: With code "twice" for a second sheet, "over" outside the days for answers.
    """
    event = locked(participant.invitation.event)
    found = Participant.objects.select_for_update(of=("self",), no_key=True).get(pk=participant.pk)
    if not event.is_evaluated(on=local_day(at)):
        raise EventRefused(_("Answers are not taken today."), "over")
    if found.evaluated_on is not None:
        raise EventRefused(_("You have answered already. Thank you."), "twice")
    rows = []
    for question, value in answers.items():
        is_scale = question.kind == EvaluationQuestion.Kind.SCALE
        row = EvaluationAnswer(
            question=question, score=value if is_scale else None, words="" if is_scale else value
        )
        row.full_clean()
        rows.append(row)
    EvaluationAnswer.objects.bulk_create(rows)
    found.evaluated_on = local_day(at)
    found.save(update_fields=["evaluated_on"])


# --- Outputs --------------------------------------------------------------------------------------


@transaction.atomic
def write_output(event: Event, key: UUID, text: str, *, by: Person, at: datetime) -> EventOutput:
    """Keep what came of an event; sent twice, it stands there once.

    Raises:
        EventRefused: With code "twice" for a key of another event.
    """
    output = EventOutput.objects.filter(pk=key).first()
    if output is not None:
        if output.event_id != event.pk:
            raise EventRefused(_("Open the page again."), "twice")
        return output
    output = EventOutput(pk=key, event=event, text=text, written_by=by, written_at=at)
    output.full_clean()
    output.save(force_insert=True)
    return output


@transaction.atomic
def become_decision(
    output: EventOutput, *, body: Body, title_da: str, decided_on: date, by: Person, at: datetime
) -> EventOutput:
    """Let a body decide what came of an event; the decision says where it comes from.

    Raises:
        EventRefused: With code "twice" when it has become something else already.
        CooperationRefused: As for any decision.
    """
    output = _open_output(output)
    output.decision = decide(
        body,
        key=_key_of(output, "decision"),
        title_da=title_da,
        text_da=output.text,
        decided_on=decided_on,
        source=_source_of(output),
        by=by,
        at=at,
    )
    output.save(update_fields=["decision"])
    return output


@transaction.atomic
def become_action(
    output: EventOutput,
    *,
    body: Body,
    text: str,
    owner: Person,
    due_on: date,
    by: Person,
    at: datetime,
) -> EventOutput:
    """Let somebody do something about what came of an event, for a body; the owner is told.

    Raises:
        EventRefused: With code "twice" when it has become something else already.
        CooperationRefused: As for any action.
    """
    output = _open_output(output)
    output.action = give_action(
        body,
        key=_key_of(output, "action"),
        text=text,
        owner=owner,
        due_on=due_on,
        source=_source_of(output),
        by=by,
        at=at,
    )
    output.save(update_fields=["action"])
    return output


@transaction.atomic
def become_practice(output: EventOutput, *, by: Person, at: datetime) -> EventOutput:
    """Begin an example of good practice with it: a draft of the host's, to be written on.

    Raises:
        EventRefused: With code "twice" when it has become something else already.
    """
    output = _open_output(output)
    output.practice = save_practice(
        _key_of(output, "practice"),
        seen=None,
        initiatives=(),
        by=by,
        at=at,
        organisation=output.event.host,
        place=output.event.place,
        title_da=first_line(output),
        done_da=output.text,
        source=_source_of(output),
    )
    output.save(update_fields=["practice"])
    return output


def first_line(output: EventOutput) -> str:
    """What it may be called: its first line, as long as a title can be."""
    return output.text.strip().splitlines()[0][:MOST_TITLE]


def _open_output(output: EventOutput) -> EventOutput:
    found = EventOutput.objects.select_for_update(of=("self",), no_key=True).select_related(
        "event__host", "event__place"
    )
    now = found.get(pk=output.pk)
    if now.is_settled:
        raise EventRefused(_("It has become something already."), "twice")
    return now


def _key_of(output: EventOutput, kind: str) -> UUID:
    return uuid5(output.pk, kind)


def _source_of(output: EventOutput) -> str:
    return str(output.event.title_da)[:MOST_TITLE]
