"""Words of the glossary that a page explains."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from pages.blocks.records import RecordBlock


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
