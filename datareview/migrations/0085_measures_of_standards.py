"""A standard as the measure of a plan."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("datareview", "0084_fewer_indexes")]

    operations = [
        migrations.AddField(
            model_name="measure",
            name="standard",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="measure",
                to="datareview.standard",
            ),
        ),
        migrations.AlterField(
            model_name="measure",
            name="derived_from",
            field=models.CharField(
                blank=True,
                choices=[
                    ("attendance", "Daily attendance"),
                    ("incidents", "Incidents"),
                    ("checks", "Checks of a standard"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="measure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("derived_from__in", ["", "attendance", "incidents"]), ("standard", None)
                )
                | models.Q(("derived_from", "checks"), ("standard__isnull", False)),
                name="measure_of_standard_from_checks",
            ),
        ),
    ]
