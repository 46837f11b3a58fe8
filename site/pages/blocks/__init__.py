"""What editors put together: the blocks of a page's body.

A block either holds text of its own or chooses a record (a rule, a question, a file). No block
takes HTML, scripts or addresses of foreign players: what cannot be entered cannot leak.

Migrations name blocks by their place in this package, ``pages.blocks.TextBlock``: a block that
moves to another module, or is used no longer, stays here by its name.
"""

from pages.blocks.body import BodyBlock, LessonBody, rules_in
from pages.blocks.differences import DifferenceBlock
from pages.blocks.examples import ExampleBlock, approved_examples
from pages.blocks.files import DocumentBlock, PictureBlock, VideoBlock
from pages.blocks.quiz import QuestionBlock, QuizBlock, refuse_unaskable
from pages.blocks.records import ContactBlock, RecordBlock, RuleBlock, SharedChecklistBlock
from pages.blocks.text import (
    BOX_FEATURES,
    TEXT_FEATURES,
    BoxBlock,
    ChecklistBlock,
    FactBox,
    HelplineBlock,
    PracticeBlock,
    PressBox,
    SourceBlock,
    SourcesBlock,
    TextBlock,
    WebAddressBlock,
    only_web_addresses,
)
from pages.blocks.words import WordBlock, WordsBlock

__all__ = [
    "BOX_FEATURES",
    "TEXT_FEATURES",
    "BodyBlock",
    "BoxBlock",
    "ChecklistBlock",
    "ContactBlock",
    "DifferenceBlock",
    "DocumentBlock",
    "ExampleBlock",
    "FactBox",
    "HelplineBlock",
    "LessonBody",
    "PictureBlock",
    "PracticeBlock",
    "PressBox",
    "QuestionBlock",
    "QuizBlock",
    "RecordBlock",
    "RuleBlock",
    "SharedChecklistBlock",
    "SourceBlock",
    "SourcesBlock",
    "TextBlock",
    "VideoBlock",
    "WebAddressBlock",
    "WordBlock",
    "WordsBlock",
    "approved_examples",
    "only_web_addresses",
    "refuse_unaskable",
    "rules_in",
]
