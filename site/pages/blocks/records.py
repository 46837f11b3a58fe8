"""Records that are kept in one place and shown on many pages: rules, cards, checklists."""

from collections.abc import Iterable
from typing import Any, ClassVar
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from wagtail.snippets.blocks import SnippetChooserBlock

from rules.checks import refuse_unpublishable
from rules.models import Rule


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
