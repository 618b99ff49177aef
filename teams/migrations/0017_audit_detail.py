import django.db.models.deletion
from django.db import migrations, models

from teams.schema.append_only import allow_changes

WORDS = {"said", "name", "before"}  # what older versions wrote into the log itself


def move_words(apps, schema_editor):
    """Move words and scores out of the log; the trigger rests for that long."""
    event_model, detail_model = (apps.get_model("teams", name) for name in ("AuditEvent", "AuditDetail"))
    allow_changes(schema_editor, "teams_auditevent")
    for event in event_model.objects.exclude(verb="rule-changed").order_by("pk").iterator():
        words = {key: value for key, value in event.data.items() if key in WORDS}
        if words:
            detail_model.objects.create(event=event, data=words)
            event.data = {key: value for key, value in event.data.items() if key not in WORDS}
            event.save(update_fields=["data"])


class Migration(migrations.Migration):
    """Irreversible: words can't return to the log, which is append-only, and without their table they would be lost."""

    dependencies = [("teams", "0016_timetable_files")]

    operations = [
        migrations.CreateModel(
            name="AuditDetail",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("data", models.JSONField()),
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="detail",
                        to="teams.auditevent",
                    ),
                ),
            ],
            options={"verbose_name": "audit detail"},
        ),
        migrations.RunPython(move_words),
    ]
