"""Putting a document with what it belongs to."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cooperation.models import Initiative, Meeting, Pact, Paper
from cooperation.refusals import CooperationRefused
from people.models import Person

#: The most papers of one thing.
MOST = 40
_FIELDS: dict[type, str] = {Initiative: "initiative", Meeting: "meeting", Pact: "pact"}


def put_paper(
    key: UUID,
    owner: Initiative | Meeting | Pact,
    *,
    title: str,
    file: Any,
    by: Person,
    at: datetime,
) -> Paper:
    """Keep a document with ``owner``; sent twice, it is kept once. The field looks into the file.

    Raises:
        CooperationRefused: With code "late" where there are too many, "empty" for a file that is
            no document of ours.
    """
    mine = {_FIELDS[type(owner)]: owner}
    there = Paper.objects.filter(pk=key, **mine).first()
    if there is not None:
        return there
    if Paper.objects.filter(**mine).count() >= MOST:
        raise CooperationRefused(_("There are many documents. Take one away first."), "late")
    paper = Paper(
        pk=key, title=title, file=file, size=file.size, uploaded_by=by, uploaded_at=at, **mine
    )
    try:
        paper.save(force_insert=True)
    except ValidationError as refusal:
        raise CooperationRefused(refusal.messages[0], "empty", "file") from refusal
    return paper
