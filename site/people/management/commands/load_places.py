"""``manage.py load_places``: the municipalities, towns and national bodies of Greenland."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from people import register
from people.models import Organisation, Place


class Command(BaseCommand):
    """Writes what ``people/data/places.toml`` says, by key; may be repeated at any time.

    What was entered by hand beside it stays, and so does a change that was carried out here
    (:func:`people.actions.change_organisations`): the file is older than that.
    """

    help = "Load the municipalities, towns and national bodies."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and say how many there are."""
        data = register.read()
        municipalities = [
            {**row, "kind": Organisation.Kind.MUNICIPALITY} for row in data["municipalities"]
        ]
        organisations = municipalities + data["organisations"]
        by_key = {row["key"]: self._organisation(row) for row in organisations}
        for row in organisations:
            if not self._has_changed_here(row):
                by_key[row["key"]].successors.set(by_key[key] for key in row.get("successors", []))
        for row in data["towns"]:
            self._town(row, by_key[row["municipality"]])
        self.stdout.write(f"{len(by_key)} organisations, {len(data['towns'])} towns")

    @staticmethod
    def _has_changed_here(row: dict[str, Any]) -> bool:
        """Whether it was renamed, divided or joined here: something follows that no file knows."""
        after = Organisation.objects.filter(predecessors__key=row["key"])
        return after.exclude(key__in=register.organisation_keys()).exists()

    def _organisation(self, row: dict[str, Any]) -> Organisation:
        if self._has_changed_here(row):
            return Organisation.objects.get(key=row["key"])
        organisation, _created = Organisation.objects.update_or_create(
            key=row["key"],
            defaults={
                "kind": row["kind"],
                "name": row["name"],
                "starts_on": row["starts_on"],
                "ends_on": row.get("ends_on"),
            },
        )
        organisation.full_clean()
        return organisation

    def _town(self, row: dict[str, Any], municipality: Organisation) -> None:
        there = Place.objects.filter(key=row["key"]).select_related("municipality").first()
        if there is not None and there.municipality_id in municipality.heirs():
            municipality = there.municipality
        place, _created = Place.objects.update_or_create(
            key=row["key"],
            defaults={
                "name": row["name"],
                "district": row["district"],
                "municipality": municipality,
                "dialect": row["dialect"],
                "dialect_note": row["dialect_note_da"],
                "time_zone": row["time_zone"],
                "link": row["link"],
                "link_note": row["link_note_da"],
            },
        )
        place.full_clean()
        if not place.belongings.exists():
            place.belongings.create(municipality=municipality, starts_on=municipality.starts_on)
