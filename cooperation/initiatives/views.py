"""Initiatives: everybody in the programme reads them, their owner writes them."""

from datetime import datetime
from typing import Any

from django.db.models import Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from cooperation.access import TakesPartMixin
from cooperation.changing import EnterFormView
from cooperation.initiatives import actions
from cooperation.initiatives.forms import GoalForm, InitiativeForm, MeasureForm, StatusForm
from cooperation.models import IndicatorValue, Initiative, InitiativeGoal, Paper, StatusUpdate
from cooperation.permissions import (
    coordinates_country,
    kept_initiatives,
    kept_organisations,
    readable_bodies,
    readable_initiatives,
)
from core.access_log import record
from courses.models import Course
from mentoring.models import Round
from mentoring.permissions import overseen_rounds
from people.models import Organisation, Place


class InitiativeListView(TakesPartMixin, TemplateView):
    """All of them: those under way, and those that have ended."""

    template_name = "cooperation/initiatives/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the owner and what was last said of each; one query."""
        day = self.standing.day
        found = readable_initiatives(self.standing).with_status().select_related("owner").in_order()
        under_way: list[Initiative] = []
        others: list[Initiative] = []
        for one in found:
            (under_way if one.is_valid_on(day) else others).append(one)
        return super().get_context_data(
            under_way=under_way,
            others=others,
            may_enter=kept_organisations(self.standing).exists(),
            **kwargs,
        )


class InitiativeView(TakesPartMixin, TemplateView):
    """One initiative: who takes part, its goals, how it came along, and what serves it."""

    template_name = "cooperation/initiatives/initiative.html"

    @cached_property
    def initiative(self) -> Initiative:
        """The initiative of the address."""
        found = readable_initiatives(self.standing).with_status().select_related("owner")
        return get_object_or_404(found, pk=self.kwargs["initiative"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The same number of queries however much serves it."""
        one = self.initiative
        values = IndicatorValue.objects.order_by("measured_on")
        keeps = kept_initiatives(self.standing).filter(pk=one.pk).exists()
        updates = list(
            one.updates.select_related("written_by").order_by("-said_on", "-written_at", "-pk")
        )
        if updates:
            record(self.request.user, "view", one, at=timezone.now())
        return super().get_context_data(**kwargs) | {
            "initiative": one,
            "tags": list(one.tags.order_by("number")),
            "organisations": list(one.organisations.order_by("name")),
            "places": list(one.places.order_by("name")),
            "goals": list(
                one.goals.prefetch_related(Prefetch("values", values)).order_by("position", "pk")
            ),
            "updates": [update for update in updates if update.published_at is not None],
            "draft": next((one for one in updates if one.published_at is None and keeps), None),
            "keeps": keeps,
            "papers": list(Paper.objects.filter(initiative=one).shown(writes=keeps)),
            "rounds": list(one.linked_rounds().order_by("-starts_on", "title", "pk")),
            "courses": list(one.courses.order_by("position", "pk")),
            "events": list(
                one.events.announced().select_related("place", "host").order_by("-starts_on", "pk")
            ),
            "bodies": list(
                readable_bodies(self.standing).filter(initiatives=one).order_by("name_da", "pk")
            ),
        }


class KeptInitiativeMixin(TakesPartMixin):
    """An initiative that one writes; others are a 404."""

    @cached_property
    def initiative(self) -> Initiative:
        """The initiative of the address."""
        return get_object_or_404(kept_initiatives(self.standing), pk=self.kwargs["initiative"])


class InitiativeFormView(KeptInitiativeMixin, EnterFormView):
    """Enter an initiative, or change one."""

    form_class = InitiativeForm
    template_name = "cooperation/initiatives/initiative_form.html"
    done = _("The initiative is saved.")

    @cached_property
    def changed(self) -> Initiative | None:
        """The initiative that is changed; none for a new one."""
        return self.initiative if "initiative" in self.kwargs else None

    def may_open(self) -> bool:
        """Whether there is an organisation to enter it for."""
        return super().may_open() and (
            "initiative" in self.kwargs or kept_organisations(self.standing).exists()
        )

    def get_form_kwargs(self) -> dict[str, Any]:
        """What there is to choose from; what is linked already stays."""
        day, one = self.standing.day, self.changed
        kept = kept_organisations(self.standing)
        there = Organisation.objects.valid_on(day)
        rounds = Round.objects.filter(pk__in=overseen_rounds(self.standing).values("pk"))
        owners, organisations = kept.valid_on(day), there
        if one is not None:
            owners = kept.filter(Q(pk__in=owners.values("pk")) | Q(pk=one.owner_id))
            organisations = Organisation.objects.filter(
                Q(pk__in=there.values("pk")) | Q(pk__in=one.organisations.values("pk"))
            )
            rounds = Round.objects.filter(
                Q(pk__in=rounds.values("pk")) | Q(pk__in=one.rounds.values("pk"))
            )
        return {
            **super().get_form_kwargs(),
            "owners": owners.order_by("name", "pk"),
            "organisations": organisations.order_by("name", "pk"),
            "places": Place.objects.order_by("name"),
            "rounds": rounds.order_by("-starts_on", "title", "pk"),
            "courses": Course.objects.offered(),
        }

    def get_form(self, form_class: Any = None) -> Any:
        """A number keeps the title of the release; a municipality owns what it enters."""
        form = super().get_form(form_class)
        if self.changed is not None and self.changed.number is not None:
            form.fields["title_da"].disabled = True
            del form.fields["recommendations"]
        if not coordinates_country(self.standing):
            form.fields["owner"].required = True
            form.fields["owner"].error_messages["required"] = _("Choose an organisation.")
        return form

    def seen_now(self) -> str:
        """Names the initiative as it stands."""
        if self.changed is None:
            return ""
        return actions.initiative_seen(Initiative.objects.get(pk=self.changed.pk))

    def get_initial(self) -> dict[str, Any]:
        """The initiative as it is."""
        initial = super().get_initial()
        if (one := self.changed) is None:
            return {**initial, "starts_on": self.standing.day}
        names = ("title_da", "title_kl", "summary_da", "summary_kl", "owner")
        return {
            **initial,
            **{name: getattr(one, name) for name in (*names, "starts_on", "last_day")},
            **{
                name: getattr(one, name).all()
                for name in ("organisations", "places", "rounds", "courses")
            },
            "recommendations": list(one.tags.values_list("number", flat=True)),
        }

    def save(self, form: InitiativeForm, *, at: datetime) -> Initiative:
        """Save it."""
        key = form.new_id if self.changed is None else self.changed.pk
        if self.changed is None and Initiative.objects.filter(pk=key).exists():
            get_object_or_404(kept_initiatives(self.standing), pk=key)  # the same, sent twice
        given = {"recommendations": (), **form.given}
        seen = form.cleaned_data["seen"]
        return actions.save_initiative(key, seen=seen, by=self.person, at=at, **given)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The initiative, if there is one."""
        return super().get_context_data(changed=self.changed, **kwargs)


class _OfInitiativeView(KeptInitiativeMixin, EnterFormView):
    """Something of an initiative that one writes."""

    def where_to(self, saved: Any) -> str:
        """The initiative."""
        return self.initiative.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The initiative."""
        return super().get_context_data(initiative=self.initiative, **kwargs)


class GoalView(_OfInitiativeView):
    """A goal of an initiative."""

    form_class = GoalForm
    template_name = "cooperation/initiatives/goal_form.html"
    done = _("The goal is saved.")

    @cached_property
    def changed(self) -> InitiativeGoal | None:
        """The goal that is changed; none for a new one."""
        if "aim" not in self.kwargs:
            return None
        return get_object_or_404(self.initiative.goals.all(), pk=self.kwargs["aim"])

    def seen_now(self) -> str:
        """Names the goal as it stands."""
        if self.changed is None:
            return ""
        return actions.goal_seen(InitiativeGoal.objects.get(pk=self.changed.pk))

    def get_initial(self) -> dict[str, Any]:
        """The goal as it is."""
        goal = self.changed
        values = {} if goal is None else {name: getattr(goal, name) for name in actions.SEEN_GOAL}
        return {**super().get_initial(), **values}

    def save(self, form: GoalForm, *, at: datetime) -> InitiativeGoal:
        """Save it."""
        key = form.new_id if self.changed is None else self.changed.pk
        seen = form.cleaned_data["seen"]
        return actions.save_goal(
            self.initiative, key, seen=seen, by=self.person, at=at, **form.given
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The goal, if there is one."""
        return super().get_context_data(changed=self.changed, **kwargs)


class MeasureView(_OfInitiativeView):
    """What the indicator of a goal showed on a day."""

    form_class = MeasureForm
    template_name = "cooperation/initiatives/measure.html"
    done = _("The number is saved.")

    @cached_property
    def goal(self) -> InitiativeGoal:
        """A goal with an indicator."""
        goals = self.initiative.goals.exclude(indicator="")
        return get_object_or_404(goals, pk=self.kwargs["aim"])

    def get_initial(self) -> dict[str, Any]:
        """Today."""
        return {**super().get_initial(), "measured_on": self.standing.day}

    def save(self, form: MeasureForm, *, at: datetime) -> IndicatorValue:
        """Save it."""
        return actions.measure(self.goal, by=self.person, at=at, **form.given)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The goal."""
        return super().get_context_data(goal=self.goal, **kwargs)


class StatusView(_OfInitiativeView):
    """Say how an initiative comes along: keep a draft, or let everybody read it."""

    form_class = StatusForm
    template_name = "cooperation/initiatives/status_form.html"
    done = _("It is saved how the initiative comes along.")

    @cached_property
    def draft(self) -> StatusUpdate | None:
        """What was begun and nobody else reads yet."""
        return actions.draft_of(self.initiative)

    def seen_now(self) -> str:
        """Names the draft as it stands."""
        return actions.draft_seen(actions.draft_of(self.initiative))

    def get_initial(self) -> dict[str, Any]:
        """The draft, or today."""
        initial = {**super().get_initial(), "said_on": self.standing.day}
        if (draft := self.draft) is None:
            return initial
        return {**initial, **{name: getattr(draft, name) for name in ("state", "words", "said_on")}}

    def save(self, form: StatusForm, *, at: datetime) -> StatusUpdate:
        """Keep it as the press says."""
        publish = self.request.POST.get("do") == "publish"
        return actions.write_status(
            self.initiative,
            publish=publish,
            by=self.person,
            at=at,
            seen=form.cleaned_data["seen"],
            **form.given,
        )

    def form_valid(self, form: StatusForm) -> HttpResponse:
        """Say what happened: a draft is no message."""
        if self.request.POST.get("do") != "publish":
            self.done = _("The draft is kept. Nobody else reads it yet.")
        return super().form_valid(form)
