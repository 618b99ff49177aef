"""Answers that were corrected stay in the team's numbers as they were shown, until enough others are."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("datareview", "0087_order_of_names")]

    operations = [
        migrations.AddField(
            model_name="assessment", name="holds_answers", field=models.BooleanField(default=False)
        ),
        migrations.CreateModel(
            name="HeldAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("points", models.FloatField()),
                ("choice", models.CharField(blank=True, max_length=8)),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="held",
                        to="datareview.assessmentitem",
                    ),
                ),
                (
                    "section",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="datareview.section",
                    ),
                ),
                (
                    "student",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="datareview.student",
                    ),
                ),
            ],
            options={
                "verbose_name": "former answer",
                "constraints": [
                    models.UniqueConstraint(fields=("item", "student"), name="held_answer_once")
                ],
            },
        ),
    ]
