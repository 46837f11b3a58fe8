"""What falls due with events: seats to deal, answers to ask for, a notice, the evaluation."""

from datetime import datetime, timedelta

from cooperation.events.actions.dealing import deal_due
from cooperation.events.telling import tell_participant, tell_to_answer
from cooperation.models import Event, Invitation, Participant, ParticipantQuerySet
from core.periods import is_working_hour, local_day, midnight

#: How long before the last day for answers, and before the event, people are reminded.
BEFORE_ANSWER = timedelta(days=3)
BEFORE_EVENT = timedelta(days=7)


def look_after_events(at: datetime) -> None:
    """Deal what is due at any hour; remind people of it by day."""
    deal_due(at)
    if is_working_hour(at):
        ask_for_answers(at)
        give_notice(at)
        ask_how_it_was(at)


def ask_for_answers(at: datetime) -> int:
    """Remind of each unanswered invitation once, some days before the last day; how many."""
    today = local_day(at)
    due = Invitation.objects.unanswered().filter(
        reminded_at__isnull=True,
        event__state=Event.State.OPEN,
        event__answer_by__gte=today,
        event__answer_by__lte=today + BEFORE_ANSWER,
    )
    count = 0
    for invitation in due.select_related("event__place", "organisation").order_by("pk"):
        taken = Invitation.objects.filter(pk=invitation.pk, reminded_at__isnull=True)
        if taken.update(reminded_at=at):
            tell_to_answer(invitation.event, invitation, on=today)
            count += 1
    return count


def give_notice(at: datetime) -> int:
    """Remind everybody who has had a seat for some time once, a week before; how many.

    Whoever got it in the last week has just read the same.
    """
    today = local_day(at)
    due = Participant.objects.seated().filter(
        reminded_at__isnull=True,
        invitation__event__state=Event.State.OPEN,
        invitation__event__starts_on__gt=today,
        invitation__event__starts_on__lte=today + BEFORE_EVENT,
    )
    return _remind(due, "event_soon", at)


def ask_how_it_was(at: datetime) -> int:
    """Ask everybody who had a seat once, from the day after it on; how many."""
    today = local_day(at)
    count = 0
    over = Event.objects.standing().filter(ends_on__lte=today + timedelta(days=1))
    for event in over.filter(ends_on__gt=today - timedelta(days=60)).order_by("pk"):
        if not event.is_evaluated(on=today) or today == event.evaluation_begins_on:
            continue  # the day after its last day: then they are home
        due = Participant.objects.seated().filter(invitation__event=event, evaluated_on=None)
        unasked = due.filter(asked_how_at__isnull=True)
        for participant in unasked.select_related("person", "invitation__event__place"):
            if participant.person_id is None and not participant.email:
                continue  # nobody knows where to ask
            mine = Participant.objects.filter(pk=participant.pk, asked_how_at__isnull=True)
            if mine.update(asked_how_at=at):
                tell_participant("evaluate", event, participant, url="cooperation:evaluate")
                count += 1
    return count


def _remind(due: ParticipantQuerySet, kind: str, at: datetime) -> int:
    count = 0
    for participant in due.select_related("person", "invitation__event__place").order_by("pk"):
        mine = Participant.objects.filter(pk=participant.pk, reminded_at__isnull=True)
        event = participant.invitation.event
        week_before = midnight(event.starts_on - BEFORE_EVENT)
        is_news = participant.seated_at is not None and participant.seated_at < week_before
        if mine.update(reminded_at=at) and is_news:
            tell_participant(kind, event, participant)
            count += 1
    return count
