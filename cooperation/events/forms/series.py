"""A series of events, and what is known of its next time."""

import uuid
from typing import Any

from django.utils.translation import gettext_lazy as _

from cooperation.changing import day, line, lines
from cooperation.events.forms.common import Versioned
from cooperation.models import EventSeries
from core.forms import choice, offer


class SeriesForm(Versioned):
    """A series, and its next time."""

    title_da = line(
        _("What is the series called?"),
        missing=_("Write what it is called."),
    )
    title_kl = line(_("The same in Kalaallisut"))
    about_da = lines(_("What is it for?"))
    about_kl = lines(_("The same in Kalaallisut"))
    keeper = choice(_("Who looks after it?"), missing=_("Choose an organisation."))
    next_host = choice(
        _("Who holds the next one?"), missing=_("Choose an organisation."), required=False
    )
    next_place = choice(_("In which town?"), missing=_("Choose a town."), required=False)
    next_on = day(_("From which day?"))

    def __init__(
        self, *args: Any, keepers: Any, organisations: Any, places: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self, keeper=keepers, next_host=organisations, next_place=places)

    @property
    def facts(self) -> dict[str, Any]:
        """What the action takes."""
        return {
            name: value for name, value in self.cleaned_data.items() if name not in {"key", "seen"}
        }


SERIES_FIELDS = (
    *("title_da", "title_kl", "about_da", "about_kl"),
    *("keeper", "next_host", "next_place", "next_on"),
)


def series_initial(series: EventSeries | None) -> dict[str, Any]:
    """What the form begins with."""
    if series is None:
        return {"key": uuid.uuid4()}
    own = {name: getattr(series, name) for name in SERIES_FIELDS}
    return {"key": series.pk, "seen": series.version, **own}
