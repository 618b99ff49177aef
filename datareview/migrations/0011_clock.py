"""The product's clock fills in these times, in place of Django's.

Only the state changes: defaults are Python's, and SQLite would make the tables anew and lose their triggers.
"""

import teams.lib.clock
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("datareview", "0010_disclosures_append_only"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="assessment",
                    name="created_at",
                    field=models.DateTimeField(default=teams.lib.clock.now, editable=False),
                ),
                migrations.AlterField(
                    model_name="candidate",
                    name="created_at",
                    field=models.DateTimeField(default=teams.lib.clock.now, editable=False),
                ),
                migrations.AlterField(
                    model_name="disclosure",
                    name="at",
                    field=models.DateTimeField(default=teams.lib.clock.now, editable=False),
                ),
                migrations.AlterField(
                    model_name="flag",
                    name="created_at",
                    field=models.DateTimeField(default=teams.lib.clock.now, editable=False),
                ),
                migrations.AlterField(
                    model_name="guardian",
                    name="created_at",
                    field=models.DateTimeField(default=teams.lib.clock.now, editable=False),
                ),
                migrations.AlterField(
                    model_name="import",
                    name="created_at",
                    field=models.DateTimeField(default=teams.lib.clock.now, editable=False),
                ),
                migrations.AlterField(
                    model_name="measure",
                    name="created_at",
                    field=models.DateTimeField(default=teams.lib.clock.now, editable=False),
                ),
                migrations.AlterField(
                    model_name="plan",
                    name="created_at",
                    field=models.DateTimeField(default=teams.lib.clock.now, editable=False),
                ),
                migrations.AlterField(
                    model_name="review",
                    name="created_at",
                    field=models.DateTimeField(default=teams.lib.clock.now, editable=False),
                ),
                migrations.AlterField(
                    model_name="rule",
                    name="created_at",
                    field=models.DateTimeField(default=teams.lib.clock.now, editable=False),
                ),
                migrations.AlterField(
                    model_name="score",
                    name="recorded_at",
                    field=models.DateTimeField(default=teams.lib.clock.now, editable=False),
                ),
                migrations.AlterField(
                    model_name="section",
                    name="created_at",
                    field=models.DateTimeField(default=teams.lib.clock.now, editable=False),
                ),
                migrations.AlterField(
                    model_name="session",
                    name="created_at",
                    field=models.DateTimeField(default=teams.lib.clock.now, editable=False),
                ),
                migrations.AlterField(
                    model_name="strategy",
                    name="created_at",
                    field=models.DateTimeField(default=teams.lib.clock.now, editable=False),
                ),
                migrations.AlterField(
                    model_name="student",
                    name="created_at",
                    field=models.DateTimeField(default=teams.lib.clock.now, editable=False),
                ),
                migrations.AlterField(
                    model_name="trendrun",
                    name="created_at",
                    field=models.DateTimeField(default=teams.lib.clock.now, editable=False),
                ),
            ]
        )
    ]
