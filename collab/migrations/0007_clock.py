"""The product's clock fills in these times, in place of Django's.

Only the state changes: defaults are Python's, and SQLite would make the tables anew and lose their triggers.
"""

import teams.lib.clock
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("collab", "0006_placement_columns"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="action",
                    name="created_at",
                    field=models.DateTimeField(default=teams.lib.clock.now, editable=False),
                ),
                migrations.AlterField(
                    model_name="agendaitem",
                    name="created_at",
                    field=models.DateTimeField(default=teams.lib.clock.now, editable=False),
                ),
                migrations.AlterField(
                    model_name="agreement",
                    name="at",
                    field=models.DateTimeField(default=teams.lib.clock.now, editable=False),
                ),
                migrations.AlterField(
                    model_name="attendance",
                    name="marked_at",
                    field=models.DateTimeField(default=teams.lib.clock.now, editable=False),
                ),
                migrations.AlterField(
                    model_name="calendarfeed",
                    name="created_at",
                    field=models.DateTimeField(default=teams.lib.clock.now, editable=False),
                ),
                migrations.AlterField(
                    model_name="cause",
                    name="created_at",
                    field=models.DateTimeField(default=teams.lib.clock.now, editable=False),
                ),
                migrations.AlterField(
                    model_name="cluster",
                    name="created_at",
                    field=models.DateTimeField(default=teams.lib.clock.now, editable=False),
                ),
                migrations.AlterField(
                    model_name="contribution",
                    name="created_at",
                    field=models.DateTimeField(default=teams.lib.clock.now, editable=False),
                ),
                migrations.AlterField(
                    model_name="contributionversion",
                    name="at",
                    field=models.DateTimeField(default=teams.lib.clock.now, editable=False),
                ),
                migrations.AlterField(
                    model_name="correction",
                    name="created_at",
                    field=models.DateTimeField(default=teams.lib.clock.now, editable=False),
                ),
                migrations.AlterField(
                    model_name="decision",
                    name="created_at",
                    field=models.DateTimeField(default=teams.lib.clock.now, editable=False),
                ),
                migrations.AlterField(
                    model_name="deferral",
                    name="at",
                    field=models.DateTimeField(default=teams.lib.clock.now, editable=False),
                ),
                migrations.AlterField(
                    model_name="evidence",
                    name="created_at",
                    field=models.DateTimeField(default=teams.lib.clock.now, editable=False),
                ),
                migrations.AlterField(
                    model_name="exhibit",
                    name="created_at",
                    field=models.DateTimeField(default=teams.lib.clock.now, editable=False),
                ),
                migrations.AlterField(
                    model_name="guest",
                    name="invited_at",
                    field=models.DateTimeField(default=teams.lib.clock.now, editable=False),
                ),
                migrations.AlterField(
                    model_name="meeting",
                    name="created_at",
                    field=models.DateTimeField(default=teams.lib.clock.now, editable=False),
                ),
                migrations.AlterField(
                    model_name="meetingevent",
                    name="at",
                    field=models.DateTimeField(default=teams.lib.clock.now, editable=False),
                ),
                migrations.AlterField(
                    model_name="peerobservation",
                    name="created_at",
                    field=models.DateTimeField(default=teams.lib.clock.now, editable=False),
                ),
                migrations.AlterField(
                    model_name="placement",
                    name="created_at",
                    field=models.DateTimeField(default=teams.lib.clock.now, editable=False),
                ),
                migrations.AlterField(
                    model_name="poll",
                    name="created_at",
                    field=models.DateTimeField(default=teams.lib.clock.now, editable=False),
                ),
                migrations.AlterField(
                    model_name="pollanswer",
                    name="at",
                    field=models.DateTimeField(default=teams.lib.clock.now, editable=False),
                ),
                migrations.AlterField(
                    model_name="polloption",
                    name="created_at",
                    field=models.DateTimeField(default=teams.lib.clock.now, editable=False),
                ),
                migrations.AlterField(
                    model_name="prediction",
                    name="at",
                    field=models.DateTimeField(default=teams.lib.clock.now, editable=False),
                ),
                migrations.AlterField(
                    model_name="protocol",
                    name="created_at",
                    field=models.DateTimeField(default=teams.lib.clock.now, editable=False),
                ),
                migrations.AlterField(
                    model_name="question",
                    name="created_at",
                    field=models.DateTimeField(default=teams.lib.clock.now, editable=False),
                ),
                migrations.AlterField(
                    model_name="schedule",
                    name="created_at",
                    field=models.DateTimeField(default=teams.lib.clock.now, editable=False),
                ),
                migrations.AlterField(
                    model_name="series",
                    name="created_at",
                    field=models.DateTimeField(default=teams.lib.clock.now, editable=False),
                ),
                migrations.AlterField(
                    model_name="teachingchange",
                    name="created_at",
                    field=models.DateTimeField(default=teams.lib.clock.now, editable=False),
                ),
                migrations.AlterField(
                    model_name="topic",
                    name="created_at",
                    field=models.DateTimeField(default=teams.lib.clock.now, editable=False),
                ),
            ]
        )
    ]
