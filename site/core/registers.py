"""Registers that editors keep in the Wagtail admin: rules, questions, topics, paths."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.snippets.views.snippets import EditView, SnippetViewSet


class RegisterEditView(EditView):
    """Of two who save one record in the same moment the second is told (core.seen_versions)."""

    object: Any
    produced_error_message: str | None

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take turns: look at the record and save it while nobody else can."""
        with transaction.atomic():
            self.model._base_manager.select_for_update(no_key=True).filter(
                pk=self.object.pk
            ).first()
            self.object = self.get_object()
            response: HttpResponse = super().post(request, *args, **kwargs)
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        """Lead to what stands there now, in a tab of its own."""
        if form.is_stale:
            now = messages.button(
                self.get_edit_url(), _("See what stands there now"), new_window=True
            )
            messages.validation_error(self.request, self.produced_error_message, form, [now])
            self.produced_error_message = None  # it has been said
        response: HttpResponse = super().form_invalid(form)
        return response


class RegisterViewSet(SnippetViewSet):
    """A list of rows that others rest on: found by any part of a word, looked at, never copied.

    Its form is a ``core.admin_forms.GuardedAdminForm``.
    """

    search_backend_name = None  # parts of words are found, and no character is special
    inspect_view_enabled = True
    inspect_view_fields_exclude = ("made_from",)  # core.bilingual.Translated: for the program alone
    copy_view_enabled = False
    edit_view_class = RegisterEditView
