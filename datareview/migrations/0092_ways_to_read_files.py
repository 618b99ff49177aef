from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("datareview", "0091_cards_and_notes"),
    ]

    operations = [
        migrations.AddField(model_name="import", name="way", field=models.JSONField(default=dict)),
        migrations.AddField(model_name="import", name="as_read", field=models.JSONField(default=dict)),
        migrations.AddField(model_name="filerecipe", name="way", field=models.JSONField(default=dict)),
    ]
