"""Reading a paper, putting one with what it belongs to, and taking it away again."""

from abc import abstractmethod
from datetime import datetime
from typing import Any

from django import forms
from django.db import models
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from cooperation.access import TakesPartMixin
from cooperation.changing import EnterForm, EnterFormView, PressView, line
from cooperation.models import Initiative, Meeting, Pact, Paper
from cooperation.papers.actions import put_paper
from cooperation.permissions import (
    kept_initiatives,
    kept_pacts,
    kept_papers,
    readable_papers,
    run_meetings,
)
from core.uploads import validate_document
from files.delivery import deliver


class PaperForm(EnterForm):
    """A document, and what it is called."""

    field_order = ["title", "file"]

    title = line(_("What is the document called?"), missing=_("Write what it is called."))
    file = forms.FileField(
        label=_("Document"),
        help_text=_("PDF, Word, Excel, PowerPoint, OpenDocument or text, at most 20 MB."),
        error_messages=dict.fromkeys(
            ("required", "empty", "missing", "invalid"), _("Choose a document.")
        ),
    )

    def clean_file(self) -> Any:
        """Look through it, so that it is said in words what is wrong with it."""
        sent = self.cleaned_data["file"]
        validate_document(sent)
        return sent


class PaperView(TakesPartMixin, View):
    """A paper, to whoever reads what it belongs to."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """The file."""
        paper = get_object_or_404(readable_papers(self.standing), pk=self.kwargs["paper"])
        return deliver(request, paper.file, is_public=False, download_name=paper.download_name)


class PutPaperView(EnterFormView):
    """Put a document with something one writes."""

    form_class = PaperForm
    template_name = "cooperation/papers/form.html"
    done = _("The document is there.")

    @cached_property
    @abstractmethod
    def owner(self) -> Initiative | Meeting | Pact:
        """What it belongs to; others are a 404."""

    def save(self, form: PaperForm, *, at: datetime) -> Paper:
        """Keep it; sent twice, it is kept once."""
        return put_paper(
            form.new_id,
            self.owner,
            title=form.cleaned_data["title"],
            file=form.cleaned_data["file"],
            by=self.person,
            at=at,
        )

    def where_to(self, saved: Paper) -> str:
        """What it belongs to."""
        return self.owner.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What it belongs to."""
        return super().get_context_data(owner=self.owner, **kwargs)


class InitiativePaperView(PutPaperView):
    """A document of an initiative."""

    @cached_property
    def owner(self) -> Initiative:
        """An initiative that one keeps."""
        return get_object_or_404(kept_initiatives(self.standing), pk=self.kwargs["initiative"])


class MeetingPaperView(PutPaperView):
    """A paper of a meeting."""

    @cached_property
    def owner(self) -> Meeting:
        """A meeting that one runs."""
        return get_object_or_404(run_meetings(self.standing), pk=self.kwargs["meeting"])


class PactPaperView(PutPaperView):
    """A document of a co-operation agreement."""

    @cached_property
    def owner(self) -> Pact:
        """An agreement that one looks after."""
        return get_object_or_404(kept_pacts(self.standing), pk=self.kwargs["pact"])


class RemovePaperView(PressView):
    """Take a document away, or put it back; the file stays for as long as it can be put back."""

    @cached_property
    def paper(self) -> Paper:
        """A paper of what one writes."""
        found = kept_papers(self.standing).select_related("initiative", "meeting", "pact")
        return get_object_or_404(found, pk=self.kwargs["paper"])

    def back(self) -> str:
        """What it belongs to."""
        return self.paper.owner.get_absolute_url()

    def press(self, request: HttpRequest, *, at: datetime) -> tuple[models.Model, Any, str]:
        """Do it."""
        is_back = request.POST.get("do") == "back"
        Paper.objects.filter(pk=self.paper.pk).update(removed_at=None if is_back else at)
        said = _("The document is back.") if is_back else _("The document is taken away.")
        return self.paper, said, self.back()
