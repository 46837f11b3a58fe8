"""How a reviewer writes the register."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminDateInput

from core.admin_forms import GuardedAdminForm
from core.forms import offer
from core.guard import GuardedFormMixin
from core.periods import local_day
from people.permissions import standing_of
from rules.actions import save_act, save_rule
from rules.law_changes import SAID, default_review_by
from rules.models import Act, Decision, Rule


class RuleForm(GuardedAdminForm):
    """Who changes the state or the day of the check has checked the rule.

    What makes it another rule marks everything that cites it, unless it is a correction.
    """

    is_correction = forms.BooleanField(
        label=gettext_lazy("Only a correction"),
        required=False,
        help_text=gettext_lazy(
            "Tick it for a slip of the pen. Without it, everything that cites the rule is marked "
            "for review, and whoever has learnt it is told what changed."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "state" in self.fields and self.instance.state != Rule.State.RETIRED:
            known = [one for one in Rule.State.choices if one[0] != Rule.State.RETIRED]
            offer(self, state=known)

    def save(self, commit: bool = True) -> Rule:
        """Save by the action that keeps the history."""
        rule: Rule = super().save(commit=False)
        person = standing_of(self.for_user).person
        if person is not None and {"state", "checked_on"} & set(self.changed_data):
            rule.checked_by = person
        if not commit:
            return rule
        return save_rule(
            rule,
            at=timezone.now(),
            by=person,
            marks_citing=not self.cleaned_data.get("is_correction"),
        )


class ActForm(GuardedAdminForm):
    """An act shows in every rule box that stands on it."""

    def save(self, commit: bool = True) -> Act:
        """Save by the action that tells whoever cites its rules."""
        act: Act = super().save(commit=False)
        return save_act(act) if commit else act


class NewVersionForm(GuardedFormMixin, forms.ModelForm[Any]):
    """The version of an act that takes the place of another."""

    class Meta:
        model = Act
        fields = [
            "number",
            "kind",
            "dated_on",
            "title_da",
            "short_name",
            "in_force_from",
            "source_url",
            "note",
        ]
        widgets = {
            "dated_on": AdminDateInput,
            "in_force_from": AdminDateInput,
            **dict.fromkeys(["number", "title_da", "short_name", "source_url"], forms.TextInput),
            "note": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, old: Act, data: Any = None) -> None:
        initial = {"kind": old.kind, "short_name": old.short_name}
        super().__init__(data, initial=initial)
        self.fields["in_force_from"].required = True

    def _post_clean(self) -> None:
        """The action judges the whole act; here only the fields are cleaned and written."""
        self.instance = forms.models.construct_instance(self, self.instance, self._meta.fields)


class CheckForm(GuardedFormMixin, forms.ModelForm[Any]):
    """What every decision says: where it was read, when, and when to look again."""

    kind = Decision.Kind.UNCHANGED
    seen_version = forms.IntegerField(label="", widget=forms.HiddenInput)

    class Meta:
        model = Rule
        fields = ["source_title", "source_url", "checked_on", "review_by"]
        widgets = {
            "checked_on": AdminDateInput,
            "review_by": AdminDateInput,
            "source_title": forms.TextInput,
            "source_url": forms.TextInput,
        }

    def __init__(self, rule: Rule, number: int, data: Any = None) -> None:
        today = local_day(timezone.now())
        act = rule.awaiting_act
        initial = {
            "checked_on": today,
            "review_by": default_review_by(today),
            "seen_version": number,
        }
        if act is not None:
            initial |= {"source_title": str(act)[:200].capitalize(), "source_url": act.source_url}
        super().__init__(data, instance=rule, initial=initial, prefix=self.kind)
        for name in ("source_title", "source_url", "checked_on", "review_by"):
            if name in self.fields:
                self.fields[name].required = True

    def _post_clean(self) -> None:
        """The action writes into the rule and judges it as a whole."""

    @property
    def values(self) -> dict[str, Any]:
        """What the decision takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen_version"}


class ChangedForm(CheckForm):
    """What the rule says from now on."""

    kind = Decision.Kind.CHANGED

    class Meta(CheckForm.Meta):
        fields = [*SAID, *CheckForm.Meta.fields]
        widgets = {
            **CheckForm.Meta.widgets,
            "statement_da": forms.Textarea(attrs={"rows": 3}),
            **dict.fromkeys(
                [
                    "paragraph",
                    "deadline_da",
                    "deadline_starts_da",
                ],
                forms.TextInput,
            ),
        }


class GoneForm(CheckForm):
    """Where one can read that the rule holds no longer."""

    kind = Decision.Kind.GONE

    class Meta(CheckForm.Meta):
        fields = ["source_title", "source_url", "checked_on"]


DECISIONS: tuple[type[CheckForm], ...] = (CheckForm, ChangedForm, GoneForm)
