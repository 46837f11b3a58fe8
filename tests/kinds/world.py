"""The demo, and beside it everything that a page may have to show; printed as JSON.

Run as ``python -m tests.kinds.world`` on a database that is migrated. ``people`` are the session
keys of whoever has signed in, ``at`` what the addresses of the catalogue are filled with.
"""

# ruff: noqa: E402  What Django must be set up for comes after its set-up.

import json
import sys
import time
import uuid
from contextlib import suppress
from datetime import timedelta
from typing import Any

import django

django.setup()

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.management import call_command
from django.test import Client
from django.utils import timezone, translation
from wagtail.models import Page, PageViewRestriction

from competences.models import Competence, Framework
from courses.actions import (
    begin_case,
    choose,
    correct_version,
    mark_read,
    recount,
    submit_quiz,
    take_path,
)
from courses.actions.own import delete_note, write_note
from courses.actions.remarks import tell_editors
from courses.kinds.placing import key_of_match
from courses.models import (
    Assignment,
    Case,
    CasePlay,
    LearningPath,
    Lesson,
    Note,
    Question,
)
from demo.certificates import MODULES
from demo.paths import work_through
from devices.actions import shut_out
from devices.models import Device
from mentoring.actions import (
    SessionConflict,
    add_member,
    amend_session,
    ask_for_change,
    confirm_sessions,
    create_pairing,
    erase_session,
    fix_pair,
    make_proposal,
    save_round,
)
from mentoring.actions import log_session as log
from mentoring.goals.forms import WeeksForm
from mentoring.handover.actions import write_handover
from mentoring.models import (
    ChangeRequest,
    FollowUp,
    Goal,
    Handover,
    Pairing,
    PlannedSession,
    Round,
    SavedView,
    Session,
)
from mentoring.models.goals import monday
from mentoring.planning.actions import renew_address
from notices import stopping
from notices.actions import archive_notices
from notices.models import Notice
from pages.models import CasePage, CoursePage, HomePage, InformationPage, LessonPage
from people import invitations
from people.actions import command_line, give_role, invite, open_account
from people.models import DataExport, Invitation, Organisation, Person, Place, Role
from people.own_data.erasing import ask_for_erasure
from people.own_data.exporting import make_export
from people.permissions import standing_of
from rules.models import Rule
from tests.factories.certificates import make_certificate
from tests.factories.law import decide_on, new_version
from tests.factories.pages import edit
from tests.factories.translating import publish, write
from tests.kinds.cooperating import cooperation
from tests.kinds.seminars import seminars

NOW = timezone.now()
TODAY = timezone.localdate()
PASSWORD = "sidemand-demo"


def address_of(invitation: Invitation) -> str:
    """The part of an invitation's link that is its secret."""
    return invitations.link_to(invitation).rstrip("/").rpartition("/")[2]


def sign_in(person: Person) -> str:
    """The key of a session as signing in with a password a moment ago makes one."""
    client = Client()
    assert person.user is not None
    client.force_login(person.user)
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time() + 3600, "reauthenticated": True}
    ]
    session.save()
    return str(client.cookies["sessionid"].value)


def newcomer(name: str, key: str = "", *, account: bool = True, **scope: Any) -> Person:
    """Somebody with one role, or none, who has done nothing yet."""
    person = Person.objects.create(
        name=f"{name.capitalize()} Demo Ny", email=f"{name}-ny@example.org", created_at=NOW
    )
    if key:
        role = Role(key=key, starts_on=TODAY, **({"scope": "country"} | scope))
        give_role(person, role, by=command_line(NOW), at=NOW)
    if account:
        open_account(person, PASSWORD, at=NOW)
    return person


def second_steps(person: Person) -> None:
    """An app, recovery codes and a passkey."""
    TOTP.activate(person.user, generate_totp_secret())
    RecoveryCodes.activate(person.user)


def passkey(person: Person) -> int:
    """A passkey to look at; nobody can sign in with it."""
    data = {"name": "Min bærbare", "passwordless": True, "credential": {}}
    made = Authenticator.objects.create(user=person.user, type="webauthn", data=data)
    return int(made.pk)


def sessions(demo: dict[str, Person]) -> dict[str, Any]:
    """Sessions in every state, in the pairing of Sisimiut."""
    mentor, pairing = demo["mentor1"], Pairing.objects.get(place__key="sisimiut")
    caseworker = demo["sagsbehandler1"]

    def content(**changes: Any) -> dict[str, Any]:
        return {
            "held_on": (TODAY - timedelta(days=1)).isoformat(),
            "minutes": 90,
            "place": "sisimiut",
            "participants": [str(caseworker.pk), str(demo["sagsbehandler2"].pk)],
            "topics": ["decision_24h", "receipt"],
            "mode": "beside",
            "went_well": "Øvede beslutningen på et opdigtet eksempel. Kollegaen førte ordet.",
            "next_step": "Kvitteringsbrev på grønlandsk.",
            "languages": ["da"],
            "interpreter": "",
            **changes,
        }

    def send(**changes: Any) -> Session:
        ids = {"session_id": uuid.uuid4(), "version_id": uuid.uuid4()}
        log(mentor, pairing, content=content(**changes), at=NOW, looked_again=True, **ids)
        return Session.objects.get(pk=ids["session_id"])

    def locked_and_amended() -> Session:
        session = send(participants=[str(caseworker.pk)], minutes=75)
        confirm_sessions(caseworker, [session.current_id], at=NOW)
        session = Session.objects.select_related("current", "pairing__place").get(pk=session.pk)
        amend_session(
            mentor,
            session,
            version_id=uuid.uuid4(),
            parent_id=session.current_id,
            content={**session.current.content, "minutes": 60},
            reason="time",
            note="Vi begyndte et kvarter senere.",
            at=NOW,
        )
        return session

    asked, edited, erased = send(), send(minutes=45), send(minutes=30)
    ask_for_change(caseworker, asked.current_id, ChangeRequest.What.TIME, at=NOW)
    beside = uuid.uuid4()

    def change(version: uuid.UUID, text: str) -> None:
        ids = {"session_id": edited.pk, "version_id": version, "parent_id": edited.current_id}
        changed = content(minutes=45, went_well=text)
        log(mentor, pairing, content=changed, at=NOW, looked_again=True, **ids)

    change(uuid.uuid4(), "Den ene skrev dette.")
    with suppress(SessionConflict):  # kept beside the first
        change(beside, "Den anden skrev dette.")
    erase_session(erased, by=mentor, reason="mistake", at=NOW)
    locked = (
        Session.objects.with_person(caseworker)
        .filter(pairing=pairing, locked_at__isnull=False)
        .order_by("held_on")
        .first()
    )
    assert locked is not None
    amended, was_amended = locked_and_amended(), locked_and_amended()
    confirm_sessions(caseworker, [was_amended.amendments.get().version_id], at=NOW)
    today = {"held_on": TODAY.isoformat(), "minutes": 20}
    same_hour = send(participants=[str(caseworker.pk)], **today)
    other = newcomer("samtidig", "mentor")
    add_member(pairing, other, "mentor", starts_on=TODAY)
    ids = {"session_id": uuid.uuid4(), "version_id": uuid.uuid4()}
    joined = Pairing.objects.get(pk=pairing.pk)  # who is in it has been asked of the other
    log(other, joined, content=content(**today), at=NOW, looked_again=True, **ids)
    return {
        "amended": amended.pk,
        "was_amended": was_amended.pk,
        "was_amended_version": was_amended.amendments.get().version_id,
        "same_hour": same_hour.pk,
        "pairing": pairing.pk,
        "member": pairing.members.get(person=caseworker).pk,
        "colleague": caseworker.pk,
        "closed_pairing": Pairing.objects.filter(state="closed").first().pk,
        "open": asked.pk,
        "open_version": asked.current_id,
        "two": edited.pk,
        "beside": beside,
        "erased": erased.pk,
        "locked": locked.pk,
        "locked_version": locked.current_id,
    }


def goals(demo: dict[str, Person]) -> dict[str, Any]:
    """The demo's goals of one pair by their state, and what is still free to be one."""
    own = Goal.objects.filter(person=demo["sagsbehandler1"])
    used = own.values("competence")
    free = Competence.objects.filter(framework__key="caseworker").exclude(pk__in=used)
    return {
        "agreed_goal": own.get(competence__key="first_day").pk,
        "proposed_goal": own.get(state=Goal.State.PROPOSED).pk,
        "reached_goal": own.get(state=Goal.State.REACHED).pk,
        "changed_goal": Goal.objects.get(person=demo["sagsbehandler2"]).pk,
        "free_competence": free.earliest("key").pk,
        "next_month": (TODAY + timedelta(days=30)).isoformat(),
        "this_week": WeeksForm.name_of(monday(TODAY)),
    }


def learning(demo: dict[str, Person]) -> dict[str, Any]:
    """Pages and lessons, and an attempt at a quiz with right and wrong answers."""
    danish = LessonPage.objects.live().filter(locale__language_code="da").order_by("path")
    quizzes = [page for page in danish if any(b.block_type == "quiz" for b in page.body)]
    plain = next(page for page in danish if page not in quizzes)
    with_quiz = Lesson.objects.get(pk=quizzes[0].translation_key)
    attempt = submit_quiz(
        attempt_id=uuid.uuid4(),
        lesson=with_quiz,
        person=demo["sagsbehandler1"],
        answers={
            question.pk: {uuid.UUID(question.choices[0].id)} for question in _asked(with_quiz)
        },
        language="da",
        at=NOW,
    )
    course = CoursePage.objects.live().filter(locale__language_code="da").first()
    assert course is not None
    practice = danish.get(slug="laes-det-gamle-og-skriv-beslutningen")
    practised = Lesson.objects.get(pk=practice.translation_key)
    practice_attempt = submit_quiz(
        attempt_id=uuid.uuid4(),
        lesson=practised,
        person=demo["sagsbehandler1"],
        answers={question.pk: _half_right(question) for question in _asked(practised)},
        language="da",
        at=NOW,
    )

    short = next(one for one in _asked(practised) if one.kind == "short")
    reason = "Vi har godtaget for få svar."
    reviewer = demo["godkender1"]
    recount(correct_version(short, "all", reason=reason, by=reviewer, at=NOW), at=NOW)

    def tail(page: Page) -> str:
        """The address below the language."""
        return str(page.url).removeprefix("/da/")

    half = [page for page in danish if page not in quizzes][-1]
    words = {half.title: f"[kl] {half.title}", half.introduction: f"[kl] {half.introduction}"}
    write(half, words, demo["oversaetter1"])
    translated = publish(half, demo["godkender1"])
    edit(half, introduction=f"{half.introduction} Det er nyt.")
    first, second = LearningPath.objects.offered(on=TODAY)[:2]
    take_path(second, demo["sagsbehandler1"], at=NOW)
    return {
        "path": first.key,
        "own_path": second.key,
        "assignment": Assignment.objects.get(person=demo["sagsbehandler1"], path=first).pk,
        "no_path": demo["teamleder1"].pk,
        "course": tail(course),
        "course_key": course.translation_key,
        "module": tail(plain.get_parent()),
        "lesson": tail(plain),
        "lesson_key": plain.translation_key,
        "half": tail(half),
        "half_key": half.translation_key,
        "half_page": translated.pk,
        "lesson_page": plain.pk,
        "module_page": plain.get_parent().pk,
        "module_key": plain.get_parent().translation_key,
        "quiz": tail(quizzes[0]),
        "quiz_key": with_quiz.pk,
        "attempt": attempt.pk,
        "every_question": tail(practice),
        "practice_key": practised.pk,
        "practice_attempt": practice_attempt.pk,
    }


def _half_right(version: Any) -> Any:
    """An answer to a question of the practice quiz; not all of it is right."""
    rows = version.content["choices"]
    match version.kind:
        case "ordering":
            return (*(row["id"] for row in rows[2:]), rows[0]["id"], rows[1]["id"])
        case "matching":
            return {row["id"]: key_of_match(rows[0]) for row in rows if row["text"]}
        case "numeric":
            return "48"
        case "short":
            return "gul"
        case "cloze":
            return {"1": rows[1]["id"], "2": "undersøgelse"}
    return {rows[0]["id"]}


def own(demo: dict[str, Person]) -> dict[str, Any]:
    """Notes in every state, and messages to the editors with and without an answer."""
    caseworker = demo["sagsbehandler1"]
    noted = Note.objects.of(caseworker).get()
    others = Lesson.objects.offered().exclude(lesson_questions__isnull=False)
    two, gone = others.exclude(pk=noted.lesson_id).order_by("pk")[:2]
    for text in ("Den ene fane.", "Den anden fane."):
        write_note(two, caseworker, text, version=0, at=NOW)
    deleted = write_note(gone, caseworker, "Slettet igen.", version=0, at=NOW).note
    assert deleted is not None
    delete_note(deleted.pk, caseworker, at=NOW)
    unanswered = tell_editors(
        two,
        caseworker,
        remark_id=uuid.uuid4(),
        kind="language",
        text="Ordet i overskriften er svært.",
        language="da",
        at=NOW,
    )
    return {
        "noted_key": noted.lesson_id,
        "two_texts_key": two.pk,
        "deleted_note": deleted.pk,
        "answered": caseworker.remarks.get(answered_at__isnull=False).pk,
        "unanswered": unanswered.pk,
    }


def law(caseworker: Person) -> dict[str, Any]:
    """A new version of the act: a rule that the caseworker had learnt has changed, others wait."""
    read = Lesson.objects.filter(lesson_rules__rule__key="decision-24h").first()
    assert read is not None
    mark_read(read, caseworker, at=NOW - timedelta(days=5))
    rule = Rule.objects.get(key="decision-24h")
    new = new_version(rule.act, at=NOW, in_force_from=TODAY)
    decide_on(
        rule,
        "changed",
        at=NOW,
        deadline_da="2 døgn",
        deadline_hours=48,
        statement_da="Efter hver underretning beslutter kommunen, om der er grundlag for en "
        "undersøgelse, og skriver det ned.",
    )
    waiting = Rule.objects.being_checked().earliest("key")
    return {"new_act": new.pk, "waiting_rule": waiting.pk}


def cases(demo: dict[str, Person]) -> dict[str, Any]:
    """A case, a play that goes on (together), and one that has ended."""
    page = CasePage.objects.live().filter(locale__language_code="da").earliest("path")
    case = Case.objects.get(pk=page.translation_key)
    caseworker, mentor = demo["sagsbehandler1"], demo["mentor1"]

    def play(*moves: int, partner: Person | None = None) -> CasePlay:
        key = uuid.uuid4()
        going = begin_case(play_id=key, case=case, person=caseworker, partner=partner, at=NOW)
        for turn, move in enumerate(moves):
            step = going.run().step
            chosen = step.choices[move].id
            going = choose(going, turn=turn, step=step.key, choice=chosen, at=NOW)
        return going

    return {
        "case": str(page.url).removeprefix("/da/"),
        "case_module": str(page.get_parent().url).removeprefix("/da/"),
        "case_page": page.pk,
        "ended_play": play(0, 0, 0, 0, 0).pk,
        "play": play(0, partner=mentor).pk,
    }


def _asked(lesson: Lesson) -> list[Any]:
    from courses.quizzes.form import asked_in

    return list(asked_in(lesson))


def closed_pages() -> dict[str, Any]:
    """A page behind a password and one for whoever has signed in."""
    home = HomePage.objects.get(locale__language_code="da")
    made = {}
    for slug, kind in (("lukket", "password"), ("indenfor", "login")):
        page = InformationPage(title=f"Side {slug}", slug=slug)
        home.add_child(instance=page)
        page.save_revision().publish()
        PageViewRestriction.objects.create(
            page=page, restriction_type=kind, password="hemmelig" if kind == "password" else ""
        )
        made[slug] = page.slug
    return made


def invited(demo: dict[str, Person]) -> dict[str, Any]:
    """An invitation in each state."""
    found = {}
    by = command_line(NOW)
    sisimiut = Place.objects.get(key="sisimiut")
    for state in ("open", "newer", "expired", "withdrawn"):
        person = newcomer(
            f"inviteret-{state}", "caseworker", account=False, scope="town", place=sisimiut
        )
        invitation = invite(person, by, at=NOW - timedelta(days=30 if state == "expired" else 0))
        found[f"invitation_{state}"] = address_of(invitation)
        found[f"invited_{state}"] = person.pk
        if state == "newer":
            invite(person, by, at=NOW)
        if state == "withdrawn":
            Invitation.objects.filter(pk=invitation.pk).update(withdrawn_at=NOW)
    return found


def certificates(demo: dict[str, Person]) -> dict[str, Any]:
    """One that is valid, one that was replaced, one whose rules changed; and a course just done."""
    work_through({"person": "sagsbehandler12", "modules": MODULES}, demo["sagsbehandler12"], at=NOW)
    holder = demo["sagsbehandler11"]
    valid = holder.certificates.current().get()
    early = make_certificate(holder, expires_on=TODAY + timedelta(days=40))
    replaced = make_certificate(holder, replaced_at=NOW, replaced_by=valid)
    revoked = make_certificate(
        holder,
        revoked_at=NOW,
        revoked_by=demo["koordinator1"],
        revoked_for="not_earned",
        revoked_note="En anden tog quizzen.",
    )
    walked = demo["sagsbehandler4"].certificates.get()
    return {
        "certificate": valid.pk,
        "code": valid.code,
        "replaced": replaced.pk,
        "replaced_code": replaced.code,
        "ends_early": early.pk,
        "revoked": revoked.pk,
        "revoked_code": revoked.code,
        "path_certificate": walked.pk,
        "path_code": walked.code,
        "competence": Competence.objects.get(framework__key="caseworker", key="receipt").pk,
    }


def registers() -> dict[str, Any]:
    """A row of each register that editors keep in the admin."""
    question = Question.objects.filter(lessons__isnull=False).earliest("key")
    framework = Framework.objects.get(key="caseworker")
    return {
        "question": question.pk,
        "question_version": question.versions.get(is_current=True).pk,
        "learning_path": LearningPath.objects.earliest("key").pk,
        "framework": framework.pk,
        "framework_version": framework.versions.get().pk,
    }


def leaving(people: dict[str, Person], demo: dict[str, Person]) -> dict[str, Any]:
    """Copies of one's data that are ready and under way; wishes that wait and that are due."""
    leaver = people["leaver"]
    make_export(DataExport.objects.create(person=leaver, asked_at=NOW))
    DataExport.objects.create(
        person=people["new leader"], asked_at=NOW, done_count=3, total_count=12
    )
    ask_for_erasure(leaver, by=standing_of(leaver.user), at=NOW)
    gone = newcomer("slettes", "caseworker", scope="town", place=Place.objects.get(key="nuuk"))
    ask_for_erasure(gone, by=standing_of(gone.user), at=NOW - timedelta(days=15))
    put_away = Notice.objects.create(
        person=leaver, kind="people.export_ready", url="people:own-data", made_at=NOW
    )
    archive_notices(leaver, [put_away.pk], at=NOW)
    stop = stopping.token_of(demo["sagsbehandler3"], "beskeder")
    renew_address(demo["sagsbehandler1"], at=NOW)
    plan = PlannedSession.objects.to_come(at=NOW).earliest("starts_at")
    return {"leaver": leaver.pk, "gone": gone.pk, "stop": stop, "plan": plan.pk}


def rounds(demo: dict[str, Person]) -> dict[str, Any]:
    """The demo's round with a proposal, one of before that has gone stale, and an empty round."""
    planned = Round.objects.get()
    first = planned.proposals.get()
    need = planned.needs.get(place__key="tasiilaq")
    stay = planned.stays.get(person=demo["mentor2"])
    by = demo["koordinator1"]
    second = make_proposal(planned, weights={**first.weights, "wishes": 5}, by=by, at=NOW)
    fix_pair(planned, stay, need, "forbidden")
    third = make_proposal(planned, weights=dict(first.weights), by=by, at=NOW, follows=second)
    empty = save_round(
        uuid.uuid4(),
        title="Efterår",
        municipalities=list(planned.municipalities.all()),
        starts_on=TODAY,
        ends_on=TODAY + timedelta(days=90),
        by=by,
        at=NOW,
    )
    return {
        "round": planned.pk,
        "empty_round": empty.pk,
        "need": need.pk,
        "stay": stay.pk,
        "proposal": third.pk,
        "stale_proposal": first.pk,
        "uncovered": third.uncovered[0]["need"],
        "view": SavedView.objects.filter(person=by).earliest("name").pk,
    }


def handovers(demo: dict[str, Person]) -> dict[str, Any]:
    """One to look through, one that waits, one taken over; a pairing that a mentor just left."""
    leaver = demo["rejsende1"].memberships.get(side="mentor")
    mine = write_handover(
        leaver,
        receiver=None,
        notes={"team": "Fortsæt makkerlæsningen af afgørelser."},
        seen="",
        at=NOW,
    )
    waiting = Handover.objects.waiting().get()
    mentor = demo["mentor2"]
    left = mentor.memberships.get().pairing
    pairing = create_pairing(
        left.place,
        kind="on_site",
        starts_on=left.starts_on,
        ends_on=left.ends_on,
        mentors=[mentor],
        caseworkers=[demo["sagsbehandler3"]],
        by=None,
        at=NOW,
        state=Pairing.State.ACTIVE,
    )
    follow_ups = FollowUp.objects.filter(owner=demo["rejsende1"]).order_by("due_on")
    return {
        "handover_mine": mine.pk,
        "handover_waiting": waiting.pk,
        "handed_pairing": waiting.member.pairing_id,
        "handover_done": Handover.objects.filter(state="confirmed").earliest("settled_at").pk,
        "left_pairing": pairing.pk,
        "follow_up": follow_ups.open().first().pk,
        "follow_up_done": follow_ups.filter(done_on__isnull=False).first().pk,
    }


def devices(demo: dict[str, Person]) -> dict[str, Any]:
    """A device of a mentor, and one that was shut out."""
    in_use, out = Device.objects.filter(owner=demo["mentor1"]).order_by("name")
    shut_out(out, at=NOW)
    return {"device": in_use.pk, "device_out": out.pk}


def main() -> None:
    """Everything, in the order in which it depends on one another."""
    call_command("prepare", stdout=sys.stderr)
    call_command("load_demo", "--json", stdout=sys.stderr)
    translation.activate("da")
    demo = {person.email.partition("@")[0]: person for person in Person.objects.all()}
    sermersooq = Organisation.objects.get(key="sermersooq")
    nuuk = Place.objects.get(key="nuuk")
    people = {
        "caseworker": demo["sagsbehandler1"],
        "path done": demo["sagsbehandler4"],
        "path ready": demo["sagsbehandler8"],
        "holder": demo["sagsbehandler11"],
        "completed": demo["sagsbehandler12"],
        "mentor": demo["mentor1"],
        "travelling": demo["rejsende1"],
        "leader": demo["teamleder1"],
        "coordinator": demo["koordinator1"],
        "town coordinator": demo["koordinator2"],
        "editor": demo["redaktoer1"],
        "translator": demo["oversaetter1"],
        "reviewer": demo["godkender1"],
        "administrator": demo["administrator1"],
        "new caseworker": newcomer("sagsbehandler", "caseworker", scope="town", place=nuuk),
        "new mentor": newcomer("mentor", "mentor", scope="town", place=nuuk),
        "new travelling": newcomer(
            "rejsende", "travelling", scope="municipality", municipality=sermersooq
        ),
        "new leader": newcomer("leder", "leader", scope="town", place=nuuk),
        "new coordinator": newcomer(
            "koordinator", "coordinator", scope="municipality", municipality=sermersooq
        ),
        "nobody": newcomer("gaest"),
        "two steps": newcomer("totrin", "caseworker", scope="town", place=nuuk),
        "passkey": newcomer("noegle", "caseworker", scope="town", place=nuuk),
        "leaver": newcomer("rejser", "caseworker", scope="town", place=nuuk),
    }
    second_steps(people["two steps"])
    key = passkey(people["passkey"])
    other = people["new leader"]
    EmailAddress.objects.create(user=other.user, email="ny-adresse@example.org", verified=False)
    signed_in = {name: sign_in(person) for name, person in people.items()}
    user = people["nobody"].user  # whose token is void once they sign in again
    at = {
        **sessions(demo),
        **goals(demo),
        **handovers(demo),
        **learning(demo),
        **own(demo),
        **law(demo["sagsbehandler1"]),
        **cases(demo),
        **certificates(demo),
        **rounds(demo),
        **cooperation(demo, at=NOW, today=TODAY),
        **seminars(demo, at=NOW, today=TODAY),
        **closed_pages(),
        **invited(demo),
        **registers(),
        **leaving(people, demo),
        **devices(demo),
        "person": demo["sagsbehandler1"].pk,
        "role": demo["sagsbehandler1"].roles.get().pk,
        "affiliation": demo["sagsbehandler1"].affiliations.first().pk,
        "organisation": Organisation.objects.get(key="udlaan-a").pk,
        "without_account": Person.objects.filter(user=None).first().pk,
        "passkey": key,
        "reset": f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}",
        "confirm_email": EmailConfirmationHMAC(
            EmailAddress.objects.get(email="ny-adresse@example.org")
        ).key,
    }
    print(
        json.dumps(
            {
                "people": signed_in,
                "at": {name: str(value) for name, value in at.items()},
            }
        )
    )


if __name__ == "__main__":
    main()
