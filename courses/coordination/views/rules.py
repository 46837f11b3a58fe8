"""Rules that give a path to everybody with a role in a place."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import View

from courses.actions import (
    LearningRefused,
    end_rule,
    make_rule,
)
from courses.coordination.forms import (
    RuleOfPathForm,
)
from courses.coordination.views.base import CoordinatorMixin
from courses.models import PathRule


class RulesView(CoordinatorMixin, View):
    """Which roles get which path, in the coordinator's scope; and a new rule."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The rules that hold, and an empty form."""
        return self._page(RuleOfPathForm(standing=self.standing))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Make a rule, and give the path to whoever it speaks of now."""
        form = RuleOfPathForm(request.POST, standing=self.standing)
        if form.is_valid():
            try:
                _rule, count = make_rule(form.rule(), by=self.standing, at=timezone.now())
            except LearningRefused as refusal:
                form.add_error(None, refusal)
            else:
                said = ngettext(
                    "The rule holds from now. %(count)d person has got the path by it.",
                    "The rule holds from now. %(count)d people have got the path by it.",
                    count,
                )
                messages.success(request, said % {"count": count})
                return redirect("courses:rules")
        return self._page(form, status=422)

    def _page(self, form: RuleOfPathForm, *, status: int = 200) -> HttpResponse:
        rules = [rule for rule in _rules() if _may_keep(self.standing, rule)]
        context = {"form": form, "rules": rules}
        return render(self.request, "courses/coordination/rules.html", context, status=status)


class EndRuleView(CoordinatorMixin, View):
    """Let a rule give its path to nobody more."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """End it; whoever has got the path keeps it."""
        rule = next((one for one in _rules() if one.pk == pk), None)
        if rule is None or not _may_keep(self.standing, rule):
            raise Http404
        end_rule(rule, by=self.standing, at=timezone.now())
        messages.success(request, _("The rule has ended. Whoever has got the path keeps it."))
        return redirect("courses:rules")


def _rules() -> Any:
    found = PathRule.objects.filter(ended_at=None)
    return found.select_related("path", "place", "municipality").order_by("made_at", "pk")


def _may_keep(standing: Any, rule: PathRule) -> bool:
    return bool(
        standing.may_give(
            rule.role_key, rule.scope, municipality=rule.municipality, place=rule.place
        )
    )
