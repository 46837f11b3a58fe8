"""The library as everybody reads it, and as writers, reviewers and translators work on it."""

from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Model, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View

from cooperation.access import TakesPartMixin
from cooperation.bodies.people import organisations_on
from cooperation.changing import EnterFormView, PressView
from cooperation.models import Initiative, Practice, PracticeVersion, Sector
from cooperation.permissions import (
    kept_organisations,
    readable_practices,
    reviewable_practices,
    reviews_practices,
    translatable_practices,
    written_practices,
)
from cooperation.practice import actions
from cooperation.practice.forms import FindForm, PracticeForm, SendBackForm, TranslateForm
from core.access_log import record
from core.languages import fold
from core.search_terms import clean_query
from people.models import Affiliation, Organisation, Place

PER_PAGE = 20


class LibraryView(TakesPartMixin, View):
    """The examples: by sector, searched by POST; and what waits for me."""

    form_refuses_identity = True  # in its form, at the field

    def get(self, request: HttpRequest) -> HttpResponse:
        """One page of them."""
        return self.draw(FindForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """What was found: the words stand in no address and no log."""
        return self.draw(FindForm(request.POST))

    def draw(self, form: FindForm) -> HttpResponse:
        """The page; a search shows its first alone."""
        words = form.cleaned_data["q"] if form.is_bound and form.is_valid() else ""
        sector = self.request.GET.get("omraade", "")
        found = readable_practices(self.standing).select_related("live", "organisation", "place")
        if form.errors:
            found = found.none()
        elif words.strip():
            found = found.found_by(fold(clean_query(words)).split())
        if sector in Sector.values:
            keys = [
                pk
                for pk, sectors in found.values_list("pk", "sectors")
                if sector in sectors  # a list in JSON is asked differently by each database
            ]
            found = found.filter(pk__in=keys)
        number = "1" if words else self.request.GET.get("page")
        page = Paginator(found.order_by("-reviewed_at", "pk"), PER_PAGE).get_page(number)
        own = written_practices(self.standing).exclude(state=Practice.State.APPROVED)
        context = {
            "form": form,
            "words": words,
            "page": page,
            "sectors": Sector.choices,
            "sector": sector if sector in Sector.values else "",
            "query": f"omraade={sector}&" if sector in Sector.values else "",
            "own": list(own.select_related("organisation").order_by("-written_at", "pk")[:10]),
            "waiting": list(
                reviewable_practices(self.standing)
                .select_related("organisation")
                .order_by("written_at", "pk")[:10]
            ),
        }
        status = 422 if form.errors else 200
        return render(self.request, "cooperation/practice/library.html", context, status=status)


class PracticeView(TakesPartMixin, TemplateView):
    """One example as everybody reads it."""

    template_name = "cooperation/practice/practice.html"

    @cached_property
    def practice(self) -> Practice:
        """The example of the address, if it is approved, or one writes it."""
        found = Practice.objects.filter(
            Q(pk__in=readable_practices(self.standing).values("pk"))
            | Q(pk__in=written_practices(self.standing).filter(live__isnull=False).values("pk"))
        ).select_related("live", "organisation", "place")
        return get_object_or_404(found, pk=self.kwargs["practice"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The approved text, and what one may do."""
        one = self.practice
        return super().get_context_data(**kwargs) | {
            "practice": one,
            "text": one.live,
            "initiatives": list(one.initiatives.order_by("number", "title_da", "pk")),
            "writes": written_practices(self.standing).filter(pk=one.pk).exists(),
            "withdraws": may_withdraw(self.standing, one),
            "translates": translatable_practices(self.standing).filter(pk=one.pk).exists(),
        }


def may_withdraw(standing: Any, practice: Practice) -> bool:
    """Whether one takes an example off the shelf: whoever keeps or looks through examples."""
    if reviews_practices(standing):
        return True
    return kept_organisations(standing).filter(pk=practice.organisation_id).exists()


class WriteView(EnterFormView):
    """Write an example, or go on with one."""

    form_class = PracticeForm
    template_name = "cooperation/practice/write.html"
    done = _("The draft is kept. Send it when it is ready.")
    action = ""

    @cached_property
    def changed(self) -> Practice | None:
        """The example that is changed; none for a new one."""
        if "practice" not in self.kwargs:
            return None
        found = written_practices(self.standing).select_related("live", "reviewed_by")
        return get_object_or_404(found, pk=self.kwargs["practice"])

    def get_form_kwargs(self) -> dict[str, Any]:
        """What there is to choose from."""
        organisations = organisations_on(self.standing.day)
        if self.changed is not None:
            organisations = Organisation.objects.filter(
                Q(pk__in=organisations.values("pk")) | Q(pk=self.changed.organisation_id)
            ).order_by("name", "pk")
        return {
            **super().get_form_kwargs(),
            "organisations": organisations,
            "places": Place.objects.order_by("name"),
            "initiatives": Initiative.objects.in_order(),
        }

    def seen_now(self) -> str:
        """Names the example as it stands."""
        if self.changed is None:
            return ""
        return actions.practice_seen(Practice.objects.get(pk=self.changed.pk))

    def get_initial(self) -> dict[str, Any]:
        """The working text; a new one is of where one works."""
        initial = super().get_initial()
        if (one := self.changed) is None:
            works = Affiliation.objects.valid_on(self.standing.day).filter(person=self.person)
            return {**initial, "organisation": works.values_list("organisation", flat=True).first()}
        names = (*actions.WORDS, "kind", "organisation", "place", "sectors")
        return {
            **initial,
            **{name: getattr(one, name) for name in names},
            "initiatives": one.initiatives.all(),
        }

    def save(self, form: PracticeForm, *, at: datetime) -> Practice:
        """Save it; pressed so, it is sent to be looked through."""
        key = form.new_id if self.changed is None else self.changed.pk
        if self.changed is None and Practice.objects.filter(pk=key).exists():
            get_object_or_404(written_practices(self.standing), pk=key)  # the same, sent twice
        seen, send = form.cleaned_data["seen"], self.request.POST.get("do") == "send"
        if send:
            self.done = _("It is sent. Somebody else looks it through.")
        return actions.save_practice(key, seen=seen, send=send, by=self.person, at=at, **form.given)

    def where_to(self, saved: Practice) -> str:
        """Back to the text, or to the library once it is sent."""
        if saved.state == Practice.State.REVIEW:
            return reverse("cooperation:library")
        return reverse("cooperation:write-practice", args=[saved.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The example, if there is one."""
        return super().get_context_data(changed=self.changed, **kwargs)


class ReviewView(EnterFormView):
    """Look an example of somebody else through: approve it, or send it back."""

    form_class = SendBackForm
    template_name = "cooperation/practice/review.html"
    done = _("It is sent back.")
    action = "review"

    @cached_property
    def practice(self) -> Practice:
        """An example that waits."""
        found = reviewable_practices(self.standing).select_related(
            "live", "organisation", "place", "author"
        )
        return get_object_or_404(found, pk=self.kwargs["practice"])

    def save(self, form: SendBackForm, *, at: datetime) -> Practice:
        """Send it back."""
        note = form.cleaned_data["note"]
        return actions.send_back(self.practice, note=note, by=self.person, at=at)

    def where_to(self, saved: Practice) -> str:
        """The library."""
        return reverse("cooperation:library")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The text that waits, and what everybody reads now; that a name was shown is noted."""
        one = self.practice
        record(self.request.user, "view", one, at=timezone.now())
        return super().get_context_data(
            practice=one,
            text=PracticeVersion(practice=one, content=one.working_content()),
            seen=actions.practice_seen(one),
            **kwargs,
        )


class PracticeStepView(PressView):
    """Take back, approve, take off the shelf, put back."""

    @cached_property
    def practice(self) -> Practice:
        """The example, if the step is one's own to take; else a 404."""
        key, step = self.kwargs["practice"], self.kwargs["step"]
        if step == "tag-tilbage":
            found = written_practices(self.standing)
        elif step == "godkend":
            found = reviewable_practices(self.standing)
        elif step in {"tag-ned", "stil-op"}:
            found = Practice.objects.filter(live__isnull=False)
        else:
            raise Http404
        practice = get_object_or_404(found, pk=key)
        if step in {"tag-ned", "stil-op"} and not may_withdraw(self.standing, practice):
            raise Http404
        return practice

    def back(self) -> str:
        """Where one came from."""
        return reverse("cooperation:library")

    def press(self, request: HttpRequest, *, at: datetime) -> tuple[Model, Any, str]:
        """Take the step of the address."""
        one = self.practice
        match self.kwargs["step"]:
            case "tag-tilbage":
                done, said = actions.take_back(one), _("Write on. Nobody looks it through now.")
            case "godkend":
                seen = request.POST.get("seen", "")
                done = actions.approve(one, seen=seen, by=self.person, at=at)
                said = _("Everybody can read it now.")
            case "tag-ned":
                done, said = actions.withdraw(one, at=at), _("It is off the shelf.")
            case _:
                done, said = actions.withdraw(one, at=at, back=True), _("It is on the shelf again.")
        return done, said, self.back()


class TranslatePracticeView(EnterFormView):
    """Write the Kalaallisut text of an approved example, beside the Danish one."""

    form_class = TranslateForm
    template_name = "cooperation/practice/translate.html"
    done = _("The text in Kalaallisut can be read now.")

    @cached_property
    def practice(self) -> Practice:
        """An approved example."""
        found = translatable_practices(self.standing).select_related("live")
        return get_object_or_404(found, pk=self.kwargs["practice"])

    def seen_now(self) -> str:
        """Names the example as it stands."""
        return actions.practice_seen(Practice.objects.get(pk=self.practice.pk))

    def get_initial(self) -> dict[str, Any]:
        """What stands there."""
        one = self.practice
        texts = {name: getattr(one, name) for name in actions.TEXTS_KL}
        return {**super().get_initial(), **texts}

    def save(self, form: TranslateForm, *, at: datetime) -> Practice:
        """Save it."""
        seen = form.cleaned_data["seen"]
        return actions.translate_practice(
            self.practice, seen=seen, by=self.person, at=at, **form.given
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The Danish text."""
        content = self.practice.approved.content
        danish = {name: content[name]["da"] for name in ("title", "problem", "done", "effect")}
        return super().get_context_data(practice=self.practice, danish=danish, **kwargs)
