"""The demo's pairings, what was logged in them, and how far two learners are."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from competences.models import Competence
from core.periods import local_day
from courses.actions import enrol, mark_read
from courses.models import Course, Lesson
from demo.content import demo_id, read
from demo.handovers import load_handovers
from mentoring.actions import (
    add_member,
    amend_session,
    change_state,
    confirm_sessions,
    create_pairing,
    log_session,
    set_done,
)
from mentoring.models import Agreement, Pairing, PlannedSession, Session
from mentoring.planning.actions import plan_session
from people.models import Person, Place

STATES = [
    Pairing.State.PLANNED,
    Pairing.State.READY,
    Pairing.State.ACTIVE,
    Pairing.State.HANDOVER,
    Pairing.State.CLOSED,
]
#: Who has begun the first course, and how many lessons they have read.
LEARNERS = [("sagsbehandler1", 5), ("sagsbehandler3", 2)]


def load_pairings(people: dict[str, Person], *, at: datetime) -> None:
    """Plan every pairing, log its sessions and take it to its state, where it is missing."""
    for row in read("pairings.toml", today=local_day(at))["pairings"]:
        place = Place.objects.get(key=row["town"])
        if not Pairing.objects.filter(place=place, starts_on=row["starts_on"]).exists():
            _load_pairing(row, place, people, at=at)


def load_plans(people: dict[str, Person], *, at: datetime) -> None:
    """Plan the next two sessions of the pairing in Sisimiut, where nothing is planned."""
    pairing = Pairing.objects.filter(place__key="sisimiut", state=Pairing.State.ACTIVE).first()
    if pairing is None or PlannedSession.objects.filter(pairing=pairing).exists():
        return
    zone = ZoneInfo(pairing.place.time_zone)
    today = at.astimezone(zone).date()
    for days, hour, mode, purpose in (
        (2, 10, "beside", "Øve kvitteringsbrevet."),
        (5, 13, "behind", ""),
    ):
        starts_at = datetime.combine(today + timedelta(days=days), time(hour), zone)
        mentor = people["mentor1"]
        plan_session(
            mentor, pairing, starts_at=starts_at, minutes=90, mode=mode, purpose=purpose, at=at
        )


def load_progress(people: dict[str, Person], *, at: datetime) -> None:
    """Let two caseworkers be part of the way through the first course."""
    course = Course.objects.offered().first()
    if course is None:
        return
    lessons = list(Lesson.objects.offered().filter(course=course))
    for key, read_count in LEARNERS:
        person = people[key]
        if not person.enrolments.filter(course=course).exists():
            begun_at = at - timedelta(days=9)
            enrol(course, person, at=begun_at)
            for number, lesson in enumerate(lessons[:read_count]):
                mark_read(lesson, person, at=begun_at + timedelta(days=number, hours=1))


def _load_pairing(
    row: dict[str, Any], place: Place, people: dict[str, Person], *, at: datetime
) -> None:
    def first(side: str) -> list[Person]:
        return [
            people[item["person"]]
            for item in row["members"]
            if item["side"] == side and item["starts_on"] == row["starts_on"]
        ]

    planned_at = min(_evening(row["starts_on"] - timedelta(days=30)), at)
    pairing = create_pairing(
        place,
        kind=row["kind"],
        starts_on=row["starts_on"],
        ends_on=row["ends_on"],
        mentors=first("mentor"),
        caseworkers=first("caseworker"),
        by=people["koordinator1"],
        at=planned_at,
        language_note=row.get("language_note_da", ""),
        recommendations=row["tags"],
        periods={
            people[item["person"]].pk: (item["starts_on"], item["ends_on"])
            for item in row["members"]
            if item["side"] == "mentor"
        },
    )
    for item in row["members"]:
        if item["starts_on"] != row["starts_on"]:
            add_member(
                pairing,
                people[item["person"]],
                item["side"],
                starts_on=item["starts_on"],
                ends_on=item.get("ends_on"),
            )
    for number, session in enumerate(row.get("sessions", [])):
        if _evening(session["date"]) < at:
            _log(pairing, f"{row['key']}-{number}", session, people, place)
    for state in STATES[1 : STATES.index(row["state"]) + 1]:
        if state == Pairing.State.CLOSED:
            break  # the last handover closes it
        ends = row["ends_on"] if state == Pairing.State.HANDOVER else None
        pairing = change_state(pairing, state, at=min(at, _evening(ends or row["starts_on"])))
    load_handovers(pairing, row, people, at=at)


def _log(
    pairing: Pairing, key: str, row: dict[str, Any], people: dict[str, Person], place: Place
) -> None:
    held_at = _evening(row["date"])
    session_id = demo_id("session", key)
    log_session(
        people[row["author"]],
        pairing,
        session_id=session_id,
        version_id=demo_id("version", key),
        content={
            "held_on": row["date"].isoformat(),
            "minutes": row["minutes"],
            "place": place.key,
            "participants": [str(people[name].pk) for name in row["participants"]],
            "topics": row["topics"],
            "mode": row["mode"],
            "went_well": row["went_well"],
            "next_step": row["next_step"],
            "languages": row.get("languages", []),
            "interpreter": row.get("interpreter", ""),
            "competences": [
                {"competence": str(_competence(key).pk), "observed": observed}
                for key, observed in row.get("observed", {}).items()
            ],
            **_more(row, people),
        },
        at=held_at,
        looked_again=True,
    )
    if row.get("done"):
        agreement = Agreement.objects.get(session=session_id)
        set_done(agreement, people[row["author"]], done=True, on=row["next_by"])
    if row["confirmed"]:
        session = Session.objects.get(pk=session_id)
        caseworkers = {
            member.person_id: member.person
            for member in pairing.members.filter(side="caseworker").select_related("person")
        }
        for name in row["participants"]:
            if (person := people[name]).pk in caseworkers:
                confirm_sessions(person, [session.current_id], at=held_at + timedelta(hours=16))
    if amended := row.get("amended"):
        _amend(session_id, key, amended, at=held_at + timedelta(days=1))


def _more(row: dict[str, Any], people: dict[str, Person]) -> dict[str, Any]:
    """What stands in a log only where it is filled in."""
    return {
        "text_languages": row.get("text_languages", {}),
        "next_owner": str(people[row["next_owner"]].pk) if "next_owner" in row else "",
        "next_by": row["next_by"].isoformat() if "next_by" in row else "",
    }


def _amend(session_id: UUID, key: str, amended: dict[str, Any], *, at: datetime) -> None:
    """Amend a session that everybody has confirmed; nobody has confirmed the amendment yet."""
    session = Session.objects.select_related("current", "author", "pairing__place").get(
        pk=session_id
    )
    amend_session(
        session.author,
        session,
        version_id=demo_id("version", f"{key}-amended"),
        parent_id=session.current_id,
        content={**session.current.content, "minutes": amended["minutes"]},
        reason=amended["reason"],
        note=amended["note"],
        at=at,
        looked_again=True,
    )


def _competence(key: str) -> Competence:
    return Competence.objects.get(framework__key="caseworker", key=key)


def _evening(day: date) -> datetime:
    """Four in the afternoon in Nuuk, when the day's work is written down."""
    return datetime.combine(day, time(16), ZoneInfo("America/Nuuk"))
