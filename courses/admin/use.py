"""Where a question is used, and how it is taken out of use or out of the bank."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.log_actions import log

from courses.actions import (
    LearningRefused,
    bring_back_question,
    delete_question,
    retire_question,
)
from courses.actions.bank import is_answered, lessons_asking
from courses.admin.access import BankMixin
from courses.models import Question


class UseView(BankMixin, TemplateView):
    """The lessons that ask a question, whether it was answered, and what may be done with it."""

    permission_required = "courses.add_question"
    template_name = "courses/admin/use.html"
    page_title = gettext_lazy("Where the question is used")
    header_icon = "link"

    @cached_property
    def question(self) -> Question:
        """The question."""
        return get_object_or_404(Question, pk=self.kwargs["question"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What stands in the way of retiring and deleting."""
        lessons = lessons_asking(self.question)
        shown = {
            "question": self.question,
            "lessons": lessons,
            "is_asked": any(lesson.is_live for lesson in lessons),
            "is_answered": is_answered(self.question),
        }
        return super().get_context_data(**kwargs | shown)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Retire, bring back or delete; or say why not and what to do instead."""
        try:
            with transaction.atomic():
                return self._do(request.POST.get("do", ""))
        except LearningRefused as refusal:
            messages.error(request, refusal.messages[0])
            return self.render_to_response(self.get_context_data(), status=422)

    def _do(self, what: str) -> HttpResponse:
        """Change the question and its history, where that is not refused."""
        request, question = self.request, self.question
        if what == "retire":
            retire_question(question, at=timezone.now())
            log(instance=question, action="courses.retire", user=request.user)
            messages.success(request, _("The question is out of use. Its answers are kept."))
        elif what == "bring_back":
            bring_back_question(question)
            log(instance=question, action="courses.bring_back", user=request.user)
            messages.success(request, _("The question can be used again."))
        elif what == "delete":
            delete_question(question)
            log(instance=question, action="wagtail.delete", user=request.user, deleted=True)
            messages.success(request, _("The question is deleted."))
            return redirect("wagtailsnippets_courses_question:list")
        return redirect("courses_question_use", question=question.pk)
