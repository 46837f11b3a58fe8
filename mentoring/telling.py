"""A version in words: what a page shows of it to those who may read it."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from competences.models import Competence, Topic
from mentoring.actions import Receipt
from mentoring.content import Interpreter, Language
from mentoring.models import Mode, Observed, SessionVersion
from mentoring.progress import names
from people.models import Person, Place


def tell(versions: Iterable[SessionVersion]) -> list[dict[str, Any]]:
    """The versions in words, in the same order; three queries for any number, or four."""
    versions = list(versions)
    contents = [version.content for version in versions]
    keys = {key for content in contents for key in content["topics"]}
    titles = {topic.key: topic.title for topic in Topic.objects.filter(key__in=keys)}
    towns = dict(
        Place.objects.filter(key__in={content["place"] for content in contents}).values_list(
            "key", "name"
        )
    )
    ids = {
        UUID(one)
        for content in contents
        for one in [*content["participants"], content.get("next_owner")]
        if one
    }
    rows = [row for content in contents for row in content.get("competences", ())]
    practised = Competence.objects.filter(pk__in={row["competence"] for row in rows})
    competences = {str(one.pk): one.title for one in (practised if rows else ())}
    people = {
        str(pk): name for pk, name in Person.objects.filter(pk__in=ids).values_list("pk", "name")
    }
    return [
        {
            "version": version,
            "amendment": getattr(version, "amendment", None),
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
            "competences": [
                (competences[row["competence"]], Observed(row["observed"]).label)
                for row in content.get("competences", ())
            ],
            "next_owner": people.get(content.get("next_owner", "")),
            "next_by": date.fromisoformat(content["next_by"]) if "next_by" in content else None,
            "texts": [
                (label, content[key], content.get("text_languages", {}).get(key, ""))
                for key, label in (
                    ("went_well", _("What went well")),
                    ("next_step", _("Next step")),
                    ("tools", _("Tools you showed")),
                )
            ],
        }
        for version, content in zip(versions, contents, strict=True)
    ]


def for_device(version: SessionVersion) -> dict[str, Any]:
    """The version as a device takes it, for those who may read it."""
    return {
        "version": str(version.pk),
        "number": version.number,
        "author": str(version.author_id),
        "sha256": version.sha256,
        "content": version.content,
    }
