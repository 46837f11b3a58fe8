"""How a reviewer writes the register."""

from django.utils import timezone

from core.admin_forms import GuardedAdminForm
from people.permissions import standing_of
from rules.actions import save_act, save_rule
from rules.models import Act, Rule


class RuleForm(GuardedAdminForm):
    """Who changes the state or the day of the check has checked the rule."""

    def save(self, commit: bool = True) -> Rule:
        """Save by the action that keeps the history."""
        rule: Rule = super().save(commit=False)
        person = standing_of(self.for_user).person
        if person is not None and {"state", "checked_on"} & set(self.changed_data):
            rule.checked_by = person
        return save_rule(rule, at=timezone.now(), by=person) if commit else rule


class ActForm(GuardedAdminForm):
    """An act shows in every rule box that stands on it."""

    def save(self, commit: bool = True) -> Act:
        """Save by the action that tells whoever cites its rules."""
        act: Act = super().save(commit=False)
        return save_act(act) if commit else act
