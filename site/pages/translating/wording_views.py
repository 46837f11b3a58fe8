"""The translators' pages about what stands outside pages: the list, one text, its buttons."""

from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.periods import local_day
from pages.models import TranslationOrder, Wording
from pages.translating import orders, proposing, wordings
from pages.translating.forms import OrderForm, RemarkForm, WordingForm
from pages.translating.records import KINDS, Kind
from pages.translating.second_eyes import TranslationRefused
from pages.translating.states import Filters, State, targets
from pages.translating.views import CHANGE, ROWS_PER_PAGE, Doing, TranslatorsPage, TranslatorsView
from pages.translating.words import words_in

MOST_RELEASES = 5


class Texts(TranslatorsPage):
    """What stands outside pages, kind by kind, with its state."""

    template_name = "pages/admin/wordings.html"
    page_title = gettext_lazy("Rules, questions and words")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """How many of each kind wait, and one page of one kind."""
        today = local_day(timezone.now())
        language = Filters.read(self.request.GET).language
        kind = KINDS.get(self.request.GET.get("slags", "")) or next(iter(KINDS.values()))
        state = self.request.GET.get("tilstand", "")
        found = [
            one
            for one in wordings.standing_of(kind, language, today=today)
            if state not in State.values or one.state == state
        ]
        return super().get_context_data(
            counts=wordings.counts(language, today=today),
            kind=kind,
            state=state if state in State.values else "",
            states=State.choices,
            page_obj=Paginator(found, ROWS_PER_PAGE).get_page(self.request.GET.get("p")),
            **kwargs,
        )


class OfText(TranslatorsView):
    """A view about one record in one language."""

    @cached_property
    def kind(self) -> Kind:
        """The kind of the record.

        Raises:
            Http404: Where there is none, or Danish is not translated into that language.
        """
        kind = KINDS.get(self.kwargs["kind"])
        if kind is None or self.kwargs["language"] not in dict(targets()):
            raise Http404
        return kind

    @cached_property
    def now(self) -> wordings.Standing:
        """How it stands.

        Raises:
            Http404: For a record that is not in use.
        """
        record, language = self.kwargs["record"], self.kwargs["language"]
        today = local_day(timezone.now())
        found = wordings.one_of(self.kind, record, language, today=today)
        if found is None:
            raise Http404
        return found

    @property
    def which(self) -> tuple[Kind, Any, str]:
        """What every action begins with."""
        return self.kind, self.kwargs["record"], self.kwargs["language"]


class OneText(OfText, TranslatorsPage):
    """What a record says in both languages, with what can be done next."""

    template_name = "pages/admin/wording.html"
    page_title = gettext_lazy("Translation")
    way_here: ClassVar = [
        (gettext_lazy("Translations"), "missing_translations"),
        (gettext_lazy("Rules, questions and words"), "unwritten_texts"),
    ]

    def get_page_subtitle(self) -> str:
        """The record."""
        return self.now.title

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Its texts, its order, what changed in Danish, the words of the glossary in it."""
        now, user = self.now, self.request.user
        order = now.order
        is_mine = now.owner_pk == self.person.pk
        in_review = now.state == State.REVIEW
        may_write = bool(user.has_perm(CHANGE) and is_mine and not in_review)
        refusal = proposing.why_not(now, self.person) if in_review else ""
        ordered = (
            {"owner": order.owner_id, "due_on": order.due_on, "note": order.note} if order else {}
        )
        released = Wording.objects.of(now.key, now.language).released()
        kwargs.setdefault("form", OrderForm(at=timezone.now(), initial=ordered))
        kwargs.setdefault("remark_form", RemarkForm())
        text_form = kwargs.pop("text_form", None) or WordingForm(now)
        begun = now.begun
        return super().get_context_data(
            now=now,
            language_name=dict(targets())[now.language],
            order=order,
            is_mine=is_mine,
            may_write=may_write,
            text_form=text_form,
            texts=[(one, text_form[one.path], begun[one.path]) for one in now.places],
            refusal=refusal,
            words=words_in(now.danish.values()),
            releases=released.select_related("released_by").prefetch_related("written_by")[
                :MOST_RELEASES
            ],
            danish_url=self._danish_url(),
            **kwargs,
        )

    def _danish_url(self) -> str:
        """Where its Danish is edited; empty for whoever may not."""
        if not self.request.user.has_perm(self.kind.permission):
            return ""
        return reverse(self.kind.address, args=[getattr(self.now.record, self.kind.address_field)])


class DoWithText(Doing, OfText):
    """What a button does with the text of a record."""

    permissions: ClassVar[dict[str, str]] = {**Doing.permissions, "write": CHANGE}

    @property
    def address(self) -> str:
        """Where everything about it stands."""
        return self.now.url

    def open_order(self) -> TranslationOrder | None:
        """The order of the text."""
        return self.now.order

    def place(self, *, at: Any, **ordered: Any) -> None:
        """Order the text."""
        kind, record, language = self.kind, self.now.key, self.now.language
        orders.order(record, language, at=at, by=self.person, kind=kind.key, **ordered)

    def do_take(self) -> None:
        """Take it."""
        proposing.take(*self.which, self.person, at=timezone.now())
        messages.success(self.request, _("It is yours. Translate it, then send it on."))

    def do_write(self) -> HttpResponseBase | None:
        """Keep what is written; readers do not see it yet."""
        return self._keep(is_sent=False)

    def do_submit(self) -> HttpResponseBase | None:
        """Keep what is written, and send it to the second pair of eyes."""
        return self._keep(is_sent=True)

    def do_approve(self) -> None:
        """Let readers see it, as the second pair of eyes."""
        seen = self.request.POST.get("seen", "")
        proposing.release(*self.which, self.person, at=timezone.now(), seen=seen)
        messages.success(self.request, _("Released. Readers see it now."))

    def again(self, **forms: Any) -> HttpResponseBase:
        """The page once more, with what was written and what is wrong with it."""
        view = OneText()
        view.setup(self.request, **self.kwargs)
        return view.render_to_response(view.get_context_data(**forms), status=422)

    @transaction.atomic
    def _keep(self, *, is_sent: bool) -> HttpResponseBase | None:
        form = WordingForm(self.now, self.request.POST)
        if not form.is_valid():
            return self.again(text_form=form)
        at, seen = timezone.now(), form.cleaned_data["seen"]
        try:
            proposing.write(*self.which, form.texts, self.person, at=at, seen=seen)
            if is_sent:
                proposing.submit(*self.which, self.person, at=at)
        except TranslationRefused as refusal:
            form.show(self.now.version)
            form.add_error(None, ValidationError(str(refusal)))
            return self.again(text_form=form)
        if is_sent:
            messages.success(self.request, _("Sent. Somebody else looks at it and releases it."))
        else:
            messages.success(
                self.request, _("Kept. Readers see it once somebody else has released it.")
            )
        return None
