"""In which sector somebody works, as far as it is known: what a delegation begins with."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from cooperation.models import Participant, Sector
from people.models import Affiliation, Organisation

_KIND, _WORK = Organisation.Kind, Affiliation.Profession
#: Of whoever works there, whatever they do.
OF_KIND: dict[str, Sector] = {
    _KIND.SCHOOL: Sector.SCHOOL,
    _KIND.DAY_CARE: Sector.DAY_CARE,
    _KIND.POLICE: Sector.POLICE,
    _KIND.HEALTH: Sector.HEALTH,
    _KIND.FAMILY_CENTRE: Sector.FAMILY,
    _KIND.ASSOCIATION: Sector.ASSOCIATION,
    _KIND.AGENCY: Sector.CENTRAL,
}
#: Of whoever does it, wherever: a municipality is in many sectors.
OF_PROFESSION: dict[str, Sector] = {
    _WORK.SOCIAL_WORKER: Sector.SOCIAL,
    _WORK.CASEWORKER: Sector.SOCIAL,
    _WORK.FAMILY_THERAPIST: Sector.FAMILY,
}


def known_sectors(people: Collection[UUID], *, on: date) -> dict[UUID, str]:
    """The own sector of each of these people, by their key; two queries.

    What was last said of somebody in a delegation counts before where they work on that day.
    Whoever is not among them has to be asked for: a leader may lead anything.
    """
    found: dict[UUID, str] = {}
    working = Affiliation.objects.valid_on(on).filter(person__in=people)
    for person, kind, profession in working.order_by("starts_on", "pk").values_list(
        "person_id", "organisation__kind", "profession"
    ):  # the latest last
        sector = OF_KIND.get(kind) or OF_PROFESSION.get(profession)
        if sector is not None:
            found[person] = sector.value
    said = Participant.objects.filter(person__in=people).order_by("asked_on", "pk")
    return found | dict(said.values_list("person_id", "sector"))
