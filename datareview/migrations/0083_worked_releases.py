import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("datareview", "0082_scorecards")]

    operations = [
        migrations.CreateModel(
            name="WorkedRelease",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("day", models.DateField()),
                ("rows", models.JSONField(default=dict)),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="worked_releases",
                        to="teams.school",
                    ),
                ),
            ],
            options={
                "verbose_name": "figures of strategies",
                "verbose_name_plural": "figures of strategies",
                "ordering": ["day", "pk"],
                "constraints": [models.UniqueConstraint(fields=("school", "day"), name="worked_release_once")],
            },
        ),
    ]
