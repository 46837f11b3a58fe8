"""Views of the cooperation: open to whoever takes part in it."""

from django.utils.functional import cached_property

from cooperation.permissions import takes_part
from people.access import PersonRequiredMixin


class TakesPartMixin(PersonRequiredMixin):
    """A view for whoever holds a role today, or sits in a body."""

    @cached_property
    def takes_part(self) -> bool:
        """Whether the person does; asked once."""
        return takes_part(self.standing)

    def may_open(self) -> bool:
        """Whether the cooperation is open."""
        return self.takes_part
