from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0019_remember_where_two_played"),
    ]

    operations = [
        migrations.AddField(
            model_name="choice",
            name="made_from",
            field=models.JSONField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="learningpath",
            name="made_from",
            field=models.JSONField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="question",
            name="made_from",
            field=models.JSONField(editable=False, null=True),
        ),
    ]
