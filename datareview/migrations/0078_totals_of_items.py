from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("datareview", "0077_students_of_looks")]

    operations = [
        migrations.AlterField(
            model_name="assessmentitem",
            name="kind",
            field=models.CharField(
                choices=[
                    ("choice", "Choice with a key"),
                    ("points", "Points"),
                    ("rubric", "A rubric's level"),
                    ("total", "Points of several items together"),
                ],
                default="choice",
                max_length=8,
            ),
        ),
    ]
