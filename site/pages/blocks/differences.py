"""One topic as it is in Greenland and as it is in Denmark."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from pages.blocks.records import RuleBlock
from pages.blocks.text import WebAddressBlock
from rules.models import Rule


class DifferenceBlock(blocks.StructBlock):
    """One topic as it is in Greenland and as it is in Denmark, for mentors who come from there.

    What is said of Greenland rests on a rule of the register or names its own source and state;
    what is said of Denmark names its own. Whatever is not verified says so and is no rule.
    """

    STATES = (
        (Rule.State.VERIFIED, Rule.State.VERIFIED.label),
        (Rule.State.PRESS, Rule.State.PRESS.label),
        (Rule.State.UNVERIFIED, Rule.State.UNVERIFIED.label),
    )

    topic = blocks.CharBlock(label=_("Topic"), max_length=80, help_text=_("For example: Receipt"))
    here = blocks.TextBlock(label=_("In Greenland"), rows=2, max_length=300)
    rule = RuleBlock(
        label=_("Rule of the register"),
        required=False,
        help_text=_("Its source and state are shown. Without it, write the source yourself."),
    )
    here_source = blocks.CharBlock(label=_("Source for Greenland"), required=False, max_length=160)
    here_url = WebAddressBlock(label=_("Address of the source"), required=False)
    here_state = blocks.ChoiceBlock(
        label=_("State, without a rule"), choices=STATES, default=Rule.State.UNVERIFIED
    )
    there = blocks.TextBlock(label=_("In Denmark"), rows=2, max_length=300)
    there_source = blocks.CharBlock(label=_("Source for Denmark"), required=False, max_length=160)
    there_url = WebAddressBlock(label=_("Address of the source"), required=False)
    there_state = blocks.ChoiceBlock(
        label=_("State"), choices=STATES, default=Rule.State.UNVERIFIED
    )

    def clean(self, value: blocks.StructValue) -> blocks.StructValue:
        """What is verified, or known from the press, names its source.

        Raises:
            ValidationError: At the source that is missing.
        """
        cleaned: blocks.StructValue = super().clean(value)
        missing = {
            f"{side}_source": ValidationError(_("Write where one can read it."))
            for side in ("here", "there")
            if cleaned[f"{side}_state"] in Rule.PUBLISHABLE
            and not cleaned[f"{side}_source"]
            and not (side == "here" and cleaned["rule"])
        }
        if missing and not self.is_deferred_validation:
            raise blocks.StructBlockValidationError(missing)
        return cleaned

    def get_context(
        self, value: blocks.StructValue, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Adds ``here`` and ``there``: text, state, where it stands, its source, what is wrong."""
        context: dict[str, Any] = super().get_context(value, parent_context)
        here = _side(value, "here")
        if (rule := value["rule"]) is not None:
            here |= {
                "state": rule.state,
                "paragraph": rule.paragraph,
                "source": rule.source_title,
                "url": rule.source_url,
                "retired_on": rule.retired_on,
                "is_being_checked": rule.awaiting_act_id is not None,
                "is_overdue": rule.is_overdue_today,
            }
        return context | {"here": here, "there": _side(value, "there")}

    class Meta:
        icon = "list-ul"
        label = _("Difference")
        description = _("In Denmark … here …: one topic on both sides, with sources.")
        template = "pages/blocks/difference.html"


def _side(value: blocks.StructValue, name: str) -> dict[str, Any]:
    """What the template takes of one side."""
    return {
        "text": value[name],
        "source": value[f"{name}_source"],
        "url": value[f"{name}_url"],
        "state": value[f"{name}_state"],
    }
