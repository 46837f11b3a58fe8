"""The overview of who works with what, and the cards that the municipality keeps."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import Model, Q
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from cooperation.access import TakesPartMixin
from cooperation.changing import EnterFormView, PressView
from cooperation.models import Body, Partner, Sector
from cooperation.partners import actions
from cooperation.partners.forms import PartnerForm
from cooperation.permissions import (
    kept_organisations,
    kept_partners,
    readable_bodies,
    readable_partners,
)
from people.contacts import contacts_of
from people.models import Place


class PartnersView(TakesPartMixin, TemplateView):
    """Partners by town, and the working groups; narrowed by town and sector in the address."""

    template_name = "cooperation/partners/overview.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The same queries however many; with a town also the contact cards of its pages."""
        asked, day = self.request.GET, self.standing.day
        places = list(Place.objects.select_related("municipality").order_by("name"))
        place = next((one for one in places if one.key == asked.get("by")), None)
        sector = asked.get("omraade", "")
        sector = sector if sector in Sector.values else ""
        partners = readable_partners(self.standing)
        groups = Body.objects.valid_on(day).filter(kind=Body.Kind.WORKING_GROUP)
        if place is not None:
            partners = partners.filter(place=place)
            groups = groups.filter(Q(places=place) | Q(places__isnull=True)).distinct()
        if sector:
            partners = partners.filter(sector=sector)
        found = list(
            partners.select_related("place", "keeper").order_by(
                "place__name", "sector", "name_da", "pk"
            )
        )
        kept = set(kept_partners(self.standing).values_list("pk", flat=True))
        readable = set(readable_bodies(self.standing).values_list("pk", flat=True))
        shown = [
            (one, one.pk in readable)
            for one in groups.prefetch_related("places").order_by("name_da", "pk")
            if not sector or sector in one.sectors
        ]
        return super().get_context_data(**kwargs) | {
            "places": places,
            "place": place,
            "sectors": Sector.choices,
            "sector": sector,
            "towns": by_town(found, kept),
            "groups": shown,
            "offices": contacts_of(place) if place is not None else [],
            "removed": list(
                kept_partners(self.standing)
                .filter(removed_at__isnull=False)
                .select_related("place")
                .order_by("name_da", "pk")
            ),
            "may_enter": kept_organisations(self.standing).exists(),
        }


def by_town(
    partners: Iterable[Partner], kept: set[Any]
) -> list[tuple[Place, list[tuple[Partner, bool]]]]:
    """Partners by their town, each with whether one keeps its card."""
    return [
        (place, [(one, one.pk in kept) for one in some])
        for place, some in groupby(partners, key=lambda one: one.place)
    ]


class PartnerFormView(EnterFormView):
    """Enter a partner, or change its card."""

    form_class = PartnerForm
    template_name = "cooperation/partners/partner_form.html"
    done = _("The card is saved.")

    @cached_property
    def changed(self) -> Partner | None:
        """The partner that is changed; none for a new one."""
        if "partner" not in self.kwargs:
            return None
        return get_object_or_404(kept_partners(self.standing), pk=self.kwargs["partner"])

    def may_open(self) -> bool:
        """Whether there is a municipality to keep it for."""
        return super().may_open() and (
            "partner" in self.kwargs or kept_organisations(self.standing).exists()
        )

    @cached_property
    def places(self) -> Any:
        """The towns of the municipalities one keeps."""
        kept = kept_organisations(self.standing).values("pk")
        return Place.objects.filter(municipality__in=kept).order_by("name")

    def get_form_kwargs(self) -> dict[str, Any]:
        """The own towns, and the working groups there are."""
        groups = Body.objects.valid_on(self.standing.day).filter(kind=Body.Kind.WORKING_GROUP)
        if self.changed is not None:
            groups = Body.objects.filter(
                Q(pk__in=groups.values("pk")) | Q(partners=self.changed)
            ).distinct()
        return {
            **super().get_form_kwargs(),
            "places": self.places,
            "groups": groups.order_by("name_da", "pk"),
        }

    def seen_now(self) -> str:
        """Names the card as it stands."""
        if self.changed is None:
            return ""
        return actions.partner_seen(Partner.objects.get(pk=self.changed.pk))

    def get_initial(self) -> dict[str, Any]:
        """The card as it is."""
        initial = super().get_initial()
        if (one := self.changed) is None:
            return {**initial, "checked_on": self.standing.day}
        return {
            **initial,
            **{name: getattr(one, name) for name in actions.WORDS},
            "groups": one.groups.all(),
        }

    def save(self, form: PartnerForm, *, at: datetime) -> Partner:
        """Save it for the municipality of its town."""
        key = form.new_id if self.changed is None else self.changed.pk
        if self.changed is None and Partner.objects.filter(pk=key).exists():
            get_object_or_404(kept_partners(self.standing), pk=key)  # the same, sent twice
        keeper = form.cleaned_data["place"].municipality
        seen = form.cleaned_data["seen"]
        return actions.save_partner(key, keeper=keeper, seen=seen, at=at, **form.given)

    def where_to(self, saved: Partner) -> str:
        """The overview of the town."""
        return f"{reverse('cooperation:partners')}?by={saved.place.key}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The partner, if there is one."""
        return super().get_context_data(changed=self.changed, **kwargs)


class RemovePartnerView(PressView):
    """Take an office off the list, or put it back."""

    @cached_property
    def partner(self) -> Partner:
        """A partner whose card one keeps."""
        return get_object_or_404(kept_partners(self.standing), pk=self.kwargs["partner"])

    def back(self) -> str:
        """The overview."""
        return reverse("cooperation:partners")

    def press(self, request: HttpRequest, *, at: datetime) -> tuple[Model, Any, str]:
        """Do it."""
        is_back = request.POST.get("do") == "back"
        partner = actions.remove_partner(self.partner, at=at, back=is_back)
        said = _("The office is on the list again.") if is_back else _("It is off the list.")
        return partner, said, self.back()
