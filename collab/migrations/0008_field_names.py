"""Fields named as calendars and agendas name them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("collab", "0007_clock")]

    operations = [
        migrations.RenameField("meeting", "invitation", "calendar_sequence"),
        migrations.RenameField("agendaitem", "holds", "reserved_for"),
        migrations.RenameField("protocolstep", "holds", "reserved_for"),
        migrations.AlterField(
            "agendaitem",
            "topic",
            models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="agenda_items", to="collab.topic"
            ),
        ),
    ]
