from django.db import migrations

OF_ONE_FILE = ("fixed_day", "date_order", "assessment", "title", "key", "people")


def remember(apps, _schema_editor):
    """Remember the last checked file of each form, which new files were matched by until now."""
    recipes = apps.get_model("datareview", "FileRecipe").objects
    files = apps.get_model("datareview", "Import").objects.exclude(checked_at=None).exclude(fingerprint="")
    for row in files.order_by("pk").defer("counts", "guesses", "first_rows", "first_changes").iterator(chunk_size=200):
        options = {
            name: value for name, value in row.mapping.get("options", {}).items() if name not in OF_ONE_FILE
        }
        values = {
            "name": row.name[:120],
            "columns": row.columns,
            "mapping": {**row.mapping, "options": options},
            "used_at": row.checked_at,
            "used_by_id": row.uploaded_by_id,
        }
        recipes.update_or_create(
            school_id=row.school_id, kind=row.kind, fingerprint=row.fingerprint, defaults=values
        )


class Migration(migrations.Migration):

    dependencies = [("datareview", "0060_remembered_files")]

    operations = [
        migrations.RunPython(remember, migrations.RunPython.noop, elidable=True),
        migrations.RemoveIndex(model_name="import", name="import_fingerprint"),
        migrations.RemoveField(model_name="import", name="fingerprint"),
    ]
