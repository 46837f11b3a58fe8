from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rules", "0004_count_what_rules_show")]

    operations = [
        migrations.AddField(
            model_name="act",
            name="dated_on",
            field=models.DateField(
                blank=True,
                help_text="The date in its title. Leave it empty until somebody has seen it.",
                null=True,
                verbose_name="dated",
            ),
        ),
    ]
