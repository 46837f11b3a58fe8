"""How the questions work, in the admin: for editors and reviewers."""

from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from core.small_groups import FEWEST_TO_SHOW
from courses.admin.access import BankMixin
from courses.models import Question
from courses.quizzes.statistics import Figures, figures, going_wrong, shares

ROWS_PER_PAGE = 50
WRONG_SHOWN = 20

#: What a column is sorted by; what has no figure comes last.
ORDERS: dict[str, Callable[[Figures], Any]] = {
    "key": lambda row: row.question.key,
    "learners": lambda row: row.learners,
    "facility": lambda row: row.facility,
    "discrimination": lambda row: row.discrimination,
}


def sort(rows: list[Figures], order: str) -> list[Figures]:
    """``rows`` by a column of ``ORDERS``, from its end where ``order`` begins with a minus."""
    by = ORDERS[order.removeprefix("-")]
    known = [row for row in rows if by(row) is not None]
    unknown = [row for row in rows if by(row) is None]
    return sorted(known, key=by, reverse=order.startswith("-")) + unknown


class StatisticsView(BankMixin, TemplateView):
    """Every question with its figures, and those that go wrong."""

    permission_required = "courses.add_question"
    template_name = "courses/admin/statistics.html"
    page_title = _("How the questions work")
    header_icon = "order"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page of the list; the order stands in the address."""
        order = self.request.GET.get("orden", "")
        if order.removeprefix("-") not in ORDERS:
            order = "key"
        rows = figures(Question.objects.order_by("key"))
        page = Paginator(sort(rows, order), ROWS_PER_PAGE).get_page(self.request.GET.get("p"))
        return super().get_context_data(
            rows=list(page),
            page_obj=page,
            wrong=going_wrong(rows)[:WRONG_SHOWN],
            order=order,
            columns=[
                ("key", _("Question"), order),
                ("learners", _("Learners"), order),
                ("facility", _("Right, in per cent"), order),
                ("discrimination", _("Discrimination"), order),
            ],
            fewest=FEWEST_TO_SHOW,
            **kwargs,
        )


class QuestionStatisticsView(BankMixin, TemplateView):
    """One question: what was chosen, and its versions to correct."""

    permission_required = "courses.add_question"
    template_name = "courses/admin/question_statistics.html"
    page_title = _("How the question works")
    header_icon = "order"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Its figures, shares and versions."""
        question = get_object_or_404(Question, pk=self.kwargs["question"])
        [row] = figures(Question.objects.filter(pk=question.pk))
        versions = question.versions.prefetch_related("corrections__made_by")
        shown = {
            "question": question,
            "row": row,
            "shares": shares(question) if row.is_shown else [],
            "versions": list(versions.order_by("-number")),
            "fewest": FEWEST_TO_SHOW,
        }
        return super().get_context_data(**kwargs | shown)
