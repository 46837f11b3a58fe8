"""Certificates: issue, renew, revoke, give back, end early, remind. Twice counts once."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from core import access_log
from core.mail import absolute_url
from core.models import SentMail
from core.periods import local_day
from courses.actions.refusals import LearningRefused
from courses.actions.reminders import stopping
from courses.certificates.codes import new_code
from courses.certificates.completions import Completion, CompletionKind, kind_of
from courses.certificates.validity import changes_behind, end_of, expiry
from courses.models import Certificate, CertificateFile, CertificateRule, Told
from courses.models.certificate import CertificateQuerySet
from courses.permissions import may_revoke
from notices import mail
from people.models import Person
from people.permissions import Standing
from rules.models import Rule

#: How many days before it expires its holder is reminded.
REMINDED = (30, 7)
#: How long a revoked certificate can be given back.
GIVE_BACK_FOR = timedelta(days=30)
AT_ONCE = 500


def issue_certificate(
    completed: str, key: UUID, person: Person, *, language: str, at: datetime
) -> Certificate:
    """Give ``person`` the certificate of what they completed, or the one they have.

    A certificate that was earned anew takes the place of the old one, which stays readable as
    replaced. The PDF is drawn before anything is locked, and kept as it was drawn.

    Raises:
        LearningRefused: With code "missing" where there is nothing to complete, "unfinished" while
            something is left to do, "again" while what was revoked as not earned has not been gone
            through again. Nothing is saved.
    """
    kind = kind_of(completed)
    completion = kind.of(key, person) if kind else None
    if kind is None or completion is None:
        raise LearningRefused(_("There is nothing to get a certificate for."), code="missing")
    current = current_certificate(completed, key, person)
    if not completion.is_complete:
        raise LearningRefused(
            _("Do everything that is required first. Then you get the certificate."),
            code="unfinished",
        )
    if current is not None and not is_earned_anew(current, kind):
        return current
    if current is None and must_earn_again(kind, key, person):
        raise LearningRefused(
            _("Your certificate was revoked. Go through all of it again; then you get a new one."),
            code="again",
        )
    certificate = _written(completed, key, person, completion, language=language, at=at)
    from courses.certificates.drawing import draw  # 30 MB that only this needs

    pdf = draw(certificate)
    certificate.sha256 = hashlib.sha256(pdf).hexdigest()
    return _keep(certificate, pdf, completion.rules, instead_of=current, at=at)


def current_certificate(completed: str, key: UUID, person: Person) -> Certificate | None:
    """The certificate of this that ``person`` has now, valid or expired."""
    own = Certificate.objects.current().filter(person=person, completed=completed)
    return own.filter(completed_id=key).first()


def is_earned_anew(certificate: Certificate, kind: CompletionKind) -> bool:
    """Whether its holder has done again what a new certificate asks for.

    Where rules have changed since, catching up with the changes is enough; otherwise all of it is
    gone through again.
    """
    person, key, since = certificate.person, certificate.completed_id, certificate.issued_at
    changes = changes_behind([certificate])[certificate.pk]
    return (bool(changes) and kind.again(key, person, since, changes)) or kind.again(
        key, person, since, []
    )


def must_earn_again(kind: CompletionKind, key: UUID, person: Person) -> bool:
    """Whether ``person`` has a certificate revoked as not earned, and has not earned it since."""
    revoked = Certificate.objects.filter(
        person=person,
        completed=kind.key,
        completed_id=key,
        revoked_for=Certificate.RevokedFor.NOT_EARNED,
    ).order_by("-revoked_at")
    last = revoked.first()
    if last is None or last.revoked_at is None:
        return False
    return not kind.again(key, person, last.revoked_at, [])


def _written(
    completed: str,
    key: UUID,
    person: Person,
    completion: Completion,
    *,
    language: str,
    at: datetime,
) -> Certificate:
    day = local_day(at)
    return Certificate(
        person=person,
        completed=completed,
        completed_id=key,
        language=language,
        holder=person.name,
        content={
            "title": dict(completion.titles),
            "competences": [dict(texts) for texts in completion.competences],
            "acts": [dict(act) for act in completion.acts],
        },
        minutes=completion.minutes,
        course_on=completion.course_on,
        law_on=completion.law_on,
        issued_at=at,
        issued_on=day,
        ends_on=end_of(day),
        expires_on=end_of(day),
        code=new_code(),
    )


@transaction.atomic
def _keep(
    certificate: Certificate,
    pdf: bytes,
    rules: Sequence[Rule],
    *,
    instead_of: Certificate | None,
    at: datetime,
) -> Certificate:
    Person.objects.select_for_update(no_key=True).get(pk=certificate.person_id)
    current = current_certificate(
        certificate.completed, certificate.completed_id, certificate.person
    )
    if current is not None and current != instead_of:
        return current  # another press was first
    if instead_of is not None:
        if current is None:  # it was revoked in the meantime
            instead_of = None
        else:
            certificate.shows_name, certificate.reminds = current.shows_name, current.reminds
            Certificate.objects.filter(pk=current.pk).update(replaced_at=at)
    certificate.save(force_insert=True)
    CertificateFile.objects.create(certificate=certificate, pdf=pdf)
    CertificateRule.objects.bulk_create(
        CertificateRule(certificate=certificate, rule=rule) for rule in rules
    )
    if instead_of is not None:
        Certificate.objects.filter(pk=instead_of.pk).update(replaced_by=certificate)
    return certificate


@transaction.atomic
def revoke_certificate(
    certificate: Certificate, *, reason: str, note: str = "", by: Standing, at: datetime
) -> Certificate:
    """Take a certificate back, and tell its holder; whoever checks it sees that it is revoked.

    Args:
        reason: One of ``Certificate.RevokedFor``.
        note: What is told to the holder besides; it stands in no mail and on no check page.

    Raises:
        PermissionDenied: If the certificate is not one that ``by`` may revoke.
        LearningRefused: With code "revoked" when it is already.
    """
    if not may_revoke(by, certificate):
        raise PermissionDenied
    certificate = Certificate.objects.select_for_update(no_key=True).get(pk=certificate.pk)
    if certificate.revoked_at is not None:
        raise LearningRefused(_("This certificate is revoked already."), code="revoked")
    certificate.revoked_at, certificate.revoked_by = at, by.person
    certificate.revoked_for, certificate.revoked_note = reason, note
    certificate.save(update_fields=["revoked_at", "revoked_by", "revoked_for", "revoked_note"])
    _log(by, "revoke_certificate", certificate, at=at)
    _tell(certificate, "certificate_revoked", at=at)
    return certificate


@transaction.atomic
def give_back_certificate(certificate: Certificate, *, by: Standing, at: datetime) -> Certificate:
    """Let a certificate that was revoked hold again, as if it had never been; its holder is told.

    Raises:
        PermissionDenied: If the certificate is not one that ``by`` may revoke.
        LearningRefused: With code "late" after 30 days, "newer" when the holder has got a new
            certificate of the same meanwhile.
    """
    if not may_revoke(by, certificate):
        raise PermissionDenied
    Person.objects.select_for_update(no_key=True).get(pk=certificate.person_id)
    certificate = Certificate.objects.select_for_update(no_key=True).get(pk=certificate.pk)
    if certificate.revoked_at is None:
        return certificate  # sent twice
    if not may_be_given_back(certificate, at=at):
        raise LearningRefused(
            _("It was revoked more than 30 days ago. The holder can earn a new one."), code="late"
        )
    newer = current_certificate(certificate.completed, certificate.completed_id, certificate.person)
    if newer is not None and certificate.replaced_at is None:
        raise LearningRefused(_("The holder has got a newer certificate."), code="newer")
    certificate.revoked_at = certificate.revoked_by = None
    certificate.revoked_for = certificate.revoked_note = ""
    certificate.save(update_fields=["revoked_at", "revoked_by", "revoked_for", "revoked_note"])
    _log(by, "give_back_certificate", certificate, at=at)
    _tell(certificate, "certificate_given_back", at=at)
    return certificate


def may_be_given_back(certificate: Certificate, *, at: datetime) -> bool:
    """Whether it was revoked so lately that it can hold again."""
    return certificate.revoked_at is not None and at < certificate.revoked_at + GIVE_BACK_FOR


def _log(by: Standing, action: str, certificate: Certificate, *, at: datetime) -> None:
    access_log.record(by.person.user if by.person else None, action, certificate, at=at)


def _tell(certificate: Certificate, template: str, *, at: datetime) -> None:
    """Mail the holder what has become of the certificate; the link asks for a sign-in."""
    person = certificate.person
    with override(person.language):
        told = {
            "title": certificate.title,
            "reason": str(certificate.get_revoked_for_display()),
            "link": absolute_url(reverse("courses:certificate", args=[certificate.pk])),
        }
    mail.send(person, f"courses/mail/{template}", told, key=f"{template}:{certificate.pk}:{at}")


def choose(certificate: Certificate, *, shows_name: bool, reminds: bool) -> None:
    """Keep what the holder wants: the name on the check page, reminders."""
    Certificate.objects.filter(pk=certificate.pk).update(shows_name=shows_name, reminds=reminds)


# --- When rules change ----------------------------------------------------------------------------


def refresh_certificates(certificates: CertificateQuerySet) -> int:
    """Let each of ``certificates`` end when the rules behind it say; how many changed."""
    changed = 0
    waiting = list(certificates.current().order_by("pk").values_list("pk", flat=True))
    for begin in range(0, len(waiting), AT_ONCE):
        some = list(Certificate.objects.filter(pk__in=waiting[begin : begin + AT_ONCE]))
        behind = changes_behind(some)
        differing = []
        for one in some:
            day = expiry(one, behind[one.pk])
            if one.expires_on != day:
                one.expires_on = day
                differing.append(one)
        Certificate.objects.bulk_update(differing, ["expires_on"])
        changed += len(differing)
    return changed


def end_certificates_citing(rule: Rule) -> int:
    """After a decision on ``rule``, or its taking back: when certificates resting on it end."""
    return refresh_certificates(Certificate.objects.filter(cited__rule=rule).distinct())


# --- Reminders ------------------------------------------------------------------------------------


def remind_of_certificates(at: datetime) -> int:
    """Mail whoever holds a certificate that expires within 30 days, once at 30 and once at 7.

    Returns:
        How many mails were queued.
    """
    day = local_day(at)
    soon = Certificate.objects.expiring(after=day, until=day + timedelta(days=REMINDED[0]))
    soon = soon.filter(reminds=True).exclude(person__email="").select_related("person")
    soon = soon.exclude(stopping(Told.EXPIRES, "mail"))
    keys = {_key(one, day): one for one in soon.order_by("pk")}
    sent = set(SentMail.objects.filter(key__in=list(keys)).values_list("key", flat=True))
    for key, certificate in keys.items():
        if key not in sent:
            mail.send(
                certificate.person,
                "courses/mail/certificate_expires",
                _told(certificate),
                key=key,
            )
    return len(set(keys) - sent)


def _told(certificate: Certificate) -> dict[str, str | bool]:
    """What the mail says, in the language of the holder; the link asks for a sign-in."""
    kind = kind_of(certificate.completed)
    with override(certificate.person.language):
        return {
            "title": certificate.title,
            "last_day": date_format(certificate.last_day, "DATE_FORMAT"),
            "link": absolute_url(reverse("courses:certificate", args=[certificate.pk])),
            "is_changed": certificate.expires_on < certificate.ends_on,
            "renewing": str(kind.renewing) if kind else "",
        }


def _key(certificate: Certificate, day: date) -> str:
    left = (certificate.expires_on - day).days
    step = next(days for days in sorted(REMINDED) if left <= days)
    return f"certificate:{certificate.pk}:{step}:{certificate.expires_on}"


def look_at_certificates(at: datetime) -> None:
    """What is due: certificates end when their rules say, and their holders are reminded."""
    day = local_day(at)
    refresh_certificates(Certificate.objects.filter(expires_on__gt=day))
    remind_of_certificates(at)
