"""A version in words: what a page shows of it to those who may read it."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from competences.models import Topic
from mentoring.actions import Receipt
from mentoring.content import Interpreter, Language
from mentoring.models import Mode, SessionVersion
from mentoring.progress import names
from people.models import Person, Place


def tell(versions: Iterable[SessionVersion]) -> list[dict[str, Any]]:
    """The versions in words, in the same order; three queries for any number."""
    versions = list(versions)
    contents = [version.content for version in versions]
    keys = {key for content in contents for key in content["topics"]}
    titles = {topic.key: topic.title for topic in Topic.objects.filter(key__in=keys)}
    towns = dict(
        Place.objects.filter(key__in={content["place"] for content in contents}).values_list(
            "key", "name"
        )
    )
    ids = {UUID(one) for content in contents for one in content["participants"]}
    people = {
        str(pk): name for pk, name in Person.objects.filter(pk__in=ids).values_list("pk", "name")
    }
    return [
        {
            "version": version,
            "code": Receipt.of(version).code,
            "held_on": date.fromisoformat(content["held_on"]),
            "minutes": content["minutes"],
            "town": towns[content["place"]],
            "mode": Mode(content["mode"]).label,
            "topics": [titles[key] for key in content["topics"]],
            "people": names(sorted(people[one] for one in content["participants"])),
            "languages": names([Language(one).label for one in content["languages"]]),
            "interpreter": (
                Interpreter(content["interpreter"]).label if content["interpreter"] else ""
            ),
            "texts": [
                (_("What went well"), content["went_well"]),
                (_("Next step"), content["next_step"]),
                (_("Tools you showed"), content["tools"]),
            ],
        }
        for version, content in zip(versions, contents, strict=True)
    ]
