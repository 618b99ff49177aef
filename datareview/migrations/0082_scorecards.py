from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("datareview", "0081_levels_around_the_benchmark")]

    operations = [
        migrations.AlterField(
            model_name="rule",
            name="kind",
            field=models.CharField(
                choices=[
                    ("attendance", "Share of days absent"),
                    ("behavior", "Incidents and suspensions"),
                    ("course", "Course grades"),
                    ("benchmark", "Benchmark level"),
                    ("growth", "Growth compared with expected"),
                    ("conditions", "Conditions of this school"),
                    ("scorecard", "Scorecard learned here"),
                ],
                max_length=12,
            ),
        ),
    ]
