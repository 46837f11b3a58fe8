"""Co-operation agreements as their parties read them, and whoever looks after them writes them."""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from cooperation.access import TakesPartMixin
from cooperation.agreements import actions
from cooperation.agreements.forms import PactForm
from cooperation.changing import EnterFormView
from cooperation.models import Pact
from cooperation.permissions import kept_organisations, kept_pacts, readable_pacts
from people.models import Organisation, Place


class PactListView(TakesPartMixin, TemplateView):
    """The agreements of one's municipality, those that end soon first."""

    template_name = "cooperation/agreements/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Those that hold, and those that do no more; the same queries however many."""
        day = self.standing.day
        found = readable_pacts(self.standing).prefetch_related("parties")
        hold: list[tuple[Pact, bool]] = []
        others: list[tuple[Pact, bool]] = []
        for one in found.order_by("ends_on", "title_da", "pk"):
            row = (one, one.is_ending(on=day))
            (hold if one.is_valid_on(day) else others).append(row)
        hold.sort(key=lambda row: not row[1])
        return super().get_context_data(
            hold=hold,
            others=others,
            may_enter=kept_organisations(self.standing).exists(),
            **kwargs,
        )


class PactView(TakesPartMixin, TemplateView):
    """One agreement."""

    template_name = "cooperation/agreements/pact.html"

    @cached_property
    def pact(self) -> Pact:
        """The agreement of the address, if one's municipality is a party or keeps it."""
        found = readable_pacts(self.standing).select_related("keeper", "followed_by")
        return get_object_or_404(found, pk=self.kwargs["pact"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With what came before and after, and its documents."""
        one = self.pact
        keeps = kept_pacts(self.standing).filter(pk=one.pk).exists()
        return super().get_context_data(**kwargs) | {
            "pact": one,
            "papers": list(one.papers.shown(writes=keeps)),
            "is_ending": one.is_ending(on=self.standing.day),
            "parties": list(one.parties.order_by("name", "pk")),
            "places": list(one.places.order_by("name")),
            "follows": Pact.objects.filter(followed_by=one).first(),
            "keeps": keeps,
        }


class PactFormView(EnterFormView):
    """Enter an agreement, change one, or enter the one that follows."""

    form_class = PactForm
    template_name = "cooperation/agreements/pact_form.html"
    done = _("The agreement is saved.")
    is_following = False

    @cached_property
    def pact(self) -> Pact | None:
        """The agreement of the address; none for a new one."""
        if "pact" not in self.kwargs:
            return None
        return get_object_or_404(kept_pacts(self.standing), pk=self.kwargs["pact"])

    @property
    def changed(self) -> Pact | None:
        """The one that is changed; none for a new one and for one that follows."""
        return None if self.is_following else self.pact

    def may_open(self) -> bool:
        """Whether there is an organisation to enter it for."""
        return super().may_open() and (
            "pact" in self.kwargs or kept_organisations(self.standing).exists()
        )

    def get_form_kwargs(self) -> dict[str, Any]:
        """What there is to choose from; what is there already stays."""
        day = self.standing.day
        kept = kept_organisations(self.standing)
        keepers, organisations = kept.valid_on(day), Organisation.objects.valid_on(day)
        if self.changed is not None:
            keepers |= kept.filter(pk=self.changed.keeper_id)
            organisations = Organisation.objects.filter(
                Q(pk__in=organisations.values("pk")) | Q(pacts=self.changed)
            ).distinct()
        return {
            **super().get_form_kwargs(),
            "keepers": keepers.order_by("name", "pk"),
            "organisations": organisations.order_by("name", "pk"),
            "places": Place.objects.order_by("name"),
        }

    def seen_now(self) -> str:
        """Names the agreement as it stands."""
        if self.changed is None:
            return ""
        return actions.pact_seen(Pact.objects.get(pk=self.changed.pk))

    def get_initial(self) -> dict[str, Any]:
        """The agreement as it is; one that follows begins where the other ends."""
        initial = super().get_initial()
        if (one := self.pact) is None:
            return {**initial, "starts_on": self.standing.day}
        values = {name: getattr(one, name) for name in (*actions.WORDS, "keeper")}
        days = {"starts_on": one.starts_on, "last_day": one.last_day}
        if self.is_following:
            days = {"starts_on": one.ends_on or self.standing.day, "last_day": None}
        return {
            **initial,
            **values,
            **days,
            "parties": one.parties.all(),
            "places": one.places.all(),
        }

    def save(self, form: PactForm, *, at: datetime) -> Pact:
        """Save it."""
        key = form.new_id if self.changed is None else self.changed.pk
        if self.changed is None and Pact.objects.filter(pk=key).exists():
            get_object_or_404(kept_pacts(self.standing), pk=key)  # the same, sent twice
        return actions.save_pact(
            key,
            seen=form.cleaned_data["seen"],
            follows=self.pact if self.is_following else None,
            by=self.person,
            at=at,
            **form.given,
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The agreement, if there is one."""
        before = self.pact if self.is_following else None
        return super().get_context_data(changed=self.changed, before=before, **kwargs)
