"""Half-years with whatever a report counts, by chance or on purpose."""

import itertools
import random
import uuid
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from competences.models import Level, Rating
from cooperation.models import (
    Action,
    ActionMove,
    Decision,
    EvaluationAnswer,
    EvaluationQuestion,
    Event,
    EventAttendance,
    HalfYearReport,
    Initiative,
    Invitation,
    Participant,
)
from cooperation.reports.actions import begin_report, freeze_report
from cooperation.reports.content import Scope
from cooperation.reports.halves import HalfYear
from core.canonical import content_hash
from courses.models import Assignment, Certificate, Course, Enrolment, LearningPath
from mentoring.content import Interpreter, Language
from mentoring.models import (
    FollowUp,
    FollowUpMove,
    Handover,
    Mode,
    Pairing,
    PairingMember,
    PairingTag,
    ReadinessItem,
    SameHour,
    Session,
    SessionVersion,
)
from people.models import Organisation, Person, Place, Role
from tests.factories.cooperation import make_body
from tests.factories.courses import make_course
from tests.factories.mentoring import TOPICS, make_competence, make_topics, make_town
from tests.factories.rounds import make_need, make_round

HALF = HalfYear(2027, 1)
#: The half-year is over, and the day to deliver is not.
AFTER = datetime(2027, 7, 20, 15, 0, tzinfo=ZoneInfo("UTC"))
TOWNS = {
    "Ilulissat": "Avannaata Kommunia",
    "Upernavik": "Avannaata Kommunia",
    "Aasiaat": "Kommune Qeqertalik",
    "Sisimiut": "Qeqqata Kommunia",
}
QUESTIONS = ["Passede programmet?", "Var tolkningen god?", "Kan du bruge det?"]
_NUMBERS = itertools.count(1)


def at_noon(day: date) -> datetime:
    """Noon of the day, where the product is."""
    return datetime.combine(day, time(12), ZoneInfo("America/Nuuk"))


def make_coordinator(where: Organisation | None = None) -> Person:
    """Who coordinates a municipality, or the country."""
    from tests.factories.people import make_person, make_role

    # Of their own, beside those of the other factories.
    email = f"rapport{next(_NUMBERS)}@example.org"
    return make_person(make_role("coordinator", where), email=email)


def make_report(
    scope: Scope, half: HalfYear = HALF, *, frozen: bool = False, at: datetime = AFTER
) -> HalfYearReport:
    """A draft, or a frozen report."""
    by = make_coordinator(scope.municipality)
    report = begin_report(scope, half, by=by, at=at)
    report = freeze_report(report, by=by, at=at) if frozen else report
    found = HalfYearReport.objects.select_related("municipality", "initiative")
    return found.get(pk=report.pk)


def make_sessions(
    pairing: Pairing, days: list[date], chance: random.Random | None = None, **facts: object
) -> list[Session]:
    """A session on each day, by chance or with these facts."""
    chance = chance or random.Random(1)
    mentor = pairing.members.select_related("person").filter(side="mentor").first()
    assert mentor is not None
    sessions, versions = [], []
    for day in days:
        topics = sorted(chance.sample(TOPICS, chance.randint(1, len(TOPICS))))
        own = {
            "minutes": chance.randint(15, 240),
            "mode": chance.choice(Mode.values),
            "topics": topics,
            "languages": sorted(chance.sample(Language.values, chance.randint(0, 2))),
            "interpreter": chance.choice(["", *Interpreter.values]),
            **facts,
        }
        content = {
            "schema": 1, "held_on": day.isoformat(), "place": pairing.place.key,
            "participants": [str(mentor.person_id)], "went_well": "", "next_step": "", "tools": "",
            **own,
        }  # fmt: skip
        version = SessionVersion(
            id=uuid.uuid4(), session_id=uuid.uuid4(), number=1, content=content,
            sha256=content_hash(content), author=mentor.person, received_at=at_noon(day),
        )  # fmt: skip
        versions.append(version)
        sessions.append(
            Session(
                id=version.session_id, pairing=pairing, author=mentor.person,
                received_at=at_noon(day), current_id=version.pk, place=pairing.place, held_on=day,
                minutes=own["minutes"], mode=own["mode"], topics=own["topics"],
            )
        )  # fmt: skip
    Session.objects.bulk_create(sessions)
    SessionVersion.objects.bulk_create(versions)
    return sessions


def make_learners(place: Place, count: int) -> list[Person]:
    """People who learn in a town."""
    people = Person.objects.bulk_create(
        Person(name=f"Kollega Demo {next(_NUMBERS)}") for _ in range(count)
    )
    Role.objects.bulk_create(
        Role(person=one, key="caseworker", scope="town", place=place, starts_on=date(2026, 1, 1))
        for one in people
    )
    return people


def make_chance_world(chance: random.Random, half: HalfYear = HALF) -> Initiative:
    """A little of everything, in and around ``half``, in three municipalities; an initiative."""
    make_topics()
    places = [make_town(name, municipality) for name, municipality in TOWNS.items()]
    initiative = Initiative.objects.create(
        number=6, title_da="Sagsbehandling", starts_on=date(2020, 1, 1), created_at=AFTER
    )
    planned = make_round(*places)
    competences = [make_competence() for _ in range(2)]
    paths = [
        LearningPath.objects.create(key=f"sti-{number}", title_da=f"Sti {number}")
        for number in range(2)
    ]
    courses = [make_course(f"Kursus {number}") for number in range(2)]

    def day() -> date:
        return half.starts_on + timedelta(days=chance.randint(-40, 220))

    for place in places:
        for _ in range(chance.randint(0, 2)):
            _chance_pairing(chance, place, day)
        need = make_need(planned, place)
        need.items.all().delete()
        ReadinessItem.objects.bulk_create(
            ReadinessItem(
                need=need, kind="own", title=f"Punkt {number}", due_on=day(),
                done_at=at_noon(day()) if chance.random() < 0.6 else None,
            )
            for number in range(chance.randint(0, 5))
        )  # fmt: skip
        people = make_learners(place, chance.randint(0, 9))
        _chance_learning(chance, people, competences, paths, day)
        _chance_courses(chance, people, courses, day)
    for place in places:
        event = _chance_event(chance, place, [one.municipality for one in places], day)
        _chance_evaluation(chance, event, day)
        if chance.random() < 0.5:
            event.initiatives.add(initiative)
    body = make_body(keeper=chance.choice(places).municipality)
    for number in range(chance.randint(0, 5)):
        decided = day()
        settled = decided + timedelta(days=30) if chance.random() < 0.5 else None
        decision = Decision.objects.create(
            body=body, year=decided.year, number=number + 1, title_da="Vi gør det",
            decided_on=decided, state="done" if settled else "open", settled_on=settled,
            written_at=AFTER,
        )  # fmt: skip
        if chance.random() < 0.5:
            decision.initiatives.add(initiative)
        owner = Person.objects.order_by("pk").first()
        if owner is not None:
            Action.objects.create(
                body=body, decision=decision, text="Gør det", owner=owner, due_on=day(),
                written_at=AFTER,
            )  # fmt: skip
    _chance_moves(chance, day)
    return initiative


def _chance_pairing(chance: random.Random, place: Place, day: Callable[[], date]) -> None:
    begins = day()
    ends = begins + timedelta(days=chance.randint(1, 120)) if chance.random() < 0.7 else None
    pairing = Pairing.objects.create(
        place=place, kind="on_site", state=chance.choice(Pairing.State.values[:4]),
        starts_on=begins, ends_on=ends,
    )  # fmt: skip
    if chance.random() < 0.5:
        PairingTag.objects.create(pairing=pairing, number=6)
    mentor = Person.objects.create(name=f"Mentor Demo {next(_NUMBERS)}")
    member = PairingMember.objects.create(
        pairing=pairing, person=mentor, side="mentor", starts_on=begins, ends_on=ends
    )
    days = [day() for _ in range(chance.randint(0, 8))]
    sessions = make_sessions(pairing, days, chance)
    if len(sessions) > 2:
        SameHour.objects.create(
            session=sessions[0], counted=sessions[1], linked_by=mentor, linked_at=AFTER
        )
    handover = Handover.objects.create(member=member, begun_at=AFTER)
    for months in range(chance.randint(0, 3)):
        done = day() if chance.random() < 0.5 else None
        FollowUp.objects.create(
            handover=handover, months=months + 1, due_on=day(),
            done_on=done, done_by=mentor if done else None,
        )  # fmt: skip


def _chance_event(
    chance: random.Random, place: Place, senders: list[Organisation], day: Callable[[], date]
) -> Event:
    begins = day()
    event = Event.objects.create(
        title_da="Seminar", place=place, host=place.municipality, starts_on=begins,
        ends_on=begins + timedelta(days=2), answer_by=begins - timedelta(days=20), seats=40,
        state=chance.choice(["open", "open", "draft", "cancelled"]), made_at=AFTER,
        changed_at=AFTER, cancelled_reason="Stormen",
    )  # fmt: skip
    for sender in set(senders):
        invitation = Invitation.objects.create(
            event=event, organisation=sender, role=Invitation.Role.values[0], seats=9
        )
        for position in range(chance.randint(0, 4)):
            participant = Participant.objects.create(
                invitation=invitation, position=position, name=f"Deltager {next(_NUMBERS)}",
                sector="social", asked_on=begins,
                seated_at=AFTER if chance.random() < 0.7 else None,
                evaluated_on=begins if chance.random() < 0.5 else None,
            )  # fmt: skip
            if chance.random() < 0.6:
                EventAttendance.objects.create(
                    participant=participant, held_on=begins, noted_at=AFTER
                )
    return event


def _chance_evaluation(chance: random.Random, event: Event, day: Callable[[], date]) -> None:
    if chance.random() < 0.5:
        event.evaluate_until = max(day(), event.evaluation_begins_on)
        event.save(update_fields=["evaluate_until"])
    for text in chance.sample(QUESTIONS, 2):
        make_answers(event, text, [chance.randint(1, 5) for _ in range(chance.randint(0, 9))])


def make_answers(event: Event, text: str, scores: Iterable[int]) -> EvaluationQuestion:
    """A question about an event, and what was answered to it."""
    question, _is_new = EvaluationQuestion.objects.get_or_create(
        event=event,
        text_da=text,
        defaults={"position": event.questions.count() + 1, "kind": "scale"},
    )
    EvaluationAnswer.objects.bulk_create(
        EvaluationAnswer(question=question, score=score) for score in scores
    )
    return question


def _chance_learning(
    chance: random.Random,
    people: list[Person],
    competences: list[object],
    paths: list[LearningPath],
    day: Callable[[], date],
) -> None:
    for person in people:
        for competence in competences:
            rated = sorted(day() for _ in range(chance.randint(0, 3)))
            Rating.objects.bulk_create(
                Rating(
                    person=person, competence=competence, level=chance.choice(Level.values),
                    rated_at=at_noon(one) + timedelta(minutes=place),
                    is_current=place == len(rated) - 1,
                )
                for place, one in enumerate(rated)
            )  # fmt: skip
        for path in paths:
            if chance.random() < 0.6:
                done = at_noon(day())
                Assignment.objects.create(
                    path=path, person=person, origin="self", assigned_at=done, completed_at=done,
                    step_count=1, done_count=1,
                )  # fmt: skip
        if chance.random() < 0.7:
            issued = day()
            Certificate.objects.create(
                person=person, completed=chance.choice(["path", "module"]),
                completed_id=uuid.uuid4(), language="da", holder=person.name,
                content={"title": {"da": "Forløb"}}, minutes=30, issued_at=at_noon(issued),
                issued_on=issued, ends_on=issued + timedelta(days=730),
                expires_on=issued + timedelta(days=730), code=uuid.uuid4().hex[:16],
                sha256=uuid.uuid4().hex,
            )  # fmt: skip


def _chance_courses(
    chance: random.Random,
    people: list[Person],
    courses: list[Course],
    day: Callable[[], date],
) -> None:
    for person in people:
        for course in courses:
            rounds = chance.randint(0, 2)
            for number in range(1, rounds + 1):
                done = at_noon(day())
                Enrolment.objects.create(
                    course=course, person=person, enrolled_at=done, round=number,
                    completed_at=done if chance.random() < 0.8 else None,
                    retaken_at=done if number < rounds else None,
                    withdrawn_at=done if chance.random() < 0.2 else None,
                )  # fmt: skip


def _chance_moves(chance: random.Random, day: Callable[[], date]) -> None:
    """Put off some of what is due, before and after the half-year has ended."""
    for model, moves, of in (
        (Action, ActionMove, "action"),
        (FollowUp, FollowUpMove, "follow_up"),
    ):
        for one in model.objects.order_by("due_on", "pk"):
            for moved_on in sorted(day() for _ in range(chance.randint(0, 2))):
                to_on = one.due_on + timedelta(days=chance.randint(1, 90))
                moves.objects.create(
                    **{of: one}, from_on=one.due_on, to_on=to_on, reason="Stormen",
                    moved_by=Person.objects.first(), moved_at=at_noon(moved_on),
                )  # fmt: skip
                one.due_on = to_on
            one.save(update_fields=["due_on"])
