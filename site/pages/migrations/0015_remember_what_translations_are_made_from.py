from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pages", "0014_keep_what_is_live_in_kalaallisut"),
    ]

    operations = [
        migrations.AddField(
            model_name="checklist",
            name="made_from",
            field=models.JSONField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="checklistpoint",
            name="made_from",
            field=models.JSONField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="contactcard",
            name="made_from",
            field=models.JSONField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="glossaryterm",
            name="made_from",
            field=models.JSONField(editable=False, null=True),
        ),
    ]
