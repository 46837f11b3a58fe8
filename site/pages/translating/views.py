"""The translators' pages in the admin: table of states, queue, one page, a course's file."""

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.models import Page
from wagtail_localize.views.update_translations import UpdateTranslationsView

from core.admin_pages import AdminPage
from core.periods import local_day
from core.spreadsheets import csv_response
from pages.models import CoursePage, TranslationApproval, TranslationOrder
from pages.translating import orders, wordings
from pages.translating.forms import OrderForm, RemarkForm
from pages.translating.passages import Changed, changes, passages_of, told, version_of
from pages.translating.second_eyes import TranslationRefused, localized, person_of, why_not
from pages.translating.second_eyes import draft_of as draft_of_page
from pages.translating.states import (
    FREE,
    HEADER,
    MINE,
    Filters,
    Row,
    Sort,
    State,
    course_names,
    csv_rows,
    pages_with_state,
    rows_of,
    targets,
    totals,
)
from pages.translating.words import words_in
from people.models import Person

ROWS_PER_PAGE = 50
MOST_IN_QUEUE = 50
VIEW = "pages.view_translationorder"
CHANGE = "pages.change_translationorder"
APPROVE = "pages.approve_translation"
#: The pages that lead to one another: address, name, who finds it.
WAYS = [
    ("missing_translations", gettext_lazy("All pages"), VIEW),
    ("translation_queue", gettext_lazy("The queue"), VIEW),
    ("unwritten_texts", gettext_lazy("Rules, questions and words"), VIEW),
]


def may_see_translations(user: Any) -> bool:
    """Translators, editors and reviewers."""
    return bool(user.has_perm(VIEW))


class TranslatorsView(PermissionRequiredMixin, View):
    """A view for whoever may do this with translations."""

    # Wagtail has asked who it is; here it is asked whether they may.
    permission_required = VIEW
    raise_exception = True

    @cached_property
    def person(self) -> Person:
        """Who acts.

        Raises:
            PermissionDenied: For an account without a person.
        """
        person = person_of(self.request.user)
        if person is None:
            raise PermissionDenied
        return person


class TranslatorsPage(TranslatorsView, AdminPage):
    """A page of the admin about translations."""

    header_icon = "wagtail-localize-language"
    way_here: ClassVar = [(gettext_lazy("Translations"), "missing_translations")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds what every page of them shows: the way between them, and what one may do."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        user = self.request.user
        return context | {
            "ways": [
                (reverse(name), label, reverse(name) == self.request.path)
                for name, label, permission in WAYS
                if user.has_perm(permission)
            ],
            "may_change": user.has_perm(CHANGE),
            "may_approve": user.has_perm(APPROVE),
        }


# --- The table ----------------------------------------------------------------------------------


class StateTable(TranslatorsPage):
    """Page × language × state; what readers miss most comes first."""

    template_name = "pages/admin/translations.html"
    page_title = gettext_lazy("Translations")
    way_here: ClassVar = []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page of the table; the same number of queries at any size."""
        filters = Filters.read(self.request.GET)
        today = local_day(timezone.now())
        found = Paginator(filters.pages(self.person), ROWS_PER_PAGE)
        page = found.get_page(self.request.GET.get("p"))
        asked = self.request.GET.copy()
        asked.pop("p", None)
        courses = CoursePage.objects.filter(path__in=course_names()).order_by("title")
        return super().get_context_data(
            filters=filters,
            page_obj=page,
            rows=rows_of(page, filters, today=today),
            totals=list(totals(filters.language).items()),
            query=asked.urlencode(),
            languages=targets(),
            states=State.choices,
            sorts=Sort.choices,
            courses=[(str(course.translation_key), course.title) for course in courses],
            owners=[
                (MINE, _("Me")),
                (FREE, _("Nobody")),
                *((str(one.pk), one.name) for one in orders.translators(today)),
            ],
            **kwargs,
        )


class StateCsv(TranslatorsView):
    """The table as a file, with the same filters."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """The whole table, written while it is sent."""
        rows = csv_rows(Filters.read(request.GET), self.person)
        return csv_response("oversaettelser", HEADER, rows)


# --- The queue ----------------------------------------------------------------------------------


class QueueView(TranslatorsPage):
    """What is mine, what is free, and what waits for the second pair of eyes."""

    template_name = "pages/admin/translation_queue.html"
    page_title = gettext_lazy("The translators' queue")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The same number of queries at any size."""
        language = Filters.read(self.request.GET).language
        today = local_day(timezone.now())
        queue = wordings.queue_of(self.person, language, today=today, most=MOST_IN_QUEUE)
        return super().get_context_data(queue=queue, languages=targets(), **kwargs)


class OnePage(TranslatorsView):
    """A view about one page in one language."""

    @cached_property
    def danish(self) -> Page:
        """The Danish page.

        Raises:
            Http404: Where there is none, or Danish is not translated into that language.
        """
        if self.kwargs["language"] not in dict(targets()):
            raise Http404
        found: Page = get_object_or_404(
            pages_with_state(self.kwargs["language"]),
            translation_key=self.kwargs["page_key"],
        )
        return found

    @cached_property
    def translation(self) -> Page | None:
        """The page under the other language's address; a copy where it is not translated."""
        pages = Page.objects.filter(
            translation_key=self.danish.translation_key,
            locale__language_code=self.kwargs["language"],
        )
        page = pages.first()
        return page.specific if page else None

    @cached_property
    def order(self) -> TranslationOrder | None:
        """The order that is open."""
        found = TranslationOrder.objects.current().of(
            self.danish.translation_key, self.kwargs["language"]
        )
        return found.select_related("owner", "ordered_by", "submitted_by").first()

    @property
    def address(self) -> str:
        """Where everything about it stands."""
        return reverse("translation", args=[self.kwargs["page_key"], self.kwargs["language"]])


class PageTranslation(OnePage, TranslatorsPage):
    """Everything about the translation of one page, with what can be done next."""

    template_name = "pages/admin/translation.html"
    page_title = gettext_lazy("Translation")

    def get_page_subtitle(self) -> str:
        """The page."""
        return self.danish.title

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Its state, its order, what changed in Danish, what would go live, its words."""
        at = timezone.now()
        language = self.kwargs["language"]
        danish, translation = self.danish.specific, self.translation
        current = told(passages_of(danish))
        approvals = list(
            TranslationApproval.objects.of(danish.translation_key, language)
            .published()
            .select_related("approved_by")
            .prefetch_related("translated_by")[:5]
        )
        order = self.order
        initial = (
            {"owner": order.owner_id, "due_on": order.due_on, "note": order.note} if order else {}
        )
        refusal, seen, goes_live = "", "", []
        if order and order.state == order.State.REVIEW and translation is not None:
            draft = draft_of_page(translation)
            refusal = why_not(translation, draft, self.person)
            passages = passages_of(draft)
            seen = version_of(passages)
            goes_live = changes(told(passages_of(translation)), told(passages), draft)
        kwargs.setdefault("form", OrderForm(at=at, initial=initial))
        kwargs.setdefault("remark_form", RemarkForm())
        return super().get_context_data(
            row=rows_of([self.danish], Filters(language=language), today=local_day(at))[0],
            language_name=dict(targets())[language],
            order=order,
            is_mine=bool(order and order.owner_id == self.person.pk),
            refusal=refusal,
            seen=seen,
            goes_live=goes_live,
            changed=self._changed(danish, current, approvals),
            words=words_in(words for _path, words in current),
            approvals=approvals,
            wishes=orders.wishes_for([danish.translation_key], language).count(),
            edit_url=edit_address(translation),
            danish_url=reverse("wagtailadmin_pages:edit", args=[danish.pk]),
            **kwargs,
        )

    @staticmethod
    def _changed(
        danish: Page, current: list[list[str]], approvals: list[TranslationApproval]
    ) -> list[Changed]:
        """What of the Danish page the newest translation does not know."""
        if not approvals or approvals[0].outdated_at is None:
            return []
        return changes(approvals[0].made_from, current, danish)


def edit_address(page: Page | None) -> str:
    """Where the translation is written; empty for a copy, which is begun by taking it."""
    if page is None or page.alias_of_id:
        return ""
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


class Doing(TranslatorsView, ABC):
    """What a button of the queue does; each action asks whether it may."""

    http_method_names = ["post"]
    permissions: ClassVar[dict[str, str]] = {
        "order": CHANGE,
        "take": CHANGE,
        "release": CHANGE,
        "submit": CHANGE,
        "drop": CHANGE,
        "send_back": APPROVE,
        "approve": APPROVE,
    }

    @property
    @abstractmethod
    def address(self) -> str:
        """Where everything about it stands."""

    @abstractmethod
    def open_order(self) -> TranslationOrder | None:
        """The order that is open."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Do what the button says, or say why not; what was written stays in its field.

        Raises:
            Http404: For a button there is not.
            PermissionDenied: For whoever may not press it.
        """
        name = request.POST.get("do", "")
        if name not in self.permissions:
            raise Http404
        if not request.user.has_perm(self.permissions[name]):
            raise PermissionDenied
        try:
            return getattr(self, f"do_{name}")() or redirect(self.address)
        except TranslationRefused as refusal:
            messages.error(request, str(refusal))
        except ValidationError as refusal:  # of the page itself: a rule that is not verified
            messages.error(request, " ".join(refusal.messages))
        return redirect(self.address)

    def do_order(self) -> HttpResponseBase | None:
        """Order it, or change the order."""
        at = timezone.now()
        form = OrderForm(self.request.POST, at=at)
        if not form.is_valid():
            return self.again(form=form)
        self.place(at=at, **form.cleaned_data)
        messages.success(self.request, _("The order is kept."))
        return None

    def do_release(self) -> None:
        """Give it back to the queue."""
        order = self.open_order()
        if order:
            orders.hand_over(order.pk, None, at=timezone.now())
            messages.success(self.request, _("It is free for somebody else."))

    def do_send_back(self) -> HttpResponseBase | None:
        """Send it back with a remark."""
        form = RemarkForm(self.request.POST)
        if not form.is_valid():
            return self.again(remark_form=form)
        order = self.open_order()
        if order:
            orders.send_back(order.pk, form.cleaned_data["remark"])
            messages.success(self.request, _("Sent back with your remark."))
        return None

    def do_drop(self) -> None:
        """It is needed no more."""
        order = self.open_order()
        if order:
            orders.drop(order.pk, self.person, at=timezone.now())
            messages.success(self.request, _("Dropped. What is translated is kept."))

    @abstractmethod
    def place(self, *, at: Any, **ordered: Any) -> None:
        """Keep the order."""

    @abstractmethod
    def again(self, **forms: Any) -> HttpResponseBase:
        """The page once more, with what was written and what is wrong with it."""


class DoWithTranslation(OnePage, Doing):
    """What a button does with the translation of a page."""

    def open_order(self) -> TranslationOrder | None:
        """The order of the page."""
        return self.order

    def place(self, *, at: Any, **ordered: Any) -> None:
        """Order the page."""
        key, language = self.danish.translation_key, self.kwargs["language"]
        orders.order(key, language, at=at, by=self.person, **ordered)

    def do_take(self) -> HttpResponseBase:
        """Take it, and go where it is written."""
        language = self.kwargs["language"]
        key = self.danish.translation_key
        orders.take(key, language, self.person, at=timezone.now())
        messages.success(self.request, _("It is yours. Translate it, then send it on."))
        return redirect(edit_address(orders.page_in(key, language)) or self.address)

    def do_submit(self) -> None:
        """Send it to the second pair of eyes."""
        if self.order is None:
            language = self.kwargs["language"]
            key, at = self.danish.translation_key, timezone.now()
            order = orders.order(key, language, at=at, by=self.person, owner=self.person)
        else:
            order = self.order
        orders.submit(order.pk, self.person, at=timezone.now())
        messages.success(self.request, _("Sent. Somebody else looks at it and publishes it."))

    def do_approve(self) -> None:
        """Publish it as the second pair of eyes."""
        if self.translation is None:
            raise Http404
        seen = self.request.POST.get("seen", "")
        orders.publish(self.translation, self.person, at=timezone.now(), seen=seen)
        messages.success(self.request, _("Published. Those who asked for it are told."))

    def again(self, **forms: Any) -> HttpResponseBase:
        """The page once more, with what was written and what is wrong with it."""
        view = PageTranslation()
        view.setup(self.request, **self.kwargs)
        return view.render_to_response(view.get_context_data(**forms), status=422)


# --- wagtail-localize's own door ----------------------------------------------------------------


class UpdateTranslations(UpdateTranslationsView):
    """wagtail-localize's page that brings a translation in step; publishing takes other eyes."""

    def form_valid(self, form: Any) -> HttpResponseRedirect:
        """Bring it in step, then publish what may be published, and say what may not."""
        wants_to_publish = form.cleaned_data["publish_translations"]
        form.cleaned_data["publish_translations"] = False
        response: HttpResponseRedirect = super().form_valid(form)
        person = person_of(self.request.user)
        if not wants_to_publish or person is None:
            return response
        for task in self.object.translations.filter(enabled=True):
            page = task.get_target_instance()
            if not page.permissions_for_user(self.request.user).can_publish():
                messages.error(self.request, _("Only who looks at translations publishes them."))
                continue
            try:
                orders.publish(page, person, at=timezone.now())
            except ValidationError as refusal:
                messages.error(self.request, " ".join(refusal.messages))
        return response


def row_of(danish_key: Any, language: str) -> Row | None:
    """The page's row of the table; none for a page that is not live in Danish."""
    found = pages_with_state(language).filter(translation_key=danish_key).first()
    if found is None:
        return None
    return rows_of([found], Filters(language=language), today=local_day(timezone.now()))[0]


def source_words(page: Page) -> list[str]:
    """The Danish words that a translator of ``page`` sees."""
    task = localized(page)
    source = task.source.as_instance() if task else None
    return [passage.words for passage in passages_of(source)] if source else []
