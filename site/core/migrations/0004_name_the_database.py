import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0003_refuse_changes_to_the_access_log")]

    operations = [
        migrations.CreateModel(
            name="DatabaseIdentity",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(
                        default=1, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.UUIDField(default=uuid.uuid4, editable=False)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="core_databaseidentity_only_one"
                    )
                ],
            },
        ),
    ]
