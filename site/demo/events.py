"""The demo's seminars: one to come with a full workshop, one that is over and was evaluated."""

import uuid
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cooperation.decisions.actions import give_action
from cooperation.events.actions.afterwards import (
    become_decision,
    first_line,
    keep_usual_questions,
    note_attendance,
    write_output,
)
from cooperation.events.actions.dealing import deal_seats
from cooperation.events.actions.inviting import save_invitation, send_invitations
from cooperation.events.actions.planning import announce, save_event, save_item, save_series
from cooperation.events.actions.registering import (
    Entry,
    choose_workshops,
    save_delegation,
    say_needs,
)
from cooperation.models import (
    Body,
    EvaluationAnswer,
    Event,
    EventOutput,
    EventSeries,
    Participant,
    ProgrammeItem,
)
from core.periods import local_day
from demo.content import demo_id, read
from notices.models import Notice
from people.models import Organisation, Person, Place

_ITEM = ("title_da", "minutes", "room", "theme", "speakers", "capacity", "about_da")
_EVENT = (
    *("kind", "title_da", "about_da", "venue", "starts_on", "ends_on", "answer_by", "seats"),
    *("travel_da", "lodging_da", "practical_da", "evaluate_until"),
)


def load_events(people: dict[str, Person], *, at: datetime) -> None:
    """Hold every event where it is missing; what was told of it counts as read."""
    content = read("events.toml", today=local_day(at))
    organisations = {one.key: one for one in Organisation.objects.all()}
    towns = {one.key: one for one in Place.objects.all()}
    told = set(Notice.objects.values_list("pk", flat=True))
    series = _load_series(content["series"], organisations, towns, at=at)
    for row in content["events"]:
        if not Event.objects.filter(pk=demo_id("event", row["key"])).exists():
            _load_event(row, series, people, organisations, towns, at=at)
    new = Notice.objects.exclude(pk__in=told).filter(kind__startswith="cooperation.")
    new.update(read_at=at, digest_at=None)


def _load_series(
    row: dict[str, Any],
    organisations: dict[str, Organisation],
    towns: dict[str, Place],
    *,
    at: datetime,
) -> EventSeries:
    key = demo_id("series", row["key"])
    found = EventSeries.objects.filter(pk=key).first()
    return found or save_series(
        key,
        title_da=row["title_da"],
        about_da=row["about_da"],
        keeper=organisations[row["keeper"]],
        next_host=organisations[row["next_host"]],
        next_place=towns[row["next_place"]],
        next_on=row["next_on"],
        by=None,
        at=at,
    )


def _load_event(
    row: dict[str, Any],
    series: EventSeries,
    people: dict[str, Person],
    organisations: dict[str, Organisation],
    towns: dict[str, Place],
    *,
    at: datetime,
) -> None:
    place = towns[row["place"]]
    zone = ZoneInfo(place.time_zone)
    asked_at = _noon(row["asked_on"], zone)
    event = save_event(
        demo_id("event", row["key"]),
        by=people[row["made_by"]],
        at=asked_at,
        series=series if row.get("series") else None,
        host=organisations[row["host"]],
        place=place,
        **{name: row[name] for name in _EVENT if name in row},
    )
    workshops = _load_programme(event, row["programme"], zone, at=asked_at)
    announce(event, at=asked_at)
    for invited in row["invitations"]:
        save_invitation(
            event,
            _key(row, invited),
            organisation=organisations[invited["organisation"]],
            role=invited["role"],
            seats=invited["seats"],
            at=asked_at,
        )
    send_invitations(event, at=asked_at)
    for number, invited in enumerate(row["invitations"]):
        if invited["people"]:
            answered_at = asked_at + timedelta(days=number)
            _register(event, row, invited, people, workshops, at=answered_at)
    deal_seats(event, at=_noon(row["answer_by"] + timedelta(days=1), zone))
    if "scores" in row:
        _load_aftermath(event, row, people, zone, at=at)


def _noon(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(12), zone)


def _key(row: dict[str, Any], invited: dict[str, Any]) -> uuid.UUID:
    return demo_id("invitation", f"{row['key']}:{invited['organisation']}:{invited['role']}")


def _load_programme(
    event: Event, rows: list[dict[str, Any]], zone: ZoneInfo, *, at: datetime
) -> dict[str, ProgrammeItem]:
    found = {}
    for number, row in enumerate(rows, start=1):
        day = event.starts_on + timedelta(days=row["day"] - 1)
        item = save_item(
            event,
            demo_id("programme", f"{event.pk}:{number}"),
            starts_at=datetime.combine(day, row["clock"], zone),
            at=at,
            **{name: row[name] for name in _ITEM if name in row},
        )
        if "key" in row:
            found[row["key"]] = item
    return found


def _register(
    event: Event,
    row: dict[str, Any],
    invited: dict[str, Any],
    people: dict[str, Person],
    workshops: dict[str, ProgrammeItem],
    *,
    at: datetime,
) -> None:
    invitation = event.invitations.get(pk=_key(row, invited))
    entries, chosen = [], {item: set[uuid.UUID]() for item in workshops.values()}
    for number, one in enumerate(invited["people"], start=1):
        person = people[one["person"]] if "person" in one else None
        key = demo_id("participant", f"{invitation.pk}:{number}")
        entries.append(
            Entry(
                key=key,
                name=person.name if person else one["name"],
                sector=one["sector"],
                email=person.email if person else "",
                title=one.get("title", ""),
            )
        )
        for workshop in one.get("workshops", ()):
            chosen[workshops[workshop]].add(key)
    save_delegation(
        invitation,
        entries,
        all_or_none=invited.get("all_or_none", False),
        by=people[invited["answered_by"]],
        at=at,
    )
    if workshops:
        choose_workshops(invitation, chosen, at=at)
        first = Participant.objects.get(pk=entries[0].key)
        say_needs(first, lodging=True, travel="Kommer dagen før.", diet="", access="", at=at)


def _load_aftermath(
    event: Event,
    row: dict[str, Any],
    people: dict[str, Person],
    zone: ZoneInfo,
    *,
    at: datetime,
) -> None:
    by = people[row["made_by"]]
    seated = list(Participant.objects.seated().filter(invitation__event=event).order_by("pk"))
    for day in event.days:
        note_attendance(event, day, {one.pk for one in seated}, by=by, at=_noon(day, zone))
    keep_usual_questions(event)
    scales = event.questions.filter(kind="scale").order_by("position")
    for question, scores in zip(scales, row["scores"], strict=True):
        EvaluationAnswer.objects.bulk_create(
            EvaluationAnswer(question=question, score=score) for score in scores
        )
    in_words = event.questions.filter(kind="words").order_by("position")
    for question, said in zip(in_words, row["words"], strict=True):
        EvaluationAnswer.objects.bulk_create(
            EvaluationAnswer(question=question, words=words) for words in said
        )
    Participant.objects.filter(pk__in=[one.pk for one in seated]).update(
        evaluated_on=event.evaluation_begins_on
    )
    for number, facts in enumerate(row["outputs"], start=1):
        written_at = _noon(event.evaluation_begins_on, zone) + timedelta(minutes=number)
        key = demo_id("output", f"{event.pk}:{number}")
        output = write_output(event, key, facts["text"], by=by, at=written_at)
        if "decided_by" in facts:
            _decide(output, facts, people, by=by, at=at)


def _decide(
    output: EventOutput,
    facts: dict[str, Any],
    people: dict[str, Person],
    *,
    by: Person,
    at: datetime,
) -> None:
    """What came of it was decided, and somebody was to do something about it by now."""
    body = Body.objects.get(pk=demo_id("body", facts["decided_by"]))
    decided_on = output.event.evaluation_begins_on
    output = become_decision(
        output, body=body, title_da=first_line(output), decided_on=decided_on, by=by, at=at
    )
    give_action(
        body,
        key=demo_id("action", str(output.pk)),
        text=facts["action"],
        owner=people[facts["owner"]],
        organisation=Organisation.objects.get(key=facts["organisation"]),
        due_on=local_day(at) + timedelta(days=facts["due"]),
        decision=output.decision,
        by=people[facts["owner"]],
        at=at,
    )
