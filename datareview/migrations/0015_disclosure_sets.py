from django.db import migrations, models

from teams.schema.append_only import allow_changes

TABLE = "datareview_disclosure"


def fill_sets(apps, schema_editor):
    """Keep each old row as a set of one student; the trigger rests for that long."""
    allow_changes(schema_editor, TABLE)
    model = apps.get_model("datareview", "Disclosure")
    waiting = []
    for row in model.objects.order_by("pk").iterator(chunk_size=2000):
        row.students, row.reasons = f" {row.student_id} ", {row.why: [row.student_id]}
        waiting.append(row)
        if len(waiting) == 2000:
            model.objects.bulk_update(waiting, ["students", "reasons"])
            waiting = []
    model.objects.bulk_update(waiting, ["students", "reasons"])


class Migration(migrations.Migration):
    """Irreversible: an old row has room for one student."""

    dependencies = [("datareview", "0014_import_reading"), ("teams", "0001_initial")]

    operations = [
        migrations.AddField("disclosure", "students", models.TextField(default=""), preserve_default=False),
        migrations.AddField("disclosure", "reasons", models.JSONField(default=dict)),
        migrations.RunPython(fill_sets),
        migrations.RemoveIndex("disclosure", "disclosure_student"),
        migrations.RemoveField("disclosure", "student"),
        migrations.RemoveField("disclosure", "why"),
        migrations.AddIndex("disclosure", models.Index(fields=["reader", "at"], name="disclosure_reader")),
    ]
