"""What editors put together: the blocks of a page's body.

A block either holds text of its own or chooses a record (a rule, a question, a file). No block
takes HTML, scripts or addresses of foreign players: what cannot be entered cannot leak.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any, ClassVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock
from wagtail.snippets.blocks import SnippetChooserBlock
from wagtailmedia.blocks import VideoChooserBlock

from cooperation.models import Practice
from courses.models.outline import PASS_PERCENT
from files.pictures import known_bytes
from pages.richtext import CleanTextBlock
from rules.checks import refuse_unpublishable
from rules.models import Rule

TEXT_FEATURES = ["bold", "italic", "h3", "ol", "ul", "link", "document-link"]
BOX_FEATURES = ["bold", "italic", "ol", "ul", "link", "document-link"]

only_web_addresses = URLValidator(schemes=["http", "https"])


class WebAddressBlock(blocks.URLBlock):
    """An address that begins with http or https, in the form and in whatever is stored."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"validators": [only_web_addresses], **kwargs})

    def to_python(self, value: str) -> str:
        """The address; nothing where the stored one is of another kind."""
        return value if value and value.lower().startswith(("http://", "https://")) else ""


class TextBlock(CleanTextBlock):
    """Running text with a few kinds of emphasis."""

    def __init__(self, *, features: list[str] | None = None, **kwargs: Any) -> None:
        super().__init__(features=features or TEXT_FEATURES, **kwargs)

    class Meta:
        icon = "pilcrow"
        label = _("Text")
        description = _("Running text: short paragraphs, lists, links.")
        template = "pages/blocks/text.html"


class BoxBlock(blocks.StructBlock):
    """A heading and some text in a box."""

    title = blocks.CharBlock(
        label=_("Heading"), max_length=120, help_text=_("For example: What is acute?")
    )
    text = TextBlock(label=_("Text"), features=BOX_FEATURES)


class FactBox(BoxBlock):
    """Something worth knowing that would break the flow of the text."""

    class Meta:
        icon = "info-circle"
        label = _("Fact box")
        description = _("Something worth knowing that would break the flow of the text.")
        template = "pages/blocks/fact_box.html"


class PracticeBlock(BoxBlock):
    """A task to try, alone or side by side."""

    class Meta:
        icon = "edit"
        label = _("Practice")
        description = _("A task with an invented example, to try alone or side by side.")
        template = "pages/blocks/practice.html"


class PressBox(BoxBlock):
    """What controllers and the press have found. Background, never a rule."""

    source = blocks.CharBlock(
        label=_("Source"), max_length=160, help_text=_("Who reported it and when.")
    )
    source_url = WebAddressBlock(label=_("Address of the source"), required=False)

    class Meta:
        icon = "clipboard-list"
        label = _("Found by controllers and the press")
        description = _("Background from the Ombudsman or the press. Never a rule.")
        template = "pages/blocks/press_box.html"


class PictureBlock(blocks.StructBlock):
    """A picture with its alternative text and perhaps a caption."""

    image = ImageBlock(label=_("Image"))
    caption = blocks.CharBlock(
        label=pgettext_lazy("of a picture", "Caption"), required=False, max_length=200
    )

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """Beside the value its weight, for whoever saves data."""
        context: dict[str, Any] = super().get_context(value, parent_context)
        if context.get("saves_data") and value["image"]:
            context["size"] = known_bytes(value["image"])
        return context

    class Meta:
        icon = "image"
        label = _("Image")
        description = _("A picture with a text for whoever cannot see it.")
        template = "pages/blocks/picture.html"


class ChecklistBlock(blocks.StructBlock):
    """Points to tick off on paper or in the head; nothing is stored."""

    title = blocks.CharBlock(
        label=_("Heading"), max_length=120, help_text=_("For example: When the phone rings")
    )
    items = blocks.ListBlock(
        blocks.CharBlock(
            label=_("Point"),
            max_length=300,
            help_text=_("Begin with a verb: Write down the time."),
        ),
        label=_("Points"),
        min_num=1,
    )

    class Meta:
        icon = "list-ul"
        label = _("Checklist")
        description = _("Points to go through; nothing is stored.")
        template = "pages/blocks/checklist.html"


class RecordBlock(SnippetChooserBlock):
    """Chooses a record whose key is a UUID: in JSON it is a string, in the database it is not."""

    record: ClassVar[str]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(self.record, **kwargs)

    def bulk_to_python(self, values: Iterable[str | UUID | None]) -> list[Any]:
        """The chosen records in one query; nothing for one that is gone."""
        keys = [UUID(str(value)) if value else None for value in values]
        found: list[Any] = super().bulk_to_python(keys)
        return found

    def get_prep_value(self, value: Any) -> str | None:
        """The key of the chosen record as text."""
        return None if value is None else str(value.pk)

    def get_form_state(self, value: Any) -> dict[str, Any] | None:
        """What the editor's form begins with; it is written as JSON, so the key is text."""
        state: dict[str, Any] | None = super().get_form_state(value)
        return None if state is None else state | {"id": str(state["id"])}


class RuleBlock(RecordBlock):
    """One rule of the Act, shown with its paragraph, source and the day it was checked."""

    record = "rules.Rule"

    def clean(self, value: Rule | None) -> Rule | None:
        """A draft may cite anything; what is published or sent to review may not.

        Raises:
            ValidationError: For a rule that is not verified; the editor marks the block.
        """
        rule: Rule | None = super().clean(value)
        if rule is not None and not self.is_deferred_validation:
            refuse_unpublishable([rule])
        return rule

    def get_context(
        self, value: Rule | None, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Adds ``box``: what the rule box shows, nothing for a rule that is gone."""
        context: dict[str, Any] = super().get_context(value, parent_context)
        return context | {"box": value.as_box() if value else {}}

    class Meta:
        icon = "clipboard-list"
        label = _("Rule")
        description = _("A rule from the register, with source and the day it was checked.")
        template = "pages/blocks/rule.html"


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


class ContactBlock(RecordBlock):
    """How an office is reached, as its card says now."""

    record = "pages.ContactCard"

    def get_searchable_content(self, value: Any) -> list[str]:
        """What a reader finds the page by."""
        return [f"{value.place.name}: {value.name}", value.phone, value.hours] if value else []

    class Meta:
        icon = "mail"
        label = _("Contact card")
        description = _("How an office of a town is reached; the card is kept in one place.")
        template = "pages/blocks/contact.html"


class SharedChecklistBlock(RecordBlock):
    """A checklist that several pages show, as it is now."""

    record = "pages.Checklist"

    def get_searchable_content(self, value: Any) -> list[str]:
        """What a reader finds the page by."""
        return [value.title, *(point.text for point in value.points_in_order())] if value else []

    class Meta:
        icon = "list-ul"
        label = _("Shared checklist")
        description = _("Points that several pages show; they are kept in one place.")
        template = "pages/blocks/shared_checklist.html"


def approved_examples() -> list[tuple[str, str]]:
    """What an editor chooses from: the examples that everybody reads. Only a form asks."""
    found = Practice.objects.live().select_related("live").order_by("-reviewed_at", "pk")
    return [(str(one.pk), str(one.live.title)) for one in found if one.live is not None]


class ExampleBlock(blocks.ChoiceBlock):
    """An example of good practice, as the library says it now.

    It is chosen by its key and read when the body is drawn, once for all readers: a lesson without
    one asks nothing. Whatever shows it is drawn anew when it changes (``pages.receivers``).
    """

    choices = staticmethod(approved_examples)

    def get_context(
        self, value: str | None, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Adds ``practice`` and ``text``: nothing for one that is off the shelf."""
        context: dict[str, Any] = super().get_context(value, parent_context)
        practice = _example(value)
        return context | {"practice": practice, "text": practice.live if practice else None}

    def get_searchable_content(self, value: str | None) -> list[str]:
        """What a reader finds the page by."""
        practice = _example(value)
        if practice is None or practice.live is None:
            return []
        text = practice.live
        return [str(text.title), str(text.problem), str(text.done)]

    def extract_references(self, value: str | None) -> Iterator[tuple[type[Any], str, str, str]]:
        """The example it names, so that the pages that show it are known."""
        if value:
            yield Practice, value, "", ""

    class Meta:
        icon = "pick"
        label = _("Good practice")
        description = _("An example from the library: what was the problem, what was done.")
        template = "pages/blocks/example.html"


def _example(value: str | None) -> Practice | None:
    with suppress(ValueError):
        found = Practice.objects.live().select_related("live", "organisation")
        return found.filter(pk=UUID(value)).first() if value else None
    return None


class WordBlock(RecordBlock):
    """One word of the glossary."""

    record = "pages.GlossaryTerm"

    class Meta:
        icon = "openquote"
        label = _("Word")


class WordsBlock(blocks.StructBlock):
    """Words of the glossary that the text of the page explains where they first stand.

    Shows nothing by itself: see :mod:`pages.explaining`.
    """

    words = blocks.ListBlock(WordBlock(), label=_("Words"), min_num=1, max_num=12)

    def clean(self, value: blocks.StructValue) -> blocks.StructValue:
        """Each word is chosen once.

        Raises:
            ValidationError: When a word is chosen twice.
        """
        cleaned: blocks.StructValue = super().clean(value)
        chosen = [word.pk for word in cleaned["words"] if word]
        if len(chosen) != len(set(chosen)):
            raise blocks.StructBlockValidationError(
                {"words": ValidationError(_("A word is chosen twice. Keep it once."))}
            )
        return cleaned

    class Meta:
        icon = "openquote"
        label = _("Explained words")
        description = _("Words of the glossary; the first place of each on the page explains it.")
        template = "pages/blocks/words.html"


class DocumentBlock(blocks.StructBlock):
    """A file to download, with its kind and size said beforehand."""

    document = DocumentChooserBlock(label=_("Document"))
    text = blocks.CharBlock(
        label=_("Link text"),
        required=False,
        max_length=160,
        help_text=_("What the reader gets. Without it, the document's title is shown."),
    )

    class Meta:
        icon = "doc-full-inverse"
        label = _("Document")
        description = _("A file to download; kind and size are shown.")
        template = "pages/blocks/document.html"


class VideoBlock(blocks.StructBlock):
    """A video that starts only when asked to, with its text version."""

    video = VideoChooserBlock(label=_("Video"))
    text_version = TextBlock(
        label=_("Text version"),
        features=BOX_FEATURES,
        help_text=_("Everything said and shown, for whoever cannot load or hear the video."),
    )

    class Meta:
        icon = "media"
        label = _("Video")
        description = _("A film that starts when asked to, with all of it as text.")
        template = "pages/blocks/video.html"


class SourceBlock(blocks.StructBlock):
    """One place to read more."""

    title = blocks.CharBlock(label=_("Title"), max_length=200)
    url = WebAddressBlock(label=_("Address"), required=False)


class SourcesBlock(blocks.StructBlock):
    """Where the text of the page comes from."""

    items = blocks.ListBlock(SourceBlock(), label=_("Sources"), min_num=1)

    class Meta:
        icon = "link"
        label = _("Sources")
        description = _("Where to read more.")
        template = "pages/blocks/sources.html"


class HelplineBlock(blocks.StaticBlock):
    """The national helpline: for every page that touches distress."""

    class Meta:
        icon = "help"
        label = _("Helpline")
        description = _("For every page that touches something hard.")
        admin_text = _("Tusaannga: phone 80 11 80, text message 1899, day and night.")
        template = "pages/blocks/helpline.html"


class QuestionBlock(RecordBlock):
    """One question of the quiz."""

    record = "courses.Question"

    def clean(self, value: Any) -> Any:
        """A draft may ask anything; what is published or sent to review rests on checked rules.

        Raises:
            ValidationError: For a question whose answer rests on a rule that is not verified.
        """
        question = super().clean(value)
        if question is not None and question.rule and not self.is_deferred_validation:
            refuse_unpublishable([question.rule])
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
