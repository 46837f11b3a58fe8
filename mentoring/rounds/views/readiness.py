"""What must be ready before arrival: the lists, and what one does about an item."""

import uuid
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View

from core.access_log import record
from core.forms import offer
from mentoring.actions import add_item, edit_item, resume_reminders, stop_reminders, tick, untick
from mentoring.actions.pairings import reaching
from mentoring.models import Need, ReadinessItem, Round
from mentoring.permissions import overseen_items, overseen_needs, tickable_items
from mentoring.rounds.forms.readiness import ItemForm, OwnItemForm
from mentoring.views.looking_again import passages_to_look_at
from people.access import PersonRequiredMixin
from people.models import Person, Place, Role

#: Who may be given something to look after in a place.
OWNERS = [Role.Key.CASEWORKER, Role.Key.TRAVELLING, Role.Key.LEADER, Role.Key.COORDINATOR]


class ReadinessView(PersonRequiredMixin, TemplateView):
    """What waits for me, and how far the places are that I look after."""

    template_name = "mentoring/rounds/readiness.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The own items, and the needs of the own places that have not begun long ago."""
        day = self.standing.day
        own = (
            ReadinessItem.objects.awaited()
            .filter(owner=self.person)
            .select_related("need__place")
            .order_by("due_on", "pk")
        )
        needs = (
            overseen_needs(self.standing)
            .filter(
                round__state__in=[Round.State.PLANNED, Round.State.GOING],
                ends_on__gt=day,
            )
            .select_related("place", "round", "owner")
            .annotate(
                all_items=Count("items"),
                done=Count("items", filter=Q(items__done_at__isnull=False)),
                late=Count("items", filter=Q(items__done_at__isnull=True, items__due_on__lt=day)),
            )
            .order_by("starts_on", "place__name", "pk")
        )
        shown = list(needs[:100])
        if shown:
            record(self.request.user, "list", shown, at=timezone.now())
        return super().get_context_data(
            own=[(item, item.is_late(on=day)) for item in own],
            needs=shown,
            coordinates=self.standing.has(Role.Key.COORDINATOR),
            **kwargs,
        )


class NeedReadinessView(PersonRequiredMixin, TemplateView):
    """Everything that must be ready in a place, for who looks after it."""

    template_name = "mentoring/rounds/need_readiness.html"

    @cached_property
    def need(self) -> Need:
        """The need of the address; 404 outside the own places."""
        found = overseen_needs(self.standing).select_related("place", "round", "owner")
        return get_object_or_404(found, pk=self.kwargs["need"])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The list."""
        return self.draw()

    def draw(
        self,
        form: OwnItemForm | None = None,
        changing: tuple[uuid.UUID, ItemForm] | None = None,
        status: int = 200,
        passages: list[dict[str, Any]] | None = None,
    ) -> HttpResponse:
        """The list with a form that was refused, if one was; that names were shown is noted."""
        need, day = self.need, self.standing.day
        record(self.request.user, "view", need, at=timezone.now())
        owners = list(_owners(need.place, day).values_list("pk", "name"))
        people = _owners(need.place, day)
        items = []
        for item in need.items.select_related("owner", "done_by").order_by("due_on", "kind", "pk"):
            edit = ItemForm(
                owners=people,
                initial={"owner": item.owner_id, "due_on": item.due_on},
                auto_id=f"id_%s-{item.pk}",
            )
            _offer_known(edit, owners, item.owner)
            if changing is not None and changing[0] == item.pk:
                edit = changing[1]
            items.append((item, item.is_late(on=day), edit))
        if form is None:
            form = OwnItemForm(
                owners=people,
                initial={
                    "key": uuid.uuid4(),
                    "due_on": max(need.starts_on - timedelta(days=7), day),
                },
            )
        errors = []
        if changing is not None:
            errors = [
                {"text": text, "href": f"#{field.id_for_label}"}
                for field in changing[1]
                for text in field.errors
            ]
        context = self.get_context_data(
            need=need,
            items=items,
            form=form,
            errors=errors,
            passages=passages,
            done=sum(item.done_at is not None for item, _late, _edit in items),
        )
        return self.render_to_response(context, status=status)


def _owners(place: Place, day: Any) -> QuerySet[Person]:
    """Whoever holds a role there and may look after something, today or later."""
    roles = Role.objects.filter(
        Q(ends_on=None) | Q(ends_on__gt=day), reaching(place), key__in=OWNERS
    )
    return Person.objects.filter(pk__in=roles.values("person")).order_by("name", "pk")


def _offer_known(form: ItemForm, owners: list[tuple[Any, str]], own: Person | None) -> None:
    """Draw the owners from a list that was read once; one who has left stays to be seen."""
    known = list(owners)
    if own is not None and own.pk not in dict(known):
        known.insert(0, (own.pk, own.name))
    offer(form, owner=[("", "—"), *known])


class ItemView(PersonRequiredMixin, View):
    """Mark an item as done, or as not done after all."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do it; who pressed first is kept."""
        item = get_object_or_404(
            tickable_items(self.standing).select_related("need"), pk=kwargs["item"]
        )
        now = timezone.now()
        if "undo" in request.POST:
            untick(item)
            messages.success(request, _("It is not done after all."))
        else:
            tick(item, by=self.person, at=now)
            messages.success(request, _("It is done. You can undo it."))
        record(request.user, "change", item, at=now)
        if overseen_items(self.standing).filter(pk=item.pk).exists():
            return redirect("mentoring:need-ready", item.need_id)
        return redirect("mentoring:ready")


class EditItemView(NeedReadinessView):
    """Give an item another owner or day."""

    http_method_names = ["post"]

    @cached_property
    def item(self) -> ReadinessItem:
        """The item of the address."""
        found = overseen_items(self.standing).select_related("owner")
        return get_object_or_404(found, pk=self.kwargs["item"])

    @cached_property
    def need(self) -> Need:
        """The need it belongs to."""
        found = overseen_needs(self.standing).select_related("place", "round", "owner")
        return get_object_or_404(found, pk=self.item.need_id)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save it, or say what is missing."""
        item = self.item
        owners = _owners(self.need.place, self.standing.day)
        if item.owner_id:
            owners |= Person.objects.filter(pk=item.owner_id)
        form = ItemForm(request.POST, owners=owners, auto_id=f"id_%s-{item.pk}")
        if not form.is_valid():
            return self.draw(changing=(item.pk, form), status=422)
        edit_item(item, **form.cleaned_data)
        record(request.user, "change", item, at=timezone.now())
        messages.success(request, _("It is saved."))
        return redirect("mentoring:need-ready", item.need_id)


class AddItemView(NeedReadinessView):
    """Add something of the place's own."""

    http_method_names = ["post"]
    form_class = OwnItemForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Add it, or say what is missing."""
        need = self.need
        form = OwnItemForm(request.POST, owners=_owners(need.place, self.standing.day))
        if not form.is_valid():
            return self.draw(form, status=422)
        passages = passages_to_look_at(
            form, request.POST, at=timezone.now(), known_names=[need.place.name]
        )
        if passages:
            return self.draw(form, status=422, passages=passages)
        item = add_item(need, **form.cleaned_data)
        record(request.user, "change", item, at=timezone.now())
        messages.success(request, _("It is on the list."))
        return redirect("mentoring:need-ready", need.pk)


class RemindersView(PersonRequiredMixin, View):
    """Stop the messages about what must be ready, or have them again."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do it."""
        if "stop" in request.POST:
            stop_reminders(self.person, at=timezone.now())
            messages.success(request, _("You get no more messages about what must be ready."))
        else:
            resume_reminders(self.person)
            messages.success(request, _("You get messages about what must be ready again."))
        return redirect("people:me")
