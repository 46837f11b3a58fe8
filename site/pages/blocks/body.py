"""What the body of a page, and of a lesson, may be put together from."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from pages.blocks.differences import DifferenceBlock
from pages.blocks.examples import ExampleBlock
from pages.blocks.files import DocumentBlock, PictureBlock, VideoBlock
from pages.blocks.quiz import QuizBlock
from pages.blocks.records import ContactBlock, RuleBlock, SharedChecklistBlock
from pages.blocks.text import (
    ChecklistBlock,
    FactBox,
    HelplineBlock,
    PracticeBlock,
    PressBox,
    SourcesBlock,
    TextBlock,
)
from pages.blocks.words import WordsBlock
from rules.models import Rule


class BodyBlock(blocks.StreamBlock):
    """What any page may be put together from."""

    heading = blocks.CharBlock(
        icon="title",
        label=_("Heading"),
        description=_("Divides the text, so that the eye finds its way."),
        max_length=120,
        template="pages/blocks/heading.html",
    )
    text = TextBlock()
    image = PictureBlock()
    fact_box = FactBox()
    press_box = PressBox()
    checklist = ChecklistBlock()
    rule = RuleBlock()
    difference = DifferenceBlock()
    document = DocumentBlock()
    video = VideoBlock()
    sources = SourcesBlock()
    helpline = HelplineBlock()
    contact = ContactBlock()
    shared_checklist = SharedChecklistBlock()
    words = WordsBlock()

    class Meta:
        block_counts: ClassVar[dict[str, Any]] = {"words": {"max_num": 1}}


class LessonBody(BodyBlock):
    """A lesson can also be practised and asked about, once."""

    practice = PracticeBlock()
    example = ExampleBlock()
    quiz = QuizBlock()

    class Meta:
        block_counts: ClassVar[dict[str, Any]] = {"quiz": {"max_num": 1}, "words": {"max_num": 1}}


def rules_in(body: blocks.StreamValue) -> list[Rule]:
    """The rules that a body cites, by themselves or in a difference; one that is gone is none."""
    cited = [child.value for child in body if child.block_type == "rule"]
    cited += [child.value["rule"] for child in body if child.block_type == "difference"]
    return [rule for rule in cited if rule is not None]
