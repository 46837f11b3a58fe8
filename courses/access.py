"""Which lesson a request may work with: asked by every view that shows or takes something.

A lesson's page may be restricted by an editor. Only the pages know; they register a gate when
they start, so that nothing here shows what the page hides.
"""

from collections.abc import Callable
from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from courses.models import Lesson

Gate = Callable[[HttpRequest, Lesson], bool]

_gates: list[Gate] = []


def register_gate(gate: Gate) -> None:
    """Ask ``gate`` too before a reader gets at a lesson; called from ``AppConfig.ready``."""
    if gate not in _gates:
        _gates.append(gate)


def lesson_for(request: HttpRequest, key: UUID) -> Lesson:
    """The lesson ``key``, with its course and module, if this reader may read its page.

    Raises:
        Http404: When there is none, or a gate says no: the two look alike.
    """
    lesson = get_object_or_404(Lesson.objects.select_related("module", "course"), pk=key)
    if not all(gate(request, lesson) for gate in _gates):
        raise Http404
    return lesson
