"""What a learner does with bookmarks and notes. Each may be sent twice and counts once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from core.identity import refuse_cpr_like
from core.texts import as_kept
from courses.actions.refusals import LearningRefused
from courses.models import Bookmark, Case, Lesson, Note
from courses.models.own import LONGEST_NOTE
from courses.own.subjects import Subject, naming
from people.models import Person

#: How long a deleted note can be brought back.
IN_BIN = timedelta(days=30)

# --- Bookmarks ------------------------------------------------------------------------------------


def save_for_later(subject: Subject, person: Person, *, at: datetime) -> Bookmark:
    """Let ``person`` find ``subject`` again; the first time counts."""
    field = "lesson" if isinstance(subject, Lesson) else "case"
    if not isinstance(subject, Lesson | Case):
        field = "rule"
    saved, _created = Bookmark.objects.get_or_create(
        person=person, **{field: subject}, defaults={"saved_at": at}
    )
    return saved


def remove_saved(kind: str, key: UUID, person: Person) -> bool:
    """Forget that ``person`` wanted to find it again; whether there was something to forget."""
    count, _rows = Bookmark.objects.filter(person=person, **naming(kind, key)).delete()
    return bool(count)


# --- Notes ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a text.

    ``is_beside``: it was written on an older version than there is now, and waits beside it.
    """

    note: Note | None
    is_beside: bool = False


@transaction.atomic
def write_note(
    subject: Lesson | Case,
    person: Person,
    text: str,
    *,
    version: int,
    at: datetime,
) -> Written:
    """Keep ``text`` as the note of ``person`` at ``subject``; an empty one deletes the note.

    A text that was begun on an older version never replaces a newer one: it is kept beside it, and
    the person chooses (:func:`settle_note`).

    Args:
        version: The version that the form was opened with; 0 where there was none.

    Raises:
        ValidationError: With code "cpr_like". Nothing is saved.
        LearningRefused: With code "too_long". Nothing is saved.
    """
    text = _checked(text)
    note = _locked(subject, person)
    if note is None:
        if not text:
            return Written(None)
        note, is_new = Note.objects.get_or_create(
            person=person,
            deleted_at=None,
            **_about(subject),
            defaults={"text": text, "written_at": at},
        )
        if is_new:
            return Written(note)
        note = Note.objects.select_for_update(no_key=True).get(pk=note.pk)  # another tab was first
    if text in {note.text, *note.beside}:
        return Written(note, is_beside=text != note.text)
    if note.version != version:
        if text:
            note.beside = [*note.beside, text]
            note.save(update_fields=["beside"])
        return Written(note, is_beside=True)
    if not text:
        delete_note(note.pk, person, at=at)
        return Written(None)
    note.text, note.version, note.written_at = text, note.version + 1, at
    note.save(update_fields=["text", "version", "written_at"])
    return Written(note)


@transaction.atomic
def settle_note(
    subject: Lesson | Case,
    person: Person,
    text: str,
    *,
    version: int,
    seen: int,
    at: datetime,
) -> Written:
    """Keep ``text`` in place of the note and the texts that wait beside it.

    Args:
        version: The version of the note that was shown.
        seen: How many texts beside it were shown. What has come since stays beside.

    Raises:
        ValidationError: With code "cpr_like". Nothing is saved.
        LearningRefused: With code "too_long", or "empty". Nothing is saved.
    """
    text = _checked(text)
    if not text:
        raise LearningRefused(_("Choose a text, or write one."), code="empty")
    note = _locked(subject, person)
    if note is None or note.version != version:
        return write_note(subject, person, text, version=version, at=at)
    note.beside = [one for one in note.beside[seen:] if one != text]
    note.text, note.version, note.written_at = text, note.version + 1, at
    note.save(update_fields=["text", "beside", "version", "written_at"])
    return Written(note, is_beside=bool(note.beside))


@transaction.atomic
def delete_note(key: UUID, person: Person, *, at: datetime) -> bool:
    """Put a note in the bin for 30 days; whether it is one of ``person``."""
    own = Note.objects.filter(pk=key, person=person)
    own.filter(deleted_at__isnull=True).update(deleted_at=at)
    return own.exists()


@transaction.atomic
def restore_note(key: UUID, person: Person, *, at: datetime) -> Note:
    """Take a note out of the bin. Where a new one was written since, it waits beside that.

    Raises:
        Note.DoesNotExist: When there is none of ``person`` in the bin or out of it.
    """
    note = Note.objects.select_for_update(no_key=True).get(pk=key, person=person)
    if note.deleted_at is None:
        return note
    newer = Note.objects.of(person).filter(lesson=note.lesson_id, case=note.case_id)
    present = newer.select_for_update(no_key=True).first()
    if present is None:
        note.deleted_at = None
        note.save(update_fields=["deleted_at"])
        return note
    texts = [text for text in (note.text, *note.beside) if text != present.text]
    present.beside = list(dict.fromkeys([*present.beside, *texts]))
    present.save(update_fields=["beside"])
    note.delete()
    return present


def empty_bin(at: datetime) -> int:
    """Delete for good what has been in the bin for 30 days, and what belongs to no account.

    An account that was closed can be opened again and keeps its notes; one that was removed is
    gone with them.

    Returns:
        How many notes were deleted.
    """
    old = Note.objects.filter(deleted_at__lte=at - IN_BIN)
    count, _rows = old.delete()
    Bookmark.objects.filter(person__user__isnull=True).delete()
    more, _rows = Note.objects.filter(person__user__isnull=True).delete()
    return count + more


def _checked(text: str) -> str:
    refuse_cpr_like(text)
    kept = as_kept(text)
    if len(kept) > LONGEST_NOTE:
        raise LearningRefused(
            _("Write at most %(most)d characters.") % {"most": LONGEST_NOTE}, code="too_long"
        )
    return kept


def _locked(subject: Lesson | Case, person: Person) -> Note | None:
    return Note.objects.of(person).filter(**_about(subject)).select_for_update(no_key=True).first()


def _about(subject: Lesson | Case) -> dict[str, Any]:
    return {"lesson" if isinstance(subject, Lesson) else "case": subject}
