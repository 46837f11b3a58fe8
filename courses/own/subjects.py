"""The lesson, case or rule that an address names, if this reader may read it."""

from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from courses.access import case_for, lesson_for
from courses.models import Bookmark, Case, Lesson
from rules.models import Rule

Subject = Lesson | Case | Rule


def subject_for(request: HttpRequest, kind: str, key: UUID) -> Subject:
    """What ``kind`` ("lektion", "sag", "regel") and ``key`` name.

    Raises:
        Http404: When there is none, when an editor has closed its page to this reader, and for a
            rule that is shown to nobody.
    """
    if kind == "lektion":
        return lesson_for(request, key)
    if kind == "sag":
        return case_for(request, key)
    if kind == "regel":
        return get_object_or_404(Rule.objects.publishable(), pk=key)
    raise Http404


def naming(kind: str, key: UUID) -> dict[str, UUID]:
    """For a query of records: those that speak of what ``kind`` and ``key`` name.

    Raises:
        Http404: For a kind that there is not.
    """
    field = Bookmark.KINDS.get(kind)
    if field is None:
        raise Http404
    return {f"{field}_id": key}


def address_of(subject: Subject) -> str:
    """Where it is read; empty where it cannot be now."""
    from django.urls import reverse

    return f"{reverse('rules')}#{subject.key}" if isinstance(subject, Rule) else subject.path
