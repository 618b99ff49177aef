from django.db import migrations, models

GRADES = {"balfanz-absence": (6, 8), "core-courses": (6, 12)}


def narrow_presets(apps, schema_editor):
    """Adopted presets judge the grades their source is about."""
    for key, (low, high) in GRADES.items():
        apps.get_model("datareview", "Rule").objects.filter(key=key).update(lowest_grade=low, highest_grade=high)


class Migration(migrations.Migration):
    dependencies = [("datareview", "0015_disclosure_sets")]

    operations = [
        migrations.AddField("rule", "lowest_grade", models.SmallIntegerField(default=-1)),
        migrations.AddField("rule", "highest_grade", models.SmallIntegerField(default=12)),
        migrations.RunPython(narrow_presets, migrations.RunPython.noop),
    ]
