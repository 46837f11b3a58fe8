"""A server that knows what a recorded store speaks of, and has nothing of what waits in it."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from competences.models import Competence, Topic
from mentoring.models import Pairing
from people.models import Person, Place
from tests.factories.mentoring import make_competence, make_town
from tests.factories.pages import make_lesson_page
from tests.factories.people import make_person, make_role

SINCE = date(2020, 1, 1)


def make_world(owner: Person, letters: Iterable[Mapping[str, Any]]) -> None:
    """What the letters speak of, on a server that has none of the sessions they bring."""
    for letter in letters:
        body = letter["body"]
        if letter["kind"] == "session":
            _make_training(owner, body["pairing"], body["content"])
        elif letter["kind"] == "lesson-read":
            make_lesson_page(translation_key=body["subject"])
        else:
            raise LookupError(letter["kind"])


def _make_training(owner: Person, pairing_id: str, content: Mapping[str, Any]) -> None:
    town = make_town(content["place"].capitalize())
    pairing, _created = Pairing.objects.get_or_create(
        pk=pairing_id,
        defaults={"place": town, "kind": "on_site", "state": "active", "starts_on": SINCE},
    )
    for person_id in content["participants"]:
        side = "mentor" if person_id == str(owner.pk) else "caseworker"
        _let_take_part(pairing, town, person_id, side)
    for key in content["topics"]:
        Topic.objects.get_or_create(key=key, defaults={"title_da": key, "position": 1})
    for row in content.get("competences", ()):
        if not Competence.objects.filter(pk=row["competence"]).exists():
            Competence.objects.filter(pk=make_competence().pk).update(pk=row["competence"])


def _let_take_part(pairing: Pairing, town: Place, person_id: str, side: str) -> None:
    if pairing.members.filter(person=person_id).exists():
        return
    person = Person.objects.filter(pk=person_id).first() or make_person(pk=person_id)
    role = make_role(side, town)
    role.person = person
    role.save()
    pairing.members.create(person=person, side=side, starts_on=SINCE)
