"""A course as a file for translators, in the admin: look first, then keep."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pages.models import CoursePage
from pages.translating import po
from pages.translating.file_forms import TakeForm, UploadForm
from pages.translating.states import course_names, targets
from pages.translating.views import CHANGE, WAYS, TranslatorsPage

WAYS.append(("course_files", gettext_lazy("Files for translators"), CHANGE))


class CourseFiles(TranslatorsPage):
    """Every course, with the way to its file."""

    template_name = "pages/admin/course_files.html"
    page_title = gettext_lazy("Files for translators")
    permission_required = CHANGE

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The courses that can be read."""
        courses = CoursePage.objects.live().filter(path__in=course_names()).order_by("path")
        return super().get_context_data(courses=courses, languages=targets(), **kwargs)


class CourseFile(TranslatorsPage):
    """A course's texts as a file, and what comes back of it: look first, then keep."""

    template_name = "pages/admin/course_file.html"
    page_title = gettext_lazy("File of a course")
    permission_required = CHANGE
    form_class = UploadForm  # it and TakeForm say themselves what the identity guard refuses

    @cached_property
    def course(self) -> CoursePage:
        """The Danish course.

        Raises:
            Http404: Where there is none that can be read.
        """
        if self.kwargs["language"] not in dict(targets()):
            raise Http404
        courses: QuerySet[CoursePage] = CoursePage.objects.live().filter(path__in=course_names())
        return get_object_or_404(courses, translation_key=self.kwargs["page_key"])

    def get_page_subtitle(self) -> str:
        """The course."""
        return self.course.title

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page; with ``?hent=po`` the file."""
        if request.GET.get("hent") != "po":
            return super().get(request, *args, **kwargs)
        language = self.kwargs["language"]
        name = f"{slugify(self.course.title)}-{language}.po"
        return HttpResponse(
            po.export(self.course, language, at=timezone.now()),
            content_type="text/x-gettext-translation; charset=utf-8",
            headers={
                "Content-Disposition": f'attachment; filename="{name}"',
                "X-Content-Type-Options": "nosniff",
                "Cache-Control": "no-store",
            },
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form to begin with."""
        texts = po.CourseTexts(self.course, self.kwargs["language"])
        return super().get_context_data(
            **{
                "form": UploadForm(),
                "course": self.course,
                "language": self.kwargs["language"],
                "language_name": dict(targets())[self.kwargs["language"]],
                "by_hand": [texts.pages[key] for key in texts.pages if key in texts.by_hand],
                **kwargs,
            }
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Look at what was sent, or keep what was looked at."""
        if "text" in request.POST:
            return self._take(request)
        form = UploadForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._show(form=form, status=422)
        text = form.cleaned_data["text"]
        try:
            report = po.examine(text, self.course, self.kwargs["language"], by=self.person)
        except po.FileRefused as refusal:
            form.add_error("file", refusal)
            return self._show(form=form, status=422)
        return self._show(form=form, report=report, text=text)

    def _take(self, request: HttpRequest) -> HttpResponse:
        form = TakeForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("Choose the file again."))
            return self._show(form=UploadForm(), status=422)
        text = form.cleaned_data["text"].replace("\r\n", "\n")
        try:
            report = po.take(
                text,
                self.course,
                self.kwargs["language"],
                by=self.person,
                at=timezone.now(),
                take_the_good=form.cleaned_data["take_the_good"],
            )
        except po.FileRefused as refusal:
            messages.error(request, " ".join(refusal.messages))
            return self._show(form=UploadForm(), status=422)
        count = len(report.new)
        if not count:
            messages.error(request, _("Nothing was kept."))
            return self._show(form=UploadForm(), report=report, text=text, status=422)
        messages.success(
            request,
            ngettext(
                "%(count)d text is kept as a draft. Somebody else looks at it now.",
                "%(count)d texts are kept as drafts. Somebody else looks at them now.",
                count,
            )
            % {"count": count},
        )
        if left := len(report.newer):
            messages.warning(
                request,
                ngettext(
                    "%(count)d text was left as it is: it has been changed since the file was "
                    "downloaded.",
                    "%(count)d texts were left as they are: they have been changed since the file "
                    "was downloaded.",
                    left,
                )
                % {"count": left},
            )
        return redirect("translation_queue")

    def _show(self, *, status: int = 200, **context: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(**context), status=status)
