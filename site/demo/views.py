"""The views that the demo's coordinator keeps of the lists."""

from datetime import datetime

from mentoring.actions.saved import save_view
from people.models import Person

#: List, name, and what it shows.
VIEWS = [
    ("forloeb", "Uden session i 14 dage", "mangler=stille"),
    ("forloeb", "I gang, efter slutdato", "sorter=slut&tilstand=active"),
    ("sessioner", "Ikke bekræftet i en uge", "tilstand=uge"),
    ("klar", "Forsinket", "tilstand=sen"),
]


def load_views(people: dict[str, Person], *, at: datetime) -> None:
    """Keep them where they are missing."""
    for listing, name, query in VIEWS:
        save_view(people["koordinator1"], listing, name=name, query=query, is_first=False, at=at)
