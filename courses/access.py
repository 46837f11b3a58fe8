"""Which lesson or case a request may work with: asked by every view that shows or takes something.

Its page may be restricted by an editor. Only the pages know; they register a gate when
they start, so that nothing here shows what the page hides.
"""

from collections.abc import Callable
from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from courses.models import Case, Lesson

Gate = Callable[[HttpRequest, Lesson | Case], bool]

_gates: list[Gate] = []


def register_gate(gate: Gate) -> None:
    """Ask ``gate`` too before a reader gets at anything; called from ``AppConfig.ready``."""
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


def case_for(request: HttpRequest, key: UUID) -> Case:
    """The case ``key``, if this reader may read its page.

    Raises:
        Http404: When there is none, or a gate says no: the two look alike.
    """
    case = get_object_or_404(Case.objects.select_related("module", "course").defer("said"), pk=key)
    if not all(gate(request, case) for gate in _gates):
        raise Http404
    return case
