"""The minutes that a step reserves are apart from those that were planned before a meeting added some."""

from django.db import migrations, models
from django.db.models import F


def set_reserved(apps, schema_editor):
    """Steps that gave minutes to items have fewer than they had; adding minutes in a meeting gives more."""
    rows = apps.get_model("collab", "AgendaItem").objects.exclude(reserved_for="")
    rows = rows.filter(topic__kind="step", minutes_planned__gte=F("minutes"))
    rows.update(minutes_reserved=F("minutes_planned"), minutes_planned=None)


def set_planned(apps, schema_editor):
    """Undo `set_reserved`."""
    rows = apps.get_model("collab", "AgendaItem").objects.filter(minutes_reserved__isnull=False)
    rows.update(minutes_planned=F("minutes_reserved"))


class Migration(migrations.Migration):
    dependencies = [("collab", "0009_plain_labels")]

    operations = [
        migrations.AddField(
            "agendaitem", "minutes_reserved", models.PositiveSmallIntegerField(null=True, blank=True)
        ),
        migrations.RunPython(set_reserved, set_planned),
    ]
