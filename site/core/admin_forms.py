"""The forms of Wagtail's admin that say themselves, at the field, what the guard refuses.

``IDENTITY_GUARDED_VIEWS`` names the views of Wagtail that use them; all others answer with the
page of ``core.guard.IdentityGuardMiddleware``.
"""

import re

from django.core.exceptions import ValidationError
from wagtail.admin.forms import WagtailAdminModelForm, WagtailAdminPageForm
from wagtail.blocks import StreamBlockValidationError
from wagtail.blocks.base import BlockField

from core.guard import GuardedFormMixin
from core.seen_versions import SeenVersionField, SeenVersionMixin


class GuardedPageForm(GuardedFormMixin, WagtailAdminPageForm):
    """A page with its blocks, its comments and its schedule."""

    def refusal_at(
        self, field: str | None, refusals: dict[str, ValidationError]
    ) -> ValidationError:
        """In a row of blocks the error stands at the block."""
        if field is not None and isinstance(self.fields[field], BlockField):
            places = self._places_of_blocks(field)
            errors = {
                places[found[1]]: refusal
                for name, refusal in refusals.items()
                if (found := re.match(rf"{field}-(\d+)-", name)) and found[1] in places
            }
            if errors:
                return StreamBlockValidationError(block_errors=errors)
        return super().refusal_at(field, refusals)

    def _places_of_blocks(self, field: str) -> dict[str, int]:
        """Where the block that was sent under a number is shown: removed ones are not."""
        sent = {
            name.removeprefix(f"{field}-").removesuffix("-order"): str(order)
            for name, order in self.data.items()
            if re.fullmatch(rf"{field}-\d+-order", name)
        }
        kept = [at for at in sent if not self.data.get(f"{field}-{at}-deleted")]
        kept.sort(key=lambda at: int(sent[at]) if sent[at].isdecimal() else 0)
        return {at: place for place, at in enumerate(kept)}


class GuardedAdminForm(GuardedFormMixin, SeenVersionMixin, WagtailAdminModelForm):
    """A snippet with what belongs to it."""

    seen_version = SeenVersionField(label="", required=False)
