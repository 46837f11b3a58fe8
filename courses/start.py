"""What courses has to say on the start page: where to go on, and how far one is."""

from datetime import timedelta

from django.db.models import Count, Min, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from core.start_page import Section
from courses.actions.certificates import GIVE_BACK_FOR, REMINDED
from courses.actions.reminders import reminders_of, stopping, unseen_reminders, wants
from courses.cases.pages import plays_of
from courses.coordination.oversight import LATE, STATES, STUCK, WAITING, Report
from courses.learning.law import count_changes_for
from courses.learning.overview import start_cards
from courses.models import (
    CasePlay,
    Certificate,
    CorrectedAttempt,
    Remark,
    Reminder,
    ReminderStop,
    Told,
)
from courses.models.certificate import CertificateQuerySet
from courses.models.remark import RemarkQuerySet
from courses.paths.walking import my_paths as paths_of
from courses.quizzes.corrected import corrected_results, corrections_for
from people.models import Role
from people.permissions import Standing

SHOWN = 3


def my_learning(_request: HttpRequest, standing: Standing) -> Section | None:
    """Where to go on, in the paths one walks and in the courses one takes; three queries.

    Both often lead to the same lesson, which then stands there once: with the path, which has the
    due date.
    """
    if standing.person is None:
        return None
    walked = [one for one in paths_of(standing.person, day=standing.day) if not one.is_done]
    first = next((one for one in walked if one.next), None)
    cards = start_cards(standing.person)
    courses = cards.courses[:SHOWN] if cards else ()
    if first is None and not courses:
        return None
    lesson = cards.resume if cards and cards.resume and cards.resume.path else None
    if lesson and first and first.next and first.next.url == lesson.path:
        lesson = None
    return Section(
        _("My learning"),
        "courses/start/my_learning.html",
        {
            "first": first,
            "late": [one for one in walked if one.is_late and one is not first][:SHOWN],
            "more": len(walked) - 1,
            "lesson": lesson,
            "cards": courses,
        },
        order=20,
        is_next_step=bool(first or lesson),
    )


def told(standing: Standing) -> QuerySet[Reminder]:
    """What :func:`reminders` tells."""
    return reminders_of(standing.person)


def reminders(_request: HttpRequest, standing: Standing) -> Section | None:
    """What one was told about one's paths and has not put away; one query."""
    found = unseen_reminders(standing.person) if standing.person else []
    if not found:
        return None
    return Section(_("Reminders"), "courses/start/reminders.html", {"reminders": found}, order=7)


def chosen_reminders(_request: HttpRequest, standing: Standing) -> Section | None:
    """On one's own page: which reminders one gets; one query."""
    if standing.person is None:
        return None
    stopped = set(
        ReminderStop.objects.filter(person=standing.person).values_list("kind", "channel")
    )
    rows = [
        (
            label,
            [
                (f"{kind}:{channel}", channel_label, (kind, channel) not in stopped)
                for channel, channel_label in ReminderStop.Channel.choices
            ],
        )
        for kind, label in Told.choices
    ]
    return Section(_("Reminders of learning"), "courses/paths/reminder_form.html", {"rows": rows})


def oversight(_request: HttpRequest, standing: Standing) -> Section | None:
    """Who is late, stuck or without a path in a coordinator's scope; two queries."""
    if not standing.has(Role.Key.COORDINATOR):
        return None
    counts = Report(standing, at=timezone.now()).counts()
    asked = [(STATES[key], key, counts[key]) for key in (LATE, STUCK, WAITING) if counts[key]]
    return Section(
        _("Learning in your place"), "courses/start/oversight.html", {"rows": asked}, order=4
    )


def learning_totals(_request: HttpRequest, standing: Standing) -> Section | None:
    """A leader's way to the totals of the own place; no query."""
    if not standing.has(Role.Key.LEADER) or standing.has(Role.Key.COORDINATOR):
        return None
    return Section(_("Learning in your place"), "courses/start/totals.html", {}, order=41)


def changed_since(_request: HttpRequest, standing: Standing) -> Section | None:
    """How many rules have changed since they were learnt, until that is seen; two queries.

    One more where something has: whether the person wants to be told.
    """
    count = count_changes_for(standing.person) if standing.person else 0
    if not count or standing.person is None or not wants(standing.person, Told.CHANGED, "site"):
        return None
    return Section(
        _("Changed since you learnt it"),
        "courses/start/changed_since.html",
        {"count": count},
        order=8,
    )


def begun_with_me(standing: Standing) -> QuerySet[CasePlay]:
    """The cases that others play with me and that have not ended."""
    return CasePlay.objects.filter(partner=standing.person, ended_at=None)


def case_together(_request: HttpRequest, standing: Standing) -> Section | None:
    """A case that somebody has begun with me and that has not ended; one query."""
    if standing.person is None:
        return None
    begun = plays_of(standing.person).filter(partner=standing.person, ended_at=None).first()
    if begun is None:
        return None
    return Section(
        _("%(name)s plays a case with you") % {"name": begun.person.name},
        "courses/start/case_together.html",
        {"play": begun},
        order=8,
    )


def to_see(standing: Standing) -> QuerySet[CorrectedAttempt]:
    """The corrections that one has not seen."""
    return corrections_for(standing.person)


def corrected(_request: HttpRequest, standing: Standing) -> Section | None:
    """Results that were corrected, until they are seen; one query."""
    results = corrected_results(standing.person) if standing.person else []
    if not results:
        return None
    return Section(
        _("A result has been corrected"),
        "courses/start/corrected.html",
        {"results": results},
        order=7,
    )


def to_mind(standing: Standing) -> CertificateQuerySet:
    """Certificates revoked within a month, or that expire within one, where one is reminded."""
    until = standing.day + timedelta(days=REMINDED[0])
    lately = timezone.now() - GIVE_BACK_FOR
    own = Certificate.objects.filter(person=standing.person)
    found = own.to_mind(after=standing.day, until=until, revoked_since=lately)
    return found.exclude(stopping(Told.EXPIRES, "site"), revoked_at__isnull=True)


def certificates_to_mind(_request: HttpRequest, standing: Standing) -> Section | None:
    """The certificates one should think of; one query."""
    own = list(to_mind(standing).order_by("revoked_at", "expires_on", "pk")[:SHOWN])
    if not own:
        return None
    is_revoked = any(one.revoked_at for one in own)
    return Section(
        _("Your certificate is revoked") if is_revoked else _("Your certificate expires"),
        "courses/start/certificates.html",
        {"certificates": own},
        order=9,
    )


def unanswered(standing: Standing) -> RemarkQuerySet:
    """What readers have told the editors and nobody has dealt with; for editors."""
    if not standing.has(Role.Key.EDITOR):
        return Remark.objects.none()
    return Remark.objects.in_state(Remark.State.OPEN)


def remarks(_request: HttpRequest, standing: Standing) -> Section | None:
    """How many of them there are, and since when; one query."""
    found = unanswered(standing).aggregate(count=Count("pk"), since=Min("sent_at"))
    return Section(_("Messages from readers"), "courses/start/remarks.html", found, order=13)


def answers(standing: Standing) -> RemarkQuerySet:
    """What the editors have answered and one has not seen, where one is told."""
    own = Remark.objects.filter(
        person=standing.person, answered_at__isnull=False, seen_at__isnull=True
    )
    return own.exclude(stopping(Told.ANSWER, "site"))


def answered(_request: HttpRequest, standing: Standing) -> Section | None:
    """What the editors have answered, until it is seen; one query."""
    remarks = list(answers(standing).with_subjects().order_by("-answered_at", "pk")[:SHOWN])
    if not remarks:
        return None
    return Section(
        _("The editors have answered you"),
        "courses/start/answered.html",
        {"remarks": remarks},
        order=8,
    )
