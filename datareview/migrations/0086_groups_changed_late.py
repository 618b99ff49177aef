"""Whether somebody was moved between groups after they were checked again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("datareview", "0085_measures_of_standards")]

    operations = [
        migrations.AddField(
            model_name="regroupedgroup", name="is_changed_late", field=models.BooleanField(default=False)
        ),
        migrations.AddField(
            model_name="regrouping", name="is_changed_late", field=models.BooleanField(default=False)
        ),
    ]
