"""The pages of what one keeps for oneself. They show and change only one's own.

Nothing is written on GET. Each post may come twice. What is looked for in notes is sent by POST.
"""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView, View

from core.periods import local_day
from courses.actions import LearningRefused
from courses.actions.own import (
    delete_note,
    remove_saved,
    restore_note,
    save_for_later,
    settle_note,
    write_note,
)
from courses.models import Bookmark, Case, Lesson, Note
from courses.own.forms import NoteForm, NoteSearchForm
from courses.own.listing import as_text_file, find_notes, rows_of
from courses.own.subjects import address_of, naming, subject_for
from people.access import PersonRequiredMixin

PER_PAGE = 25


# --- Bookmarks ------------------------------------------------------------------------------------


class BookmarksView(PersonRequiredMixin, TemplateView):
    """What I have saved for later, the latest first."""

    template_name = "courses/own/bookmarks.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page of it; and what was just removed, so that it can be undone."""
        own = Bookmark.objects.of(self.person)
        page = Paginator(own, PER_PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            page=page, bookmarks=list(page), undo_url=self._undo_url(), **kwargs
        )

    def _undo_url(self) -> str:
        """Where the one just removed is saved again; empty where it is saved, or nothing was."""
        kind, _colon, key = self.request.GET.get("fjernet", "").partition(":")
        try:
            about = naming(kind, UUID(key))
        except (ValueError, Http404):
            return ""
        if Bookmark.objects.filter(person=self.person, **about).exists():
            return ""
        return reverse("courses:save", args=[kind, key]) + "?fra=liste"


class SaveView(PersonRequiredMixin, View):
    """Save a lesson, a case or a rule to find it again."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, kind: str, key: UUID) -> HttpResponse:
        """Save it, and go on where it was pressed."""
        subject = subject_for(request, kind, key)
        save_for_later(subject, self.person, at=timezone.now())
        if request.GET.get("fra") == "liste":
            return redirect("courses:bookmarks")
        return redirect(address_of(subject) or "courses:bookmarks")


class UnsaveView(PersonRequiredMixin, View):
    """Save it no longer; undone with one press."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, kind: str, key: UUID) -> HttpResponse:
        """Forget it, and go on where it was pressed; a second press finds nothing more to do."""
        remove_saved(kind, key, self.person)
        if request.GET.get("fra") == "side":
            return redirect(address_of(subject_for(request, kind, key)) or "courses:bookmarks")
        return redirect(f"{reverse('courses:bookmarks')}?fjernet={kind}:{key}")


# --- Notes ----------------------------------------------------------------------------------------


class NotesView(PersonRequiredMixin, TemplateView):
    """My notes, the latest first; and those that hold some words."""

    template_name = "courses/own/notes.html"
    form_refuses_identity = True  # in its form, at the field

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """All of them, a page at a time."""
        notes = Note.objects.of(self.person).in_order()
        page = Paginator(notes, PER_PAGE).get_page(request.GET.get("page"))
        context = self.get_context_data(
            form=NoteSearchForm(),
            page=page,
            rows=rows_of(page),
            deleted=self._just_deleted(),
        )
        return self.render_to_response(context)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Those that hold every word; or what is wrong with the words, which stay in the box."""
        form = NoteSearchForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form, rows=[]), status=422)
        query = form.cleaned_data["q"]
        if not query.strip():
            return redirect("courses:notes")
        rows = find_notes(self.person, query)
        return self.render_to_response(self.get_context_data(form=form, rows=rows, query=query))

    def _just_deleted(self) -> Note | None:
        """The note that was just put in the bin, by its key in the address."""
        try:
            key = UUID(self.request.GET.get("slettet", ""))
        except ValueError:
            return None
        in_bin = Note.objects.filter(person=self.person, deleted_at__isnull=False)
        return in_bin.in_order().filter(pk=key).first()


class NoteView(PersonRequiredMixin, FormView[NoteForm]):
    """My note at a lesson or a case; where two texts of mine exist, both, to choose or join."""

    form_class = NoteForm
    template_name = "courses/own/note.html"

    @cached_property
    def note(self) -> Note | None:
        """The note there is.

        Raises:
            Http404: At anything that is neither a lesson nor a case.
        """
        if self.kwargs["kind"] not in {"lektion", "sag"}:
            raise Http404
        own = Note.objects.of(self.person).in_order()
        return own.filter(**naming(self.kwargs["kind"], self.kwargs["key"])).first()

    @cached_property
    def subject(self) -> Lesson | Case:
        """What it is about: one's own note is read also where the page is closed meanwhile.

        Raises:
            Http404: At anything that is neither a lesson nor a case.
        """
        if self.note is not None:
            found: Lesson | Case = self.note.subject
            return found
        subject = subject_for(self.request, self.kwargs["kind"], self.kwargs["key"])
        if not isinstance(subject, Lesson | Case):
            raise Http404
        return subject

    def get_initial(self) -> dict[str, Any]:
        """What is written now; of several texts all, one below the other."""
        if self.note is None:
            return {"text": "", "version": 0, "beside": 0}
        texts = [self.note.text, *self.note.beside]
        return {
            "text": "\n\n".join(texts),
            "version": self.note.version,
            "beside": len(self.note.beside),
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The note with what it is about."""
        texts = [self.note.text, *self.note.beside] if self.note else []
        return super().get_context_data(
            note=self.note,
            subject=self.subject,
            texts=list(enumerate(texts)) if len(texts) > 1 else [],
            **kwargs,
        )

    def form_valid(self, form: NoteForm) -> HttpResponse:
        """Keep it; nothing that was typed in another tab is lost."""
        said, at = form.cleaned_data, timezone.now()
        before = self.note
        try:
            if said["beside"]:
                written = settle_note(
                    self.subject,
                    self.person,
                    self._chosen(said["text"]),
                    version=said["version"],
                    seen=said["beside"],
                    at=at,
                )
            else:
                written = write_note(
                    self.subject, self.person, said["text"], version=said["version"], at=at
                )
        except LearningRefused as refusal:
            form.add_error("text", refusal)
            return self.form_invalid(form)
        if written.note is None:
            gone = f"?slettet={before.pk}" if before else ""
            return redirect(reverse("courses:notes") + gone)
        if not written.is_beside:
            messages.success(self.request, _("Your note is saved."))
        return redirect("courses:note", kind=self.kwargs["kind"], key=self.kwargs["key"])

    def form_invalid(self, form: NoteForm) -> HttpResponse:
        """The form again; what was typed stays in it."""
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def _chosen(self, typed: str) -> str:
        """The text whose button was pressed; without one, what was typed."""
        place = self.request.POST.get("keep", "")
        texts = [self.note.text, *self.note.beside] if self.note else []
        if place.isascii() and place.isdecimal() and len(place) < 4 and int(place) < len(texts):
            return texts[int(place)]
        return typed


class DeleteNoteView(PersonRequiredMixin, View):
    """Put a note of mine in the bin."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, note: UUID) -> HttpResponse:
        """Do it; those of others are not there."""
        if not delete_note(note, self.person, at=timezone.now()):
            raise Http404
        return redirect(f"{reverse('courses:notes')}?slettet={note}")


class RestoreNoteView(PersonRequiredMixin, View):
    """Take a note of mine out of the bin."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, note: UUID) -> HttpResponse:
        """Do it, and show it; those of others are not there."""
        try:
            found = restore_note(note, self.person, at=timezone.now())
        except Note.DoesNotExist:
            raise Http404 from None
        return redirect("courses:note", kind=found.place, key=found.lesson_id or found.case_id)


class NotesFileView(PersonRequiredMixin, View):
    """All my notes as one text file."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The file, to download."""
        today = local_day(timezone.now())
        text = as_text_file(self.person, on=today)
        return HttpResponse(
            text.encode("utf-8-sig"),  # old editors on Windows read it right
            content_type="text/plain; charset=utf-8",
            headers={
                "Content-Disposition": f'attachment; filename="noter-{today.isoformat()}.txt"',
                "X-Content-Type-Options": "nosniff",
                "Cache-Control": "private, no-store",
            },
        )
