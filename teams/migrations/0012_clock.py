"""The product's clock fills in these times, in place of Django's.

Only the state changes: defaults are Python's, and SQLite would make the tables anew and lose their triggers.
"""

import teams.lib.clock
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("teams", "0011_time_and_mail"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="auditevent",
                    name="at",
                    field=models.DateTimeField(default=teams.lib.clock.now, editable=False),
                ),
                migrations.AlterField(
                    model_name="job",
                    name="created_at",
                    field=models.DateTimeField(default=teams.lib.clock.now, editable=False),
                ),
                migrations.AlterField(
                    model_name="mail",
                    name="created_at",
                    field=models.DateTimeField(default=teams.lib.clock.now, editable=False),
                ),
                migrations.AlterField(
                    model_name="school",
                    name="created_at",
                    field=models.DateTimeField(default=teams.lib.clock.now, editable=False),
                ),
                migrations.AlterField(
                    model_name="schoolyear",
                    name="created_at",
                    field=models.DateTimeField(default=teams.lib.clock.now, editable=False),
                ),
                migrations.AlterField(
                    model_name="staff",
                    name="created_at",
                    field=models.DateTimeField(default=teams.lib.clock.now, editable=False),
                ),
                migrations.AlterField(
                    model_name="staff",
                    name="starts_on",
                    field=models.DateField(default=teams.lib.clock.server_day),
                ),
                migrations.AlterField(
                    model_name="team",
                    name="created_at",
                    field=models.DateTimeField(default=teams.lib.clock.now, editable=False),
                ),
                migrations.AlterField(
                    model_name="teammember",
                    name="created_at",
                    field=models.DateTimeField(default=teams.lib.clock.now, editable=False),
                ),
                migrations.AlterField(
                    model_name="teammember",
                    name="starts_on",
                    field=models.DateField(default=teams.lib.clock.server_day),
                ),
                migrations.AlterField(
                    model_name="term",
                    name="created_at",
                    field=models.DateTimeField(default=teams.lib.clock.now, editable=False),
                ),
                migrations.AlterField(
                    model_name="user",
                    name="created_at",
                    field=models.DateTimeField(default=teams.lib.clock.now, editable=False),
                ),
            ]
        )
    ]
