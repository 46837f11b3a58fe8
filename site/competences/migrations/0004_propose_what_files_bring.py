import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("competences", "0003_freeze_what_is_published"),
        ("people", "0004_remember_where_towns_belong"),
    ]

    operations = [
        migrations.AddField(
            model_name="competencetext",
            name="brought",
            field=models.JSONField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="frameworkversion",
            name="brought_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="people.person",
            ),
        ),
    ]
