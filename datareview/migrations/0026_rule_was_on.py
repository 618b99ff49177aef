from django.db import migrations, models


def keep_as_it_is(apps, schema_editor):
    """Undoing a version stored so far leaves its rule on or off."""
    apps.get_model("datareview", "Rule").objects.update(was_on=models.F("is_on"))


class Migration(migrations.Migration):
    dependencies = [("datareview", "0025_windows_of_early_years")]

    operations = [
        migrations.AddField("rule", "was_on", models.BooleanField(default=True)),
        migrations.RunPython(keep_as_it_is, migrations.RunPython.noop),
    ]
