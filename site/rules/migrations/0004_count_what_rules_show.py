from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rules", "0003_let_reviewers_stop_the_weekly_mail")]

    operations = [
        migrations.CreateModel(
            name="RegisterStamp",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("value", models.PositiveBigIntegerField(default=0)),
            ],
        ),
    ]
