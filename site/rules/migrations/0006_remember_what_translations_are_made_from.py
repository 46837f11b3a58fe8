from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("rules", "0005_date_acts_by_their_titles"),
    ]

    operations = [
        migrations.AddField(
            model_name="rule",
            name="made_from",
            field=models.JSONField(editable=False, null=True),
        ),
    ]
