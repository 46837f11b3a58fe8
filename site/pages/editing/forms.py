"""The forms in which pages are written, and in which the reason for a heavy one is given."""

from typing import TYPE_CHECKING, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from core.admin_forms import GuardedPageForm
from core.guard import GuardedFormMixin
from core.identity import refuse_cpr_like
from pages.editing.gate import SHORTEST_REASON, why_not
from pages.editing.weighing import weigh

if TYPE_CHECKING:
    from pages.models import BasePage


class PageForm(GuardedPageForm):
    """A page in the editor. A draft may weigh what it likes; what is sent on or published may not.

    The question stands beside the field, and everything that was typed stays in the form. Who
    sends a page back to its author is asked nothing.
    """

    def _post_clean(self) -> None:
        """Weigh the page as it was typed: only now does the page hold it.

        A reason that is new covers what the page weighs when it is asked for; what is saved as a
        draft in between weighs nothing.
        """
        super()._post_clean()
        page = cast("BasePage", self.instance)
        if "weight_reason" in self.changed_data:
            page.weight_explained = None
        sends_back = self.data.get("workflow-action-name") == "reject"
        if self.errors or self.is_deferred_validation or sends_back:
            return
        weight = weigh(page)
        if not weight.is_heavy:
            page.weight_explained = None
        elif page.weight_explained is None:
            page.weight_explained = weight.total
        if why := why_not(page, weight):
            self.add_error("weight_reason", why)

    def clean_weight_reason(self) -> str:
        """Without space at its ends, so that it counts as changed only where its words are."""
        return str(self.cleaned_data["weight_reason"]).strip()


class ReasonForm(GuardedFormMixin, forms.Form):
    """The reason for one page, where its editor has no field for it: a translation."""

    reason = forms.CharField(
        label=_("Why it may weigh so much"),
        min_length=SHORTEST_REASON,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[refuse_cpr_like],
        error_messages={
            "required": _("Write why the page may weigh so much: one sentence will do."),
            "min_length": _("Write why the page may weigh so much: one sentence will do."),
        },
    )
