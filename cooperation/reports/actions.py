"""Everything that happens to a half-year report."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from cooperation.models import HalfYearReport, ReportComment, ReportFile, ReportWords
from cooperation.reports.content import Content, Scope
from cooperation.reports.counting import count_people
from cooperation.reports.current import computed
from cooperation.reports.halves import HalfYear
from cooperation.reports.people import commenters, national_coordinators
from cooperation.reports.sections import section_of
from core import telling
from core.access_log import record
from core.canonical import content_hash
from core.periods import local_day
from people.models import Person

State = HalfYearReport.State


class ReportRefused(ValidationError):
    """A change of a report was not accepted; nothing was saved.

    Codes: "frozen", "early", "late", "changed", "empty", "not_round", "open", "first".
    """

    def __init__(self, message: Any, code: str) -> None:
        super().__init__(message, code=code)
        self.code = code


def begin_report(scope: Scope, half: HalfYear, *, by: Person, at: datetime) -> HalfYearReport:
    """The report of ``half``; begun now, or the one there is. Twice at once is once.

    Raises:
        ReportRefused: With code "early" before the half-year has begun.
    """
    if local_day(at) < half.starts_on:
        raise ReportRefused(_("The half-year has not begun yet."), "early")
    found = HalfYearReport.objects.of_half(half).about(scope).newest().first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            report = HalfYearReport.objects.create(
                kind=scope.kind,
                municipality=scope.municipality,
                initiative=scope.initiative,
                year=half.year,
                half=half.half,
                begun_by=by,
                begun_at=at,
            )
            record(by.user, "begin", report, at=at)
            count_people(report, at=at)
    except IntegrityError:
        return HalfYearReport.objects.of_half(half).about(scope).newest().get()
    return report


@transaction.atomic
def write_words(
    report: HalfYearReport,
    section: str,
    *,
    text_da: str,
    text_kl: str,
    seen: int,
    by: Person,
    at: datetime,
) -> ReportWords:
    """Say something beside the figures of a section, or (empty) of the whole report.

    Args:
        seen: The number of the words that were seen; 0 where there were none.

    Raises:
        ReportRefused: With code "frozen", or "changed" where somebody else was faster.
    """
    _open(report)
    kept = ReportWords.objects.filter(report=report, section=section).first()
    if (kept.number if kept else 0) != seen:
        raise ReportRefused(
            _("Somebody else has written here meanwhile. Join the two texts."), "changed"
        )
    words = kept or ReportWords(report=report, section=section, number=0)
    words.text_da, words.text_kl = text_da, text_kl
    words.number += 1
    words.written_by, words.written_at = by, at
    words.full_clean()
    words.save()
    record(by.user, "change", report, at=at)
    return words


@transaction.atomic
def send_round(report: HalfYearReport, *, by: Person, at: datetime) -> HalfYearReport:
    """Let those who lead and coordinate there read it and comment; pressing twice is once.

    Raises:
        ReportRefused: With code "frozen".
    """
    held = _open(report)
    if held.state == State.ROUND:
        return held
    held.state, held.sent_round_at = State.ROUND, at
    held.save(update_fields=["state", "sent_round_at"])
    record(by.user, "send_round", held, at=at)
    _tell(commenters(held, on=local_day(at)), "round", held, but=by)
    return held


@transaction.atomic
def comment(
    report: HalfYearReport, section: str, text: str, *, key: Any, by: Person, at: datetime
) -> ReportComment:
    """Say something about a report that goes round; ``key`` makes sending twice once.

    Raises:
        ReportRefused: With code "frozen", or "not_round" while it is a draft.
    """
    held = _open(report)
    if held.state != State.ROUND:
        raise ReportRefused(_("The report does not go round for comment."), "not_round")
    if section and section_of(section) is None:
        section = ""
    sent = ReportComment.objects.filter(pk=key).first()
    if sent is not None and sent.author_id == by.pk:
        return sent
    said = ReportComment(
        report=held, section=section, text=text, author=by, written_at=at,
        **({} if sent is not None or key is None else {"pk": key}),
    )  # fmt: skip
    said.full_clean()
    said.save(force_insert=True)
    record(by.user, "comment", held, at=at)
    if held.begun_by is not None:
        _tell([held.begun_by], "commented", held, but=by)
    return said


def seen_of(content: Content) -> str:
    """Names what a report says, so that whoever freezes it freezes what they have looked at."""
    return content_hash(content)


def freeze_report(
    report: HalfYearReport, *, seen: str | None = None, by: Person, at: datetime
) -> HalfYearReport:
    """Keep what the report says, for good; with it a municipality has delivered.

    Pressing twice is once.

    Args:
        seen: What was looked at, as :func:`seen_of` names it; none where nobody looks.

    Raises:
        ReportRefused: With code "early" before the half-year is over, "changed" where words or
            figures are not those that were seen.
    """
    count_people(report, at=at)  # stays, also where it shows what nobody has seen yet
    return _freeze(report, seen=seen, by=by, at=at)


@transaction.atomic
def _freeze(
    report: HalfYearReport, *, seen: str | None, by: Person, at: datetime
) -> HalfYearReport:
    held = _locked(report)
    if held.is_frozen:
        return held
    if not held.period.is_over(on=local_day(at)):
        raise ReportRefused(_("The half-year is not over yet."), "early")
    held.content = computed(held, on=local_day(at))
    held.sha256 = content_hash(held.content)
    if seen is not None and seen != held.sha256:
        raise ReportRefused(
            _("Words or figures have changed since you looked. Look once more."), "changed"
        )
    held.state, held.frozen_at, held.frozen_by = State.FROZEN, at, by
    held.save(update_fields=["state", "frozen_at", "frozen_by", "content", "sha256"])
    record(by.user, "freeze", held, at=at)
    if held.kind == HalfYearReport.Kind.MUNICIPALITY:
        what = "delivered" if held.corrects_id is None else "corrected"
        _tell(national_coordinators(on=local_day(at)), what, held, but=by)
    return held


@transaction.atomic
def correct_report(
    report: HalfYearReport, *, reason: str, by: Person, at: datetime
) -> HalfYearReport:
    """Begin a newer edition of a frozen report, which itself stays as it is.

    It begins with the words of the older one; the figures are counted anew. Until it is frozen the
    older one counts. Begun twice, it is begun once.

    Raises:
        ReportRefused: With code "open" for one that is not frozen, "empty" without a reason.
    """
    held = _locked(report)
    if not held.is_frozen:
        raise ReportRefused(_("The report is not frozen: change it as it is."), "open")
    begun = HalfYearReport.objects.filter(corrects=held).first()
    if begun is not None:
        return begun
    if not reason.strip():
        raise ReportRefused(_("Write why it is corrected."), "empty")
    newer = HalfYearReport(
        kind=held.kind,
        municipality=held.municipality,
        initiative=held.initiative,
        year=held.year,
        half=held.half,
        edition=held.edition + 1,
        corrects=held,
        reason=reason.strip(),
        begun_by=by,
        begun_at=at,
    )
    newer.clean_fields({one.name for one in newer._meta.fields} - {"reason"})
    newer.save(force_insert=True)
    ReportWords.objects.bulk_create(
        ReportWords(
            report=newer,
            section=one.section,
            text_da=one.text_da,
            text_kl=one.text_kl,
            written_by=one.written_by,
            written_at=one.written_at,
        )
        for one in ReportWords.objects.filter(report=held).select_related("written_by")
    )
    record(by.user, "correct", newer, at=at)
    count_people(newer, at=at)
    return newer


@transaction.atomic
def drop_correction(report: HalfYearReport, *, by: Person, at: datetime) -> HalfYearReport:
    """Throw away a newer edition that was begun, with its words, comments and files.

    The edition before, which is returned, goes on counting; it can be corrected again.

    Raises:
        ReportRefused: With code "first" for what corrects nothing, "frozen".
    """
    held = _open(report)
    if held.corrects is None:
        raise ReportRefused(_("Only a newer edition can be thrown away."), "first")
    older = held.corrects
    record(by.user, "drop", held, at=at)
    for file in ReportFile.objects.filter(report=held):
        forget_file(file)
    ReportComment.objects.filter(report=held).delete()
    ReportWords.objects.filter(report=held).delete()
    held.delete()
    return older


@transaction.atomic
def ask_for_file(
    report: HalfYearReport, kind: str, language: str, *, by: Person, at: datetime
) -> ReportFile:
    """Begin a file of the report; asking again while it is made gives the same.

    The person's file of before goes: it lies there for nobody.
    """
    from cooperation.reports.tasks import make_file

    _locked(report)
    own = ReportFile.objects.filter(report=report, kind=kind, language=language, person=by)
    for old in own:
        if old.is_under_way:
            return old
        forget_file(old)
    file = ReportFile.objects.create(
        report=report, kind=kind, language=language, person=by, asked_at=at
    )
    transaction.on_commit(partial(make_file.enqueue, str(file.pk)))
    return file


def forget_file(file: ReportFile) -> None:
    """Delete what was made, with its file."""
    if file.file.name:
        transaction.on_commit(partial(file.file.storage.delete, file.file.name))
    file.delete()


def _open(report: HalfYearReport) -> HalfYearReport:
    held = _locked(report)
    if held.is_frozen:
        raise ReportRefused(_("The report is frozen: nothing of it is changed."), "frozen")
    return held


def _locked(report: HalfYearReport) -> HalfYearReport:
    found = HalfYearReport.objects.select_for_update(of=("self",), no_key=True)
    found = found.select_related("municipality", "initiative", "begun_by__user", "corrects")
    return found.get(pk=report.pk)


def _tell(readers: Iterable[Person], what: str, report: HalfYearReport, *, but: Person) -> None:
    facts = {"title": report.scope.name["da"], "half": str(report.period.label)}
    for reader in readers:
        if reader != but:
            telling.tell(
                reader,
                f"cooperation.report_{what}",
                facts,
                url="cooperation:report",
                url_args=[str(report.pk)],
            )
