"""What editors put a case together from: steps with choices, and the deadlines of the rules."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from courses.cases import Ending, Unit, Verdict
from pages.blocks import BOX_FEATURES, RuleBlock, TextBlock

KEY = r"^[a-z0-9]+(?:-[a-z0-9]+)*$"


class KeyBlock(blocks.RegexBlock):
    """Names a step or a deadline within one case. No text: it is never translated."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{
                "regex": KEY,
                "max_length": 40,
                "error_messages": {
                    "invalid": _("Use small letters a–z, digits and hyphens: ring-til-skolen.")
                },
                **kwargs,
            }
        )

    class Meta:
        icon = "key"


class SpanBlock(blocks.StructBlock):
    """A length of time: a number and what it counts."""

    amount = blocks.IntegerBlock(label=_("How many"), min_value=0, max_value=999, default=10)
    unit = blocks.ChoiceBlock(label=_("Of what"), choices=Unit.choices, default=Unit.MINUTES)


class ChoiceBlock(blocks.StructBlock):
    """One thing the learner can do, and what comes of it."""

    text = blocks.TextBlock(
        label=_("What one can do"),
        max_length=300,
        rows=2,
        help_text=_("Begin with a verb: Ring til skolen, og spørg."),
    )
    consequence = blocks.TextBlock(
        label=_("What comes of it"),
        max_length=700,
        rows=3,
        help_text=_("What happens, and why the choice was wise or not."),
    )
    verdict = blocks.ChoiceBlock(label=_("How good it is"), choices=Verdict.choices)
    takes = SpanBlock(label=_("Time it takes"))
    rule = RuleBlock(label=_("Rule behind it"), required=False)
    meets = KeyBlock(
        label=_("Meets the deadline"),
        required=False,
        help_text=_(
            "The key of a deadline above, where this choice is what the deadline asks for."
        ),
    )
    to = KeyBlock(label=_("Leads to the step"), help_text=_("The key of the step that follows."))

    class Meta:
        icon = "arrow-right"
        label = _("Choice")


class StepBlock(blocks.StructBlock):
    """Something has happened: what now? Or an ending."""

    key = KeyBlock(
        label=_("Key"), help_text=_("Choices lead here by this name. For example: ring-op.")
    )
    heading = blocks.CharBlock(label=_("Heading"), max_length=80)
    text = TextBlock(
        label=_("What happens"),
        features=BOX_FEATURES,
        help_text=_("Invented. No name, no settlement, no exact age."),
    )
    choices = blocks.ListBlock(
        ChoiceBlock(), label=_("Choices"), max_num=5, default=[], help_text=_("None in an ending.")
    )
    ending = blocks.ChoiceBlock(
        label=_("The case ends here"),
        choices=Ending.choices,
        required=False,
        help_text=_("Only where there are no choices."),
    )
    closing = blocks.TextBlock(
        label=_("To take along"),
        required=False,
        max_length=700,
        rows=3,
        help_text=_("What the learner takes along from this ending."),
    )

    class Meta:
        icon = "bars"
        label = _("Step")
        label_format = "{heading} ({key})"


class StepsBlock(blocks.StreamBlock):
    """The steps; the case begins at the first one."""

    step = StepBlock()

    class Meta:
        max_num = 40


class DeadlineBlock(blocks.StructBlock):
    """A time limit of the register that runs in this case."""

    key = KeyBlock(label=_("Key"), help_text=_("For example: kvittering."))
    name = blocks.CharBlock(
        label=_("What must be done"), max_length=80, help_text=_("For example: Send kvitteringen.")
    )
    rule = RuleBlock(label=_("Rule it stands in"))
    length = SpanBlock(
        label=_("How long it is"),
        help_text=_("As you know it. It is compared with the rule, and the rule is what counts."),
    )
    begins_at = KeyBlock(
        label=_("Begins at the step"), help_text=_("The key of the step where the limit starts.")
    )

    class Meta:
        icon = "time"
        label = _("Deadline")
        label_format = "{name} ({key})"


class DeadlinesBlock(blocks.StreamBlock):
    """The time limits that run in the case."""

    deadline = DeadlineBlock()

    class Meta:
        max_num = 8
