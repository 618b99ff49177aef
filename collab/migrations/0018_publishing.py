import datetime as dt

from django.db import migrations, models
from django.db.models import F


def remember_sent_agendas(apps, schema_editor):
    """The agenda of a meeting was sent for its time, unless it was moved to a later day afterwards."""
    meetings = apps.get_model("collab", "Meeting").objects
    meetings.filter(published_at__gte=F("starts_at") - dt.timedelta(hours=24)).update(agenda_sent_for=F("starts_at"))



class Migration(migrations.Migration):

    dependencies = [
        ('collab', '0017_student_work'),
    ]

    operations = [
        migrations.AddField(
            model_name='agendaitem',
            name='changed_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='agendaitem',
            name='placed_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='meeting',
            name='agenda_sent_for',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunPython(remember_sent_agendas, migrations.RunPython.noop),
    ]
