"""The register of decisions, and actions as their owners and groups see them."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from cooperation.access import TakesPartMixin
from cooperation.bodies.people import members_of, organisations_on, seatable_people
from cooperation.changing import EnterFormView, say
from cooperation.decisions import actions
from cooperation.decisions.forms import (
    ActionForm,
    ChangeDecisionForm,
    DecisionForm,
    DropForm,
    FinishForm,
    MoveForm,
    PassOnForm,
    SettleForm,
    WordsForm,
)
from cooperation.decisions.register import searched
from cooperation.models import Action, AgendaItem, Body, Decision, Initiative
from cooperation.permissions import (
    kept_actions,
    own_actions,
    readable_actions,
    readable_bodies,
    readable_decisions,
    run_bodies,
)
from core.access_log import record
from people.models import Person

PER_PAGE = 25
#: What is asked for in the address, and what becomes of it there.
STATES = {"aabne": "open", "gennemfoert": "done", "afloest": "replaced", "opgivet": "dropped"}


class RegisterView(TakesPartMixin, View):
    """The decisions of the bodies one reads: filtered by the address, searched by POST."""

    form_refuses_identity = True  # in its form, at the field

    def get(self, request: HttpRequest) -> HttpResponse:
        """One page of it."""
        return self.draw(WordsForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """What was found: the words stand in no address and no log."""
        return self.draw(WordsForm(request.POST))

    def draw(self, form: WordsForm) -> HttpResponse:
        """The page; a search shows its first alone."""
        asked = self.request.GET
        words = form.cleaned_data["q"] if form.is_bound and form.is_valid() else ""
        bodies = list(readable_bodies(self.standing).order_by("kind", "name_da", "pk"))
        body = next((one for one in bodies if str(one.pk) == asked.get("gruppe")), None)
        state = STATES.get(asked.get("tilstand", ""), "")
        found = readable_decisions(self.standing).select_related("body").newest_first()
        if body is not None:
            found = found.filter(body=body)
        if state:
            found = found.filter(state=state)
        if form.errors:
            found = found.none()
        elif words.strip():
            found = searched(found, words)
        counted = found.annotate(
            actions_open=Count(
                "actions",
                filter=Q(actions__done_on__isnull=True, actions__dropped_on__isnull=True),
            )
        )
        page = Paginator(counted, PER_PAGE).get_page("1" if words else asked.get("page"))
        kept = {name: asked[name] for name in ("gruppe", "tilstand") if asked.get(name)}
        context = {
            "form": form,
            "words": words,
            "page": page,
            "bodies": bodies,
            "body": body,
            "state": next((key for key, value in STATES.items() if value == state), ""),
            "states": [(key, Decision.State(value).label) for key, value in STATES.items()],
            "query": "".join(f"{name}={value}&" for name, value in kept.items()),
            "runs": run_bodies(self.standing).exists(),
        }
        status = 422 if form.errors else 200
        return render(self.request, "cooperation/decisions/register.html", context, status=status)


class DecisionMixin(TakesPartMixin):
    """A decision of a body that one reads; others are a 404."""

    @cached_property
    def decision(self) -> Decision:
        """The decision of the address."""
        found = readable_decisions(self.standing).select_related(
            "body", "item__meeting", "replaced_by", "written_by"
        )
        return get_object_or_404(found, pk=self.kwargs["decision"])


class RunDecisionMixin(DecisionMixin):
    """A decision of a body that one runs; others are a 404."""

    @cached_property
    def decision(self) -> Decision:
        """The decision of the address."""
        running = run_bodies(self.standing).values("pk")
        found = Decision.objects.filter(body__in=running).select_related("body")
        return get_object_or_404(found, pk=self.kwargs["decision"])


class DecisionView(DecisionMixin, TemplateView):
    """A decision: what it says, what is done about it, and all it ever said."""

    template_name = "cooperation/decisions/decision.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The same queries however long its history is; that names were shown is noted."""
        one, day = self.decision, self.standing.day
        found = one.actions.select_related("owner").soonest_first()
        record(self.request.user, "view", one, at=timezone.now())
        return super().get_context_data(**kwargs) | {
            "decision": one,
            "actions": [(action, action.is_late(on=day)) for action in found],
            "versions": list(one.versions.select_related("written_by").order_by("-number")),
            "replaces": list(one.replaces.order_by("year", "number")),
            "initiatives": list(one.initiatives.order_by("number", "title_da", "pk")),
            "runs": run_bodies(self.standing).filter(pk=one.body_id).exists(),
        }


class _InBodyView(EnterFormView):
    """Something new of a body that one runs, perhaps of an item of its meeting."""

    @cached_property
    def body(self) -> Body:
        """The body of the address."""
        return get_object_or_404(run_bodies(self.standing), pk=self.kwargs["body"])

    @cached_property
    def item(self) -> AgendaItem | None:
        """The item of the address, if it is one of the body's."""
        if "point" not in self.kwargs:
            return None
        items = AgendaItem.objects.filter(meeting__body=self.body).select_related("meeting")
        return get_object_or_404(items, pk=self.kwargs["point"])

    def get_form(self, form_class: Any = None) -> Any:
        """An item says itself where it comes from."""
        form = super().get_form(form_class)
        if self.item is not None or getattr(self, "decision", None) is not None:
            del form.fields["source"]
        return form

    def where_to(self, saved: Any) -> str:
        """Back to the minutes, or to what was entered."""
        if self.item is not None:
            return f"{self.item.meeting.get_absolute_url()}#punkt-{self.item.pk}"
        return str(saved.get_absolute_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The body and the item."""
        return super().get_context_data(body=self.body, item=self.item, **kwargs)


class DecideView(_InBodyView):
    """Write down what a body decided."""

    form_class = DecisionForm
    template_name = "cooperation/decisions/decision_form.html"
    done = gettext_lazy("The decision stands in the register.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """The initiatives."""
        return {**super().get_form_kwargs(), "initiatives": Initiative.objects.in_order()}

    def get_initial(self) -> dict[str, Any]:
        """Today, or the day of the meeting; the initiatives of the body."""
        day = self.standing.day
        if self.item is not None:
            day = min(day, timezone.localdate(self.item.meeting.starts_at))
        return {
            **super().get_initial(),
            "decided_on": day,
            "initiatives": self.body.initiatives.all(),
        }

    def save(self, form: DecisionForm, *, at: datetime) -> Decision:
        """Save it."""
        return actions.decide(
            self.body, key=form.new_id, item=self.item, by=self.person, at=at, **form.given
        )


class ChangeDecisionView(RunDecisionMixin, EnterFormView):
    """Correct the words of a decision."""

    form_class = ChangeDecisionForm
    template_name = "cooperation/decisions/change.html"
    done = gettext_lazy("The decision is saved. What it said before stays in its history.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """The initiatives."""
        return {**super().get_form_kwargs(), "initiatives": Initiative.objects.in_order()}

    def seen_now(self) -> str:
        """Names the decision as it stands."""
        return actions.decision_seen(Decision.objects.get(pk=self.decision.pk))

    def get_initial(self) -> dict[str, Any]:
        """The decision as it is."""
        one = self.decision
        return {
            **super().get_initial(),
            **{name: getattr(one, name) for name in actions.WORDS},
            "initiatives": one.initiatives.all(),
        }

    def save(self, form: ChangeDecisionForm, *, at: datetime) -> Decision:
        """Save it."""
        return actions.change_decision(
            self.decision, seen=form.cleaned_data["seen"], by=self.person, at=at, **form.given
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The decision."""
        return super().get_context_data(decision=self.decision, **kwargs)


class SettleView(RunDecisionMixin, EnterFormView):
    """Say what became of a decision."""

    form_class = SettleForm
    template_name = "cooperation/decisions/settle.html"
    done = gettext_lazy("It is saved what became of the decision.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """The other decisions of the body."""
        others = Decision.objects.filter(body=self.decision.body_id).exclude(pk=self.decision.pk)
        return {**super().get_form_kwargs(), "others": others.newest_first()}

    def save(self, form: SettleForm, *, at: datetime) -> Decision:
        """Save it."""
        return actions.settle_decision(self.decision, by=self.person, at=at, **form.given)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The decision."""
        return super().get_context_data(decision=self.decision, **kwargs)


# --- Actions --------------------------------------------------------------------------------------


class ActionListView(TakesPartMixin, TemplateView):
    """My actions, and those of the bodies I read."""

    template_name = "cooperation/decisions/actions.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The own open ones, and a page of what is open, or done; that names show is noted."""
        day = self.standing.day
        own = own_actions(self.standing).open().select_related("owner", "body").soonest_first()
        is_done = self.request.GET.get("tilstand") == "gjort"
        is_late = self.request.GET.get("tilstand") == "sent"
        bodies = readable_bodies(self.standing).values("pk")
        shown = Action.objects.filter(body__in=bodies).select_related("owner", "body")
        if is_done:
            shown = shown.filter(Q(done_on__isnull=False) | Q(dropped_on__isnull=False))
            shown = shown.order_by("-due_on", "pk")
        else:
            shown = (shown.late(on=day) if is_late else shown.open()).soonest_first()
        page = Paginator(shown, PER_PAGE).get_page(self.request.GET.get("page"))
        if page.object_list:
            record(self.request.user, "list", page.object_list, at=timezone.now())
        state = "gjort" if is_done else "sent" if is_late else ""
        return super().get_context_data(
            own=[(one, one.is_late(on=day)) for one in own],
            page=page,
            rows=[(one, one.is_late(on=day)) for one in page.object_list],
            state=state,
            query=f"tilstand={state}&" if state else "",
            reads=readable_bodies(self.standing).exists(),
            **kwargs,
        )


class ActionView(TakesPartMixin, View):
    """One action: what is to be done, and what I can do about it."""

    form_refuses_identity = True  # in its forms, at the field

    @cached_property
    def action(self) -> Action:
        """The action of the address, if it is mine or of a body I read."""
        found = readable_actions(self.standing).select_related(
            "body", "owner", "organisation", "decision", "item__meeting", "settled_by"
        )
        return get_object_or_404(found, pk=self.kwargs["action"])

    @cached_property
    def is_own(self) -> bool:
        """Whether I do it."""
        return self.action.owner_id == self.person.pk

    @cached_property
    def runs(self) -> bool:
        """Whether I give and take it."""
        return kept_actions(self.standing).filter(pk=self.action.pk).exists()

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The page."""
        return self.draw()

    def draw(self, form: Any = None, *, status: int = 200) -> HttpResponse:
        """The page, with a form that was refused, if one was; that names show is noted."""
        action = self.action
        forms: dict[str, Any] = {}
        if action.is_open and (self.is_own or self.runs):
            forms["finish"] = FinishForm(auto_id="id_finish_%s")
            forms["move"] = MoveForm(initial={"seen_on": action.due_on}, auto_id="id_move_%s")
        if action.is_open and self.runs:
            forms["pass"] = self.pass_on_form(initial=True)
            forms["drop"] = DropForm(auto_id="id_drop_%s")
        for key, kind in (
            ("finish", FinishForm),
            ("move", MoveForm),
            ("pass", PassOnForm),
            ("drop", DropForm),
        ):
            if form is not None and type(form) is kind:
                forms[key] = form
        record(self.request.user, "view", action, at=timezone.now())
        context = {
            "action": action,
            "is_late": action.is_late(on=self.standing.day),
            "moves": list(
                action.moves.select_related("moved_by", "from_owner", "to_owner").order_by(
                    "moved_at", "pk"
                )
            ),
            "reads_body": readable_bodies(self.standing).filter(pk=action.body_id).exists(),
            "form": form,
            **{f"{key}_form": one for key, one in forms.items()},
        }
        return render(self.request, "cooperation/decisions/action.html", context, status=status)

    def pass_on_form(self, data: Any = None, *, initial: bool = False) -> PassOnForm:
        """Who can do it instead."""
        owner = self.action.owner_id
        return PassOnForm(
            data,
            owners=owners_of(self.standing, self.action.body),
            initial={"owner": owner, "seen": owner} if initial else None,
            auto_id="id_pass_%s",
        )


class ActionChangeView(ActionView):
    """What one does about an action: finish, move, pass on, give up."""

    http_method_names = ["post"]
    STEPS = ("gjort", "flyt", "giv-videre", "opgiv")

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Do it, or say what stands in the way; only an owner and who runs the body may."""
        step, action, now = self.kwargs["step"], self.action, timezone.now()
        may = self.runs or (self.is_own and step in {"gjort", "flyt"})
        if not may or step not in self.STEPS:
            raise Http404
        form: Any
        work: Any
        given: dict[str, Any]
        match step:
            case "gjort":
                form = FinishForm(request.POST, auto_id="id_finish_%s")
                work, said = actions.finish_action, _("It is done. Thank you.")
                given = {"by": self.person, "at": now}
            case "flyt":
                form = MoveForm(request.POST, auto_id="id_move_%s")
                work, said = actions.move_action, _("It is moved.")
                given = {"by": self.person, "at": now}
            case "giv-videre":
                form = self.pass_on_form(request.POST)
                work, said = actions.pass_on, _("Somebody else does it now.")
                given = {"by": self.person, "at": now}
            case _:
                form = DropForm(request.POST, auto_id="id_drop_%s")
                work, said = actions.drop_action, _("It is given up.")
                given = {"by": self.person, "at": now}
        if not form.is_valid():
            return self.draw(form, status=422)
        try:
            work(action, **form.cleaned_data, **given)
        except ValidationError as refusal:
            self.__dict__.pop("action", None)  # it stands differently by now
            say(form, refusal)
            return self.draw(form, status=422)
        record(request.user, "change", action, at=now)
        messages.success(request, said)
        return redirect(action)


class GiveActionView(_InBodyView):
    """Agree who does what by when."""

    form_class = ActionForm
    template_name = "cooperation/decisions/action_form.html"
    done = gettext_lazy("The action is given.")

    @cached_property
    def decision(self) -> Decision | None:
        """The decision of the address, if it is one of the body's."""
        if "decision" not in self.kwargs:
            return None
        return get_object_or_404(self.body.decisions.all(), pk=self.kwargs["decision"])

    def get_form_kwargs(self) -> dict[str, Any]:
        """Who can do it, and for whom."""
        return {
            **super().get_form_kwargs(),
            "owners": owners_of(self.standing, self.body),
            "organisations": organisations_on(self.standing.day),
        }

    def save(self, form: ActionForm, *, at: datetime) -> Action:
        """Save it."""
        return actions.give_action(
            self.body,
            key=form.new_id,
            decision=self.decision,
            item=self.item,
            by=self.person,
            at=at,
            **form.given,
        )

    def where_to(self, saved: Action) -> str:
        """Back to the decision, the minutes, or the action."""
        if self.decision is not None:
            return self.decision.get_absolute_url()
        return super().where_to(saved)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The decision; that names are offered is noted."""
        record(self.request.user, "view", self.body, at=timezone.now())
        return super().get_context_data(decision=self.decision, **kwargs)


def owners_of(standing: Any, body: Body) -> Any:
    """Who can do something for a body: its members, and the people of one's own scope."""
    members = members_of(body, on=standing.day).values("pk")
    own = seatable_people(standing).values("pk")
    return Person.objects.filter(Q(pk__in=members) | Q(pk__in=own)).order_by("name", "pk")
