"""Bodies as their members and keepers see them."""

from datetime import datetime
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from cooperation.access import TakesPartMixin
from cooperation.bodies.actions import add_member, body_seen, end_seat, save_body
from cooperation.bodies.forms import BodyForm, EndSeatForm, MemberForm
from cooperation.bodies.people import organisations_on, seatable_people
from cooperation.changing import EnterFormView
from cooperation.models import Body, BodyMember, Initiative
from cooperation.permissions import (
    kept_bodies,
    kept_organisations,
    readable_bodies,
    run_bodies,
)
from core.access_log import record
from core.periods import day_after
from people.models import Place

#: So many meetings that are over stand on a body's page; the rest behind a link.
SHOWN = 6


class BodyListView(TakesPartMixin, TemplateView):
    """The bodies in which one sits, and those one looks after."""

    template_name = "cooperation/bodies/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Those that meet now, and those that do no more; one query, two for coordinators."""
        day = self.standing.day
        found = readable_bodies(self.standing).select_related("keeper")
        meeting: list[Body] = []
        others: list[Body] = []
        for one in found.order_by("kind", "name_da", "pk"):
            (meeting if one.is_valid_on(day) else others).append(one)
        return super().get_context_data(
            meeting=meeting,
            others=others,
            may_enter=kept_organisations(self.standing).exists(),
            **kwargs,
        )


class BodyMixin(TakesPartMixin):
    """A body that one reads; others are a 404."""

    @cached_property
    def body(self) -> Body:
        """The body of the address."""
        found = readable_bodies(self.standing).select_related("keeper")
        return get_object_or_404(found, pk=self.kwargs["body"])

    @cached_property
    def keeps(self) -> bool:
        """Whether one writes its members."""
        return kept_bodies(self.standing).filter(pk=self.body.pk).exists()

    @cached_property
    def runs(self) -> bool:
        """Whether one writes its agendas and minutes."""
        return run_bodies(self.standing).filter(pk=self.body.pk).exists()


class BodyView(BodyMixin, TemplateView):
    """One body: what it is for, who sits in it, when it meets, what it has open."""

    template_name = "cooperation/bodies/body.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The same queries however many; that others' names were shown is noted."""
        body, day = self.body, self.standing.day
        members = list(
            body.members.valid_on(day)
            .select_related("person", "organisation")
            .order_by("organisation__name", "person__name", "pk")
        )
        meetings = list(body.meetings.select_related("place").order_by("-starts_at", "pk"))
        over = [one for one in meetings if not one.is_to_come]
        actions = list(body.actions.open().select_related("owner").soonest_first())
        record(self.request.user, "view", body, at=timezone.now())
        return super().get_context_data(**kwargs) | {
            "body": body,
            "members": members,
            "places": list(body.places.order_by("name")),
            "initiatives": list(body.initiatives.order_by("number", "title_da", "pk")),
            "to_come": [one for one in reversed(meetings) if one.is_to_come],
            "over": over[:SHOWN],
            "earlier": over[SHOWN:],
            "actions": [(one, one.is_late(on=day)) for one in actions],
            "decisions": list(body.decisions.open().newest_first()),
            "keeps": self.keeps,
            "runs": self.runs,
        }


class KeptBodyMixin(BodyMixin):
    """A body whose members one writes; others are a 404."""

    @cached_property
    def body(self) -> Body:
        """The body of the address."""
        return get_object_or_404(kept_bodies(self.standing), pk=self.kwargs["body"])


class BodyFormView(KeptBodyMixin, EnterFormView):
    """Enter a body, or change one: coordinators, for the organisations of the own scope."""

    form_class = BodyForm
    template_name = "cooperation/bodies/body_form.html"
    done = _("The group is saved.")

    @cached_property
    def changed(self) -> Body | None:
        """The body that is changed; none for a new one."""
        return self.body if "body" in self.kwargs else None

    def may_open(self) -> bool:
        """Whether there is an organisation to enter it for."""
        return super().may_open() and (
            "body" in self.kwargs or kept_organisations(self.standing).exists()
        )

    def get_form_kwargs(self) -> dict[str, Any]:
        """What there is to choose from; a keeper that is there already stays."""
        keepers = kept_organisations(self.standing).valid_on(self.standing.day)
        if self.changed is not None:
            keepers |= kept_organisations(self.standing).filter(pk=self.changed.keeper_id)
        return {
            **super().get_form_kwargs(),
            "keepers": keepers.order_by("name", "pk"),
            "places": Place.objects.order_by("name"),
            "initiatives": Initiative.objects.in_order(),
        }

    def seen_now(self) -> str:
        """Names the body as it stands."""
        if self.changed is None:
            return ""
        return body_seen(Body.objects.get(pk=self.changed.pk))

    def get_initial(self) -> dict[str, Any]:
        """The body as it is."""
        initial = super().get_initial()
        if (body := self.changed) is None:
            return {**initial, "starts_on": self.standing.day}
        names = ("kind", "name_da", "name_kl", "purpose_da", "purpose_kl", "keeper", "sectors")
        return {
            **initial,
            **{name: getattr(body, name) for name in (*names, "starts_on", "last_day")},
            "places": body.places.all(),
            "initiatives": body.initiatives.all(),
        }

    def save(self, form: BodyForm, *, at: datetime) -> Body:
        """Save it."""
        key = form.new_id if self.changed is None else self.changed.pk
        if self.changed is None and Body.objects.filter(pk=key).exists():
            get_object_or_404(kept_bodies(self.standing), pk=key)  # the same, sent twice
        return save_body(key, seen=form.cleaned_data["seen"], by=self.person, at=at, **form.given)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The body, if there is one."""
        return super().get_context_data(changed=self.changed, **kwargs)


class AddMemberView(KeptBodyMixin, EnterFormView):
    """Give somebody a seat."""

    form_class = MemberForm
    template_name = "cooperation/bodies/member_form.html"
    done = _("The seat is given.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """The people of the own scope, and the organisations there are."""
        return {
            **super().get_form_kwargs(),
            "people": seatable_people(self.standing),
            "organisations": organisations_on(self.standing.day),
        }

    def get_initial(self) -> dict[str, Any]:
        """From today on, for whoever looks after it."""
        day = max(self.standing.day, self.body.starts_on)
        return {**super().get_initial(), "starts_on": day, "organisation": self.body.keeper_id}

    def save(self, form: MemberForm, *, at: datetime) -> BodyMember:
        """Save it."""
        return add_member(self.body, key=form.new_id, by=self.person, at=at, **form.given)

    def where_to(self, saved: BodyMember) -> str:
        """The body."""
        return self.body.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The body; that names are offered is noted."""
        record(self.request.user, "view", self.body, at=timezone.now())
        return super().get_context_data(body=self.body, **kwargs)


class EndSeatView(KeptBodyMixin, EnterFormView):
    """End a seat on a day."""

    form_class = EndSeatForm
    template_name = "cooperation/bodies/end_seat.html"
    done = _("The seat ends.")

    @cached_property
    def seat(self) -> BodyMember:
        """The seat of the address."""
        seats = self.body.members.select_related("person", "organisation")
        return get_object_or_404(seats, pk=self.kwargs["seat"])

    def get_initial(self) -> dict[str, Any]:
        """Today."""
        return {"last_day": self.seat.last_day or self.standing.day}

    def save(self, form: EndSeatForm, *, at: datetime) -> BodyMember:
        """Save it."""
        return end_seat(self.seat, ends_on=day_after(form.cleaned_data["last_day"]))

    def where_to(self, saved: BodyMember) -> str:
        """The body."""
        return self.body.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The seat; that a name was shown is noted."""
        record(self.request.user, "view", self.seat, at=timezone.now())
        return super().get_context_data(body=self.body, seat=self.seat, **kwargs)
