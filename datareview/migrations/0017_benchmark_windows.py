import datetime as dt
import uuid

import django.db.models.deletion
from django.db import migrations, models

import teams.lib.clock


def keep_old_dates(apps, schema_editor):
    """Every stored school year keeps the dates by which its scores have been judged so far."""
    window = apps.get_model("datareview", "BenchmarkWindow")
    rows = []
    for year in apps.get_model("teams", "SchoolYear").objects.order_by("pk"):
        first = year.starts_on.year if year.starts_on.month >= 7 else year.starts_on.year - 1
        march = dt.date(first + 1, 3, 1)
        dates = {
            "fall": (dt.date(first, 7, 1), dt.date(first, 10, 31)),
            "winter": (dt.date(first, 11, 1), march - dt.timedelta(days=1)),
            "spring": (march, dt.date(first + 1, 6, 30)),
        }
        rows += [
            window(year=year, key=key, starts_on=starts_on, ends_on=ends_on)
            for key, (starts_on, ends_on) in dates.items()
        ]
    window.objects.bulk_create(rows)


class Migration(migrations.Migration):
    dependencies = [("datareview", "0016_rule_grades"), ("teams", "0021_document_rights")]

    operations = [
        migrations.AlterField("benchmark", "window", models.CharField(max_length=20)),
        migrations.CreateModel(
            "BenchmarkWindow",
            [
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("created_at", models.DateTimeField(default=teams.lib.clock.now, editable=False)),
                ("key", models.SlugField(max_length=20)),
                ("name", models.CharField(blank=True, max_length=40)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                (
                    "year",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="benchmark_windows",
                        to="teams.schoolyear",
                    ),
                ),
            ],
            options={
                "verbose_name": "benchmark window",
                "ordering": ["starts_on"],
                "constraints": [
                    models.UniqueConstraint(fields=["year", "key"], name="window_key_once_a_year"),
                    models.CheckConstraint(
                        condition=models.Q(starts_on__lte=models.F("ends_on")), name="window_dates_ordered"
                    ),
                ],
            },
        ),
        migrations.RunPython(keep_old_dates, migrations.RunPython.noop),
    ]
