"""Each town has belonged to its municipality since that began."""

from django.db import migrations


def remember(apps, schema_editor):
    Place = apps.get_model("people", "Place")
    Belonging = apps.get_model("people", "Belonging")
    kept = set(Belonging.objects.values_list("place", flat=True))
    Belonging.objects.bulk_create(
        Belonging(
            place=place,
            municipality=place.municipality,
            starts_on=place.municipality.starts_on,
        )
        for place in Place.objects.select_related("municipality")
        if place.pk not in kept
    )


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_belongings"),
    ]

    operations = [
        migrations.RunPython(remember, migrations.RunPython.noop),
    ]
