"""A reader's own messages to the editors. Nobody else's can be opened here."""

import uuid
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.views.generic import FormView, TemplateView, View

from courses.actions import LearningRefused
from courses.actions.remarks import see_answer, tell_editors
from courses.models import Case, Lesson, Remark
from courses.own.subjects import subject_for
from courses.remarks.forms import RemarkForm
from people.access import PersonRequiredMixin

PER_PAGE = 25


class SayView(PersonRequiredMixin, FormView[RemarkForm]):
    """Tell the editors something about a lesson or a case that I may read."""

    form_class = RemarkForm
    template_name = "courses/remarks/say.html"

    @cached_property
    def subject(self) -> Lesson | Case:
        """What it is about.

        Raises:
            Http404: At anything that is neither a lesson nor a case, and where I may not read it.
        """
        subject = subject_for(self.request, self.kwargs["kind"], self.kwargs["key"])
        if not isinstance(subject, Lesson | Case):
            raise Http404
        return subject

    def get_initial(self) -> dict[str, Any]:
        """The id that makes this one message, however often it is sent."""
        return {"id": uuid.uuid4()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What it is about."""
        return super().get_context_data(**(kwargs | {"subject": self.subject}))

    def form_valid(self, form: RemarkForm) -> HttpResponse:
        """Send it, and lead to its receipt; or say why not, nothing lost."""
        said = form.cleaned_data
        try:
            remark = tell_editors(
                self.subject,
                self.person,
                remark_id=said["id"],
                kind=said["kind"],
                text=said["text"],
                language=get_language() or "da",
                at=timezone.now(),
            )
        except LearningRefused as refusal:
            if refusal.code == "conflict":  # one more press sends it as a message of its own
                form = RemarkForm({**self.request.POST.dict(), "id": str(uuid.uuid4())})
            form.add_error(None, refusal)
            return self.form_invalid(form)
        return redirect("courses:remark", remark=remark.pk)

    def form_invalid(self, form: RemarkForm) -> HttpResponse:
        """The form again; what was typed stays in it."""
        return self.render_to_response(self.get_context_data(form=form), status=422)


class RemarksView(PersonRequiredMixin, TemplateView):
    """What I have told the editors, the latest first."""

    template_name = "courses/remarks/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page of it; two queries."""
        own = Remark.objects.filter(person=self.person).with_subjects()
        page = Paginator(own.order_by("-sent_at", "pk"), PER_PAGE).get_page(
            self.request.GET.get("page")
        )
        return super().get_context_data(page=page, remarks=list(page), **kwargs)


class RemarkView(PersonRequiredMixin, TemplateView):
    """One message of mine: the receipt, and later the answer."""

    template_name = "courses/remarks/remark.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The message; those of others are not there."""
        own = Remark.objects.filter(person=self.person).with_subjects()
        remark = get_object_or_404(own, pk=self.kwargs["remark"])
        return super().get_context_data(**(kwargs | {"remark": remark}))


class SeenAnswerView(PersonRequiredMixin, View):
    """I have seen the answer."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, remark: uuid.UUID) -> HttpResponse:
        """Say it no more on the start page."""
        if not see_answer(remark, self.person, at=timezone.now()):
            raise Http404
        return redirect("courses:remark", remark=remark)
