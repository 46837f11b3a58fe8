from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("competences", "0005_set_aside_what_drafts_brought"),
    ]

    operations = [
        migrations.AddField(
            model_name="competencetext",
            name="made_from",
            field=models.JSONField(editable=False, null=True),
        ),
    ]
