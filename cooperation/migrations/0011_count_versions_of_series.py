from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cooperation", "0010_papers_of_agreements")]

    operations = [
        migrations.AddField(
            model_name="eventseries",
            name="version",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
    ]
