"""The needs and stays of a round as a file, out and in."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import FormView, View

from core.access_log import record
from core.canonical import content_hash
from core.spreadsheets import csv_response
from mentoring.actions import LookAgain, RoundRefused
from mentoring.actions.pointing_out import point_out
from mentoring.rounds.exchange import (
    NEED_HEADINGS,
    STAY_HEADINGS,
    FileRefused,
    Taken,
    need_rows,
    read_file,
    stay_rows,
    take_needs,
    take_stays,
)
from mentoring.rounds.forms.files import FileForm
from mentoring.rounds.views.base import RoundMixin, mentors_of, owners_of
from mentoring.views.refusals import marked


class ExportNeedsView(RoundMixin, View):
    """What the own places need, as CSV."""

    http_method_names = ["get"]
    is_for_own_places = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The file; that it was fetched is noted."""
        record(request.user, "export", self.round, at=timezone.now())
        return csv_response("behov", NEED_HEADINGS, need_rows(self.own_needs))


class ExportStaysView(RoundMixin, View):
    """What mentors bring, as CSV."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The file; that it was fetched is noted."""
        record(request.user, "export", self.round, at=timezone.now())
        return csv_response("ophold", STAY_HEADINGS, stay_rows(self.round))


def _new_notes(parts: QuerySet[Any], content: bytes, headings: Sequence[str]) -> dict[int, str]:
    """The notes of a file that do not stand in any of ``parts`` yet, by line.

    Raises:
        FileRefused: As ``read_file``.
    """
    known = {"", *parts.values_list("note", flat=True)}
    lines = read_file(content, headings)
    return {number: cells["Note"] for number, cells in lines if cells["Note"] not in known}


def _seen(notes: Mapping[int, str]) -> str:
    """Names the notes of a file, wherever they stand: who sends with it has looked at these."""
    return content_hash([*sorted(notes.values())])


class ImportView(RoundMixin, FormView[Any]):
    """Take needs or stays from a file: all of it, or nothing. Stays are for the whole round."""

    is_for_own_places = True
    form_class = FileForm
    template_name = "mentoring/rounds/import.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Whether the file may hold stays."""
        return {**super().get_form_kwargs(), "takes_stays": self.is_whole}

    def form_valid(self, form: FileForm) -> HttpResponse:
        """Take the file, or say line by line what is wrong."""
        content = form.cleaned_data["file"].read()
        is_needs = form.cleaned_data["what"] == "needs"
        try:
            if is_needs:
                notes = _new_notes(self.own_needs, content, NEED_HEADINGS)
            else:
                notes = _new_notes(self.round.stays.all(), content, STAY_HEADINGS)
            passages = self._passages(form, notes)
            with transaction.atomic():
                taken = self._needs(content) if is_needs else self._stays(content)
                if passages:
                    transaction.set_rollback(True)
        except FileRefused as refusal:
            form.add_error("file", str(refusal))
            return self.form_invalid(form)
        except RoundRefused as refusal:
            form.add_error(None, refusal.messages[0])
            return self.form_invalid(form)
        if taken.errors or passages:
            told = {"found": taken.errors, "passages": passages, "seen": _seen(notes)}
            return self.render_to_response(self.get_context_data(form=form, **told), status=422)
        record(self.request.user, "import", self.round, at=timezone.now())
        messages.success(
            self.request,
            _("The file is taken: %(new)d new, %(changed)d changed.")
            % {"new": taken.new, "changed": taken.changed},
        )
        return redirect(self.round)

    def _passages(self, form: FileForm, notes: Mapping[int, str]) -> list[dict[str, Any]]:
        """What to look at once more, by line, unless they stand by these very notes."""
        texts = {str(line): note for line, note in notes.items()}
        looked_again = self.request.POST.get("as_it_is") == _seen(notes)
        try:
            point_out(texts, at=timezone.now(), looked_again=looked_again)
        except LookAgain as refusal:
            field = form["file"]
            return [{"field": field, "line": line, **one} for line, one in marked(refusal)]
        return []

    def _needs(self, content: bytes) -> Taken:
        return take_needs(
            self.round,
            content,
            places=self.places,
            owners=owners_of(self.standing),
            competences=self.competences,
        )

    def _stays(self, content: bytes) -> Taken:
        return take_stays(
            self.round,
            content,
            places=self.places,
            people=mentors_of(self.standing),
            competences=self.competences,
        )

    def form_invalid(self, form: FileForm) -> HttpResponse:
        """Say what is missing."""
        return self.render_to_response(self.get_context_data(form=form), status=422)
