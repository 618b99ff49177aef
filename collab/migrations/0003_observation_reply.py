from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("collab", "0002_meeting")]

    operations = [
        migrations.AddField(
            "peerobservation",
            "reply",
            models.CharField(blank=True, default="", max_length=300),
            preserve_default=False,
        ),
    ]
