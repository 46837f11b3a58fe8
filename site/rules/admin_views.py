"""What a reviewer does in the admin when the law changes; editors may read along."""

from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import View
from wagtail.admin.utils import get_valid_next_url_from_request

from core.admin_pages import AdminPage
from core.periods import local_day
from core.spreadsheets import csv_response
from people.models import Person
from people.permissions import standing_of
from rules.actions import latest_version
from rules.citations import citing, sources
from rules.consequences import consequences
from rules.forms import DECISIONS, CheckForm, NewVersionForm
from rules.law_changes import (
    close_items,
    decide,
    enter_version,
    take_back_decision,
    take_back_version,
)
from rules.models import Act, Decision, DigestStop, ReviewItem, Rule
from rules.review import (
    AGES,
    ALL,
    CLOSED,
    HEADER,
    Filters,
    acts_to_check,
    csv_rows,
    lately_changed,
    rows_of,
    rules_without_act,
)  # fmt: skip

ROWS_PER_PAGE = 50
SHOWN = 25
LONGEST_KEY = 19  # digits; more than any database counts to


class RegisterView(PermissionRequiredMixin, View):
    """A view for whoever may do this with the register."""

    # Wagtail has asked who it is; here it is asked whether they may.
    permission_required = "rules.change_rule"
    raise_exception = True

    @property
    def person(self) -> Person | None:
        """Who acts."""
        return standing_of(self.request.user).person


class RegisterPage(RegisterView, AdminPage):
    """A page of the admin about the register."""

    header_icon = "clipboard-list"
    way_here: ClassVar = [(gettext_lazy("Review"), "rules_review")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds ``may_decide``: whether the buttons are shown."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"may_decide": self.request.user.has_perm("rules.change_rule")}


def _said(refusal: ValidationError) -> str:
    return " ".join(refusal.messages)


# --- A new version of an act --------------------------------------------------------------------


class NewVersion(RegisterPage):
    """Enter the version of an act that takes the place of this one."""

    template_name = "rules/admin/new_version.html"
    page_title = gettext_lazy("New version of the law")
    form_refuses_identity = True

    @cached_property
    def old(self) -> Act:
        """The version that ends."""
        return get_object_or_404(Act, pk=self.kwargs["act"])

    def get_page_subtitle(self) -> str:
        """The act."""
        return str(self.old)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form, how many rules will wait, and which ones it may change beside them."""
        kwargs.setdefault("form", NewVersionForm(self.old))
        kwargs |= {
            "old": self.old,
            "rule_count": self.old.rules.exclude(state=Rule.State.RETIRED).count(),
            "unseen": list(Rule.objects.without_act()),
        }
        return super().get_context_data(**kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Enter it, and lead to the rules that wait; or say what is wrong, nothing lost."""
        form = NewVersionForm(self.old, request.POST)
        if form.is_valid():
            new = form.instance
            try:
                enter_version(self.old, new, at=timezone.now(), by=self.person)
            except ValidationError as refusal:
                _put(refusal, form)
            else:
                messages.success(request, _("The new version is in. Its rules wait to be checked."))
                return redirect("rules_worklist", act=new.pk)
        return self.render_to_response(self.get_context_data(form=form), status=422)


class TakeBackVersion(RegisterView):
    """Undo entering a version, while no rule has been checked against it."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Undo it; or say why not."""
        new = get_object_or_404(Act, pk=kwargs["act"])
        try:
            take_back_version(new, at=timezone.now(), by=self.person)
        except ValidationError as refusal:
            messages.error(request, _said(refusal))
            return redirect("rules_worklist", act=kwargs["act"])
        messages.success(request, _("The new version is taken back. The old one holds on."))
        return redirect("rules_review")


class Worklist(RegisterPage):
    """The rules that wait to be checked against a new version, and those that have been."""

    template_name = "rules/admin/worklist.html"
    page_title = gettext_lazy("Rules to check")
    permission_required = "rules.view_rule"

    @cached_property
    def act(self) -> Act:
        """The new version."""
        return get_object_or_404(Act.objects.select_related("replaces__old"), pk=self.kwargs["act"])

    def get_page_subtitle(self) -> str:
        """The act."""
        return str(self.act)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The act, the rules that wait or may be changed, the decisions, and what they do."""
        waiting = Rule.objects.being_checked().filter(awaiting_act=self.act)
        decided = self.act.decisions.standing().select_related(
            "rule", "decided_by", "before", "after"
        )
        kwargs |= {
            "act": self.act,
            "waiting": list(waiting.order_by("key")),
            "unseen": list(rules_without_act(self.act)),
            "decided": consequences(decided.order_by("-decided_at", "-pk")),
            "is_early": self.act.in_force_from is not None
            and self.act.in_force_from > local_day(timezone.now()),
        }
        return super().get_context_data(**kwargs)


# --- One rule -----------------------------------------------------------------------------------


class DecideOnRule(RegisterPage):
    """Look at one rule again: unchanged, changed, or gone. One press each."""

    template_name = "rules/admin/decide.html"
    page_title = gettext_lazy("Check the rule")
    form_refuses_identity = True

    @cached_property
    def rule(self) -> Rule:
        """The rule, with where it stands and what it waits for."""
        rules = Rule.objects.select_related("act", "awaiting_act", "checked_by")
        return get_object_or_404(rules, pk=self.kwargs["rule"])

    def get_page_subtitle(self) -> str:
        """The rule."""
        return str(self.rule)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """A form for each answer, and what rests on the rule."""
        kwargs.setdefault("forms", {form.kind: form for form in map(self._empty, DECISIONS)})
        found: dict[str, list[str]] = {}
        for source, citation in citing(self.rule):
            found.setdefault(str(source.label), []).append(citation.title)
        kwargs |= {"rule": self.rule, "citing": sorted(found.items())}
        return super().get_context_data(**kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Decide, and lead to the next rule that waits; or say what is wrong, nothing lost."""
        wanted = next((form for form in DECISIONS if form.kind == request.POST.get("kind")), None)
        forms = {form.kind: form for form in map(self._empty, DECISIONS)}
        if wanted is None:
            messages.error(request, _("Choose Unchanged, Changed or Holds no longer."))
            return self.render_to_response(self.get_context_data(forms=forms), status=422)
        act = self.rule.awaiting_act
        form = wanted(self.rule, 0, request.POST)
        forms[wanted.kind] = form
        if form.is_valid():
            try:
                decide(
                    self.rule,
                    wanted.kind,
                    form.values,
                    seen_version=form.cleaned_data["seen_version"],
                    at=timezone.now(),
                    by=self.person,
                )
            except ValidationError as refusal:
                _put(refusal, form)
            else:
                return self._on(wanted.kind, act)
        return self.render_to_response(self.get_context_data(forms=forms), status=422)

    def _empty(self, form: type[CheckForm]) -> CheckForm:
        latest = latest_version(self.rule) if not hasattr(self, "_number") else None
        self._number: int = getattr(self, "_number", latest.number if latest else 0)
        return form(self.rule, self._number)

    def _on(self, kind: str, act: Act | None) -> HttpResponse:
        """Say what is done, and go on where the next one waits."""
        done = _("%(rule)s: %(decision)s.") % {
            "rule": self.rule.paragraph or self.rule.key,
            "decision": Decision.Kind(kind).label,
        }
        messages.success(self.request, done)
        if act is None:
            return redirect("rules_review")
        following = Rule.objects.being_checked().filter(awaiting_act=act).order_by("key").first()
        if following is not None:
            return redirect("rules_decide", rule=following.pk)
        return redirect("rules_worklist", act=act.pk)


class TakeBackDecision(RegisterView):
    """Undo a decision: the rule says what it said before."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Undo it; or say why not."""
        decision = get_object_or_404(Decision, pk=kwargs["decision"])
        try:
            take_back_decision(decision, at=timezone.now(), by=self.person)
        except ValidationError as refusal:
            messages.error(request, _said(refusal))
        else:
            messages.success(request, _("Taken back. The rule says what it said before."))
        following = get_valid_next_url_from_request(request)
        return redirect(following or "rules_review")


def _put(refusal: ValidationError, form: Any) -> None:
    """Say in the form what an action refused, at the field where it names one."""
    by_field = refusal.error_dict if hasattr(refusal, "error_dict") else {None: [refusal]}
    for name, errors in by_field.items():
        form.add_error(name if name in form.fields else None, ValidationError(errors))


# --- What cites a changed rule ------------------------------------------------------------------


class ReviewList(RegisterPage):
    """What is to be looked through after a change of the law, and the rules that wait."""

    template_name = "rules/admin/review.html"
    page_title = gettext_lazy("Review")
    way_here: ClassVar = []
    permission_required = "rules.view_rule"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page of the list; the same number of queries at any size."""
        today = local_day(timezone.now())
        filters = Filters.read(self.request.GET)
        page = Paginator(filters.items(today=today), ROWS_PER_PAGE).get_page(
            self.request.GET.get("p")
        )
        asked = self.request.GET.copy()
        asked.pop("p", None)
        overdue = list(Rule.objects.overdue(on=today)[: SHOWN + 1])
        return super().get_context_data(
            filters=filters,
            page_obj=page,
            rows=rows_of(list(page), today=today),
            query=asked.urlencode(),
            acts=list(Act.objects.order_by("key")),
            to_check=list(acts_to_check()),
            overdue=overdue[:SHOWN],
            consequences=lately_changed(filters, today=today),
            more_overdue=len(overdue) > SHOWN,
            has_stopped=DigestStop.objects.filter(person=self.person).exists(),
            kinds=[(kind, source.label) for kind, source in sources().items()],
            ages=AGES,
            states=[
                (ReviewItem.State.OPEN, ReviewItem.State.OPEN.label),
                (CLOSED, _("Closed")),
                (ALL, _("All")),
            ],
            **kwargs,
        )


class WeeklyMail(RegisterView):
    """Stop the weekly mail to oneself, or start it again."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Do what the button says; pressing it twice changes nothing."""
        person = self.person
        if person is None:
            raise PermissionDenied
        if request.POST.get("mail") == "stop":
            DigestStop.objects.get_or_create(person=person, defaults={"stopped_at": timezone.now()})
            messages.success(request, _("You get the weekly mail no more."))
        else:
            DigestStop.objects.filter(person=person).delete()
            messages.success(request, _("You get the weekly mail again."))
        return redirect("rules_review")


class ReviewCsv(RegisterView):
    """The list as a file, with the same filters."""

    permission_required = "rules.view_rule"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """The whole list, written while it is sent."""
        rows = csv_rows(Filters.read(request.GET), today=local_day(timezone.now()))
        return csv_response("gennemgang", HEADER, rows)


class CloseItems(RegisterView):
    """Say of one or several items that they are looked through, not affected, or wait again."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Do it, and lead back to the list as it was filtered."""
        state = request.POST.get("state", "")
        if state not in ReviewItem.State.values:
            messages.error(request, _("Choose what you have found."))
        else:
            sent = request.POST.getlist("item")
            keys = [int(key) for key in sent if key.isdecimal() and len(key) < LONGEST_KEY]
            changed = close_items(keys, state, at=timezone.now(), by=self.person)
            count = len(changed)
            if state == ReviewItem.State.OPEN:
                text = ngettext("%(count)d waits again.", "%(count)d wait again.", count)
            else:
                text = ngettext("%(count)d is closed.", "%(count)d are closed.", count)
            if changed:
                messages.success(request, text % {"count": count})
            else:
                messages.info(request, _("Somebody else has done that already."))
        following = get_valid_next_url_from_request(request)
        return redirect(following or "rules_review")
