import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cooperation", "0009_correct_reports")]

    operations = [
        migrations.AddField(
            model_name="paper",
            name="pact",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="papers",
                to="cooperation.pact",
            ),
        ),
        migrations.RemoveConstraint(model_name="paper", name="cooperation_paper_of_one"),
        migrations.AddConstraint(
            model_name="paper",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    initiative__isnull=False, meeting__isnull=True, pact__isnull=True
                )
                | models.Q(initiative__isnull=True, meeting__isnull=False, pact__isnull=True)
                | models.Q(initiative__isnull=True, meeting__isnull=True, pact__isnull=False),
                name="cooperation_paper_of_one",
            ),
        ),
    ]
