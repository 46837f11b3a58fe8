"""A question was wrong: the form in which a reviewer says how."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from core.guard import GuardedFormMixin
from courses.actions import LearningRefused, correct_version
from courses.actions.corrections import LONGEST_REASON
from courses.admin.access import BankMixin
from courses.kinds import Chosen, NotOfferedError, kind_of
from courses.models import Answer, Correction, QuestionVersion
from courses.quizzes.form import name_of


class CorrectionForm(GuardedFormMixin, forms.Form):
    """How a version is counted from now on; the other right answer is given as learners give it."""

    how = forms.ChoiceField(
        label=gettext_lazy("What is to be done"),
        choices=Correction.How,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what is to be done.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Everybody whose result changes reads it."),
        error_messages={
            "required": gettext_lazy("Write why. Everybody whose result changes reads it.")
        },
    )
    is_sure = forms.BooleanField(
        label=gettext_lazy("Count the attempts anew"),
        error_messages={"required": gettext_lazy("Put a tick to count the attempts anew.")},
    )

    def __init__(self, version: QuestionVersion, data: Any = None) -> None:
        super().__init__(data)
        self.version = version
        self.kind = kind_of(version)
        self.parts = self.kind.fields(version, 1, 0)
        for part, field in self.parts.items():
            field.required = False
            self.fields[name_of(version, part)] = field
        self.order_fields(["how", *(name_of(version, part) for part in self.parts)])

    @property
    def asked(self) -> list[forms.BoundField]:
        """The fields of the other right answer."""
        return [self[name_of(self.version, part)] for part in self.parts]

    def clean(self) -> dict[str, Any]:
        """Read the other right answer."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("how") != Correction.How.ALSO or self.errors:
            return cleaned
        values = {part: cleaned.get(name_of(self.version, part)) for part in self.parts}
        if not all(values.values()):
            raise ValidationError(_("Give the answer that is right too."), code="accepted")
        if wrong := self.kind.errors(self.version, 1, values):
            raise next(iter(wrong.values()))
        try:
            cleaned["accepted"] = self._read(values)
        except NotOfferedError:
            raise ValidationError(
                _("Give the answer that is right too."), code="accepted"
            ) from None
        return cleaned

    def _read(self, values: dict[str, Any]) -> Chosen:
        return self.kind.normalise(self.version, self.kind.given(self.version, values))


class CorrectionView(BankMixin, TemplateView):
    """Mark a version as wrong."""

    permission_required = "courses.approve_question"
    template_name = "courses/admin/correct.html"
    page_title = gettext_lazy("Correct how a question counts")
    header_icon = "warning"
    form_class = CorrectionForm  # it says itself what the identity guard refuses

    @cached_property
    def version(self) -> QuestionVersion:
        """The version as it was asked."""
        versions = QuestionVersion.objects.select_related("question")
        found: QuestionVersion = get_object_or_404(versions, pk=self.kwargs["version"])
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The version, how many attempts it is in, and what was decided before."""
        kwargs.pop("version", None)  # of the address
        given = {
            "form": CorrectionForm(self.version),
            "version": self.version,
            "shown_text": kind_of(self.version).shown_text(self.version),
            "attempts": Answer.objects.filter(version=self.version).count(),
            "corrections": list(
                self.version.corrections.select_related("made_by").order_by("-made_at")
            ),
        }
        return super().get_context_data(**given | kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Decide, and let the worker count."""
        person = getattr(request.user, "person", None)
        if person is None:
            raise PermissionDenied
        form = CorrectionForm(self.version, request.POST)
        if form.is_valid():
            said = form.cleaned_data
            try:
                correct_version(
                    self.version,
                    said["how"],
                    reason=said["reason"],
                    by=person,
                    at=timezone.now(),
                    accepted=said.get("accepted"),
                )
            except LearningRefused as refusal:
                form.add_error(None, refusal)
            else:
                messages.success(
                    request, _("Decided. The attempts are counted anew in the background.")
                )
                return redirect("courses_statistics_of", question=self.version.question_id)
        context = self.get_context_data(form=form)
        return self.render_to_response(context, status=422)
