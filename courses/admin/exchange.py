"""Questions from and to files, in the admin: look first, then take."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from wagtail.log_actions import log

from core.guard import GuardedFileFormMixin, GuardedFormMixin
from courses.admin.access import BankMixin, attachment
from courses.exchange.bank import NAMES, Report, examine, export_questions, import_questions
from courses.exchange.draft import MOST_BYTES, FileRefused, decode
from courses.kinds.writing import GAP
from courses.models import Question

SUFFIXES = {".gift": "gift", ".txt": "aiken", ".xml": "moodle"}
FILES = {"gift": ("spoergsmaal.gift", "text/plain"), "moodle": ("spoergsmaal.xml", "text/xml")}


class UploadForm(GuardedFileFormMixin, forms.Form):
    """A file, and what is in it."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("A .gift, .txt or .xml file of at most 1 MB."),
        widget=forms.FileInput(attrs={"accept": ".gift,.txt,.xml"}),
    )
    file_format = forms.ChoiceField(
        label=gettext_lazy("Format"),
        required=False,
        choices=[("", gettext_lazy("By the name of the file")), *NAMES.items()],
    )

    def clean_file(self) -> Any:
        """Refuse what is too big before it is read."""
        file = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise ValidationError(_("The file is bigger than 1 MB. Divide it."), code="size")
        return file

    def clean(self) -> dict[str, Any]:
        """Read the file, and know its format."""
        cleaned: dict[str, Any] = super().clean() or {}
        file = cleaned.get("file")
        if file is None:
            return cleaned
        suffix = f".{file.name.rpartition('.')[2].lower()}"
        if not cleaned.get("file_format"):
            cleaned["file_format"] = SUFFIXES.get(suffix, "")
        if not cleaned["file_format"]:
            self.add_error("file_format", _("Choose the format: the name does not tell it."))
        file.seek(0)
        try:
            cleaned["text"] = decode(file.read())
        except FileRefused as refusal:
            place = _("line %(line)d: ") % {"line": refusal.line} if refusal.line else ""
            self.add_error("file", place + refusal.reason)
        return cleaned


class TakeForm(GuardedFormMixin, forms.Form):
    """What was looked at, to be taken now: nothing was kept meanwhile."""

    text = forms.CharField(strip=False, max_length=MOST_BYTES)
    file_format = forms.ChoiceField(choices=list(NAMES.items()))
    take_the_good = forms.BooleanField(required=False)


class ImportView(BankMixin, TemplateView):
    """Look at a file, read what would become of each question, then take them or not."""

    permission_required = "courses.add_question"
    template_name = "courses/admin/import.html"
    page_title = gettext_lazy("Take in questions")
    header_icon = "download"
    form_class = UploadForm  # it and TakeForm say themselves what the identity guard refuses

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form to begin with."""
        return super().get_context_data(**{"form": UploadForm(), **kwargs})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Look at what was sent, or take what was looked at."""
        if "text" in request.POST:
            return self._take(request)
        form = UploadForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._show(form=form, status=422)
        text, file_format = form.cleaned_data["text"], form.cleaned_data["file_format"]
        return self._show(report=examine(text, file_format), text=text, form=form)

    def _take(self, request: HttpRequest) -> HttpResponse:
        form = TakeForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("Choose the file again."))
            return self._show(form=UploadForm(), status=422)
        said = form.cleaned_data
        text = said["text"].replace("\r\n", "\n")
        report = import_questions(
            text,
            said["file_format"],
            at=timezone.now(),
            take_the_good=said["take_the_good"],
        )
        if not report.created:
            messages.error(request, _("Nothing was taken."))
            return self._show(report=report, text=text, form=UploadForm(), status=422)
        for question in report.created:
            log(instance=question, action="wagtail.create", user=request.user)
        count = len(report.created)
        messages.success(
            request,
            ngettext(
                "%(count)d question was taken.", "%(count)d questions were taken.", count
            ) % {"count": count},
        )  # fmt: skip
        return redirect("wagtailsnippets_courses_question:list")

    def _show(self, *, status: int = 200, report: Report | None = None, **context: Any) -> Any:
        context = self.get_context_data(report=report, **context)
        return self.render_to_response(context, status=status)


class ExportView(BankMixin, TemplateView):
    """All questions in use as one file."""

    permission_required = "courses.add_question"
    template_name = "courses/admin/export.html"
    page_title = gettext_lazy("Give out questions")
    header_icon = "upload"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page; with ``?til=gift`` or ``?til=moodle`` the file."""
        file_format = request.GET.get("til", "")
        if file_format not in FILES:
            return super().get(request, *args, **kwargs)
        text, _left = export_questions(self._questions(), file_format)
        return attachment(text, *FILES[file_format])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """How many there are, and which GIFT cannot hold."""
        clozes = self._questions().filter(kind=Question.Kind.CLOZE)
        many = [question for question in clozes if not _fits_gift(question.text_da)]
        return super().get_context_data(count=self._questions().count(), left=many, **kwargs)

    @staticmethod
    def _questions() -> Any:
        return Question.objects.in_use().order_by("key")


def _fits_gift(text: str) -> bool:
    """Whether a text has one gap, and goes on behind it."""
    pieces = GAP.split(text)
    return len(pieces) == 3 and bool(pieces[2].strip())
