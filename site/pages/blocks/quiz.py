"""The quiz of a lesson: questions from the bank."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from courses.models import Question
from courses.models.outline import PASS_PERCENT
from pages.blocks.records import RecordBlock
from rules.checks import refuse_unpublishable


def refuse_unaskable(questions: Iterable[Question]) -> None:
    """Refuse to publish a quiz that asks what may not be asked.

    Raises:
        ValidationError: With code "retired" for questions out of use, "unverified" for one whose
            answer rests on a rule that is not verified; each is named.
    """
    asked = list(questions)
    if retired := [str(question) for question in asked if question.retired_at is not None]:
        raise ValidationError(
            _("Retired questions cannot be asked. Take them out, or use them again: %(questions)s"),
            code="retired",
            params={"questions": "; ".join(retired)},
        )
    refuse_unpublishable([question.rule for question in asked if question.rule])


class QuestionBlock(RecordBlock):
    """One question of the quiz."""

    record = "courses.Question"

    def clean(self, value: Any) -> Any:
        """A draft may ask anything; what is published or sent to review may not.

        Raises:
            ValidationError: As :func:`refuse_unaskable`.
        """
        question = super().clean(value)
        if question is not None and not self.is_deferred_validation:
            refuse_unaskable([question])
        return question

    class Meta:
        icon = "help"
        label = _("Question")


class QuizBlock(blocks.StructBlock):
    """The questions of a lesson, in their order."""

    questions = blocks.ListBlock(QuestionBlock(), label=_("Questions"), min_num=1, max_num=10)
    pass_percent = blocks.IntegerBlock(
        label=_("Pass mark in per cent"),
        default=PASS_PERCENT,
        min_value=1,
        max_value=100,
        help_text=_("How much must be right to pass. One may try again as often as one likes."),
    )

    def clean(self, value: blocks.StructValue) -> blocks.StructValue:
        """Each question is asked once.

        Raises:
            ValidationError: When a question is chosen twice.
        """
        cleaned: blocks.StructValue = super().clean(value)
        chosen = [question.pk for question in cleaned["questions"] if question]  # a draft has gaps
        if len(chosen) != len(set(chosen)):
            raise blocks.StructBlockValidationError(
                {"questions": ValidationError(_("A question is chosen twice. Keep it once."))}
            )
        return cleaned

    class Meta:
        icon = "form"
        label = _("Quiz")
        description = _("Questions from the bank, in the order you choose.")
