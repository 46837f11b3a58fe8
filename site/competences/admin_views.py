"""Two pages of the admin beside the snippets: take a framework in, begin its next version."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView, View
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from competences.actions import FrameworkRefused, begin_next_version
from competences.forms import ImportForm
from competences.imports import IN_CSV, OF_TEXT, import_framework
from competences.models import FrameworkVersion
from people.permissions import standing_of

LIST = "wagtailsnippets_competences_frameworkversion:list"
EDIT = "wagtailsnippets_competences_frameworkversion:edit"


class FrameworkPage(PermissionRequiredMixin, WagtailAdminTemplateMixin, View):
    """A page of the admin for whoever writes frameworks."""

    # Wagtail has asked who it is; here it is asked whether they may.
    permission_required = "competences.add_frameworkversion"
    raise_exception = True
    header_icon = "list-ul"


class ImportView(FrameworkPage, FormView[Any]):
    """Take in a framework from a file, all or nothing, with a report."""

    page_title = gettext_lazy("Take in a framework")
    form_class = ImportForm
    template_name = "competences/admin/import.html"

    def form_valid(self, form: ImportForm) -> HttpResponse:
        """Show what came in, or every problem with its place."""
        file = form.cleaned_data["file"]
        by = standing_of(self.request.user).person
        report = import_framework(file.name, file.read(), at=timezone.now(), by=by)
        context = self.get_context_data(form=form, report=report)
        return self.render_to_response(context, status=422 if report.is_refused else 200)

    def form_invalid(self, form: ImportForm) -> HttpResponse:
        """The form again, with what is missing."""
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the columns a file may have."""
        columns = [*IN_CSV, "version", "in_force_from", *OF_TEXT]
        own = {"columns": columns, "list_url": reverse(LIST)}
        context: dict[str, Any] = super().get_context_data(**(kwargs | own))
        return context


class NextVersionView(FrameworkPage, TemplateView):
    """Begin the next version of a framework from one that is published."""

    page_title = gettext_lazy("Begin the next version")
    template_name = "competences/admin/next_version.html"

    @cached_property
    def version(self) -> FrameworkVersion:
        """The version to go on from."""
        return get_object_or_404(
            FrameworkVersion.objects.select_related("framework"), pk=self.kwargs["version"]
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds ``version``."""
        context: dict[str, Any] = super().get_context_data(**(kwargs | {"version": self.version}))
        return context

    def post(self, request: HttpRequest, version: uuid.UUID) -> HttpResponse:
        """Copy it, and lead to the copy."""
        try:
            draft = begin_next_version(self.version, at=timezone.now(), user=request.user)
        except FrameworkRefused as refusal:
            messages.error(request, refusal.messages[0])
            return redirect(LIST)
        messages.success(request, _("The draft says what the version before says. Go on from it."))
        return redirect(EDIT, draft.pk)
