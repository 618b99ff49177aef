from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("teams", "0039_settings_revision")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="digest_is_weekly",
            field=models.BooleanField(default=False, verbose_name="weekly instead"),
        ),
    ]
