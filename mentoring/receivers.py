"""Rounds follow their municipalities when those change."""

from datetime import datetime
from typing import Any

from mentoring.models import Round
from people.actions import Change
from people.signals import organisations_changed


def follow(sender: object, change: Change, at: datetime, **kwargs: Any) -> None:
    """A round that is planned or under way is one of the new municipalities; a closed one stays."""
    going_on = Round.objects.exclude(state=Round.State.CLOSED)
    for planned in going_on.filter(municipalities__in=change.old).distinct():
        planned.municipalities.remove(*change.old)
        planned.municipalities.add(*change.new)


def connect() -> None:
    """Listen; called once, from ``AppConfig.ready``."""
    organisations_changed.connect(follow)
