import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """The table of sections' teachers, which Django had made by itself, gets dates: its rows stay."""

    dependencies = [("datareview", "0018_roster"), ("teams", "0022_account_mail")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="SectionTeacher",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("section", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="teacher_links", to="datareview.section")),
                        ("staff", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="section_links", to="teams.staff")),
                    ],
                    options={
                        "db_table": "datareview_section_teachers",
                        "verbose_name": "teacher of a section",
                        "verbose_name_plural": "teachers of sections",
                        "ordering": ["-is_lead", "pk"],
                        "unique_together": {("section", "staff")},
                    },
                ),
                migrations.AlterField(
                    "section",
                    "teachers",
                    models.ManyToManyField(blank=True, related_name="sections", through="datareview.SectionTeacher", to="teams.staff"),
                ),
            ]
        ),
        migrations.AlterModelTable("sectionteacher", None),
        migrations.AlterUniqueTogether("sectionteacher", set()),
        migrations.AddField("sectionteacher", "is_lead", models.BooleanField(default=True)),
        migrations.AddField("sectionteacher", "starts_on", models.DateField(blank=True, null=True)),
        migrations.AddField("sectionteacher", "ends_on", models.DateField(blank=True, null=True)),
        migrations.AddConstraint(
            "sectionteacher", models.UniqueConstraint(fields=("section", "staff"), name="section_teacher_once")
        ),
        migrations.AddField("section", "course", models.CharField(blank=True, max_length=80)),
        migrations.AddField("section", "ends_on", models.DateField(blank=True, null=True)),
        migrations.AddField("section", "period", models.CharField(blank=True, max_length=20)),
        migrations.AddField(
            "section",
            "term",
            models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="sections", to="teams.term"),
        ),
    ]
