"""With each look, the students in the team's numbers. Of earlier looks they are those who had been entered by then."""

from collections import defaultdict

from django.db import migrations, models
from django.db.models import Min


def fill(apps, schema_editor):
    """Write the students who were entered before each look in the classes that it counted, or in none."""
    looks = apps.get_model("datareview", "ResultsView")
    sittings = apps.get_model("datareview", "Sitting")
    responses = apps.get_model("datareview", "ItemResponse")
    by_assessment = defaultdict(list)
    for look in looks.objects.exclude(counted=[]):
        by_assessment[look.assessment_id].append(look)
    for assessment, rows in by_assessment.items():
        first = dict(
            responses.objects.filter(item__assessment=assessment)
            .order_by()
            .values_list("student_id")
            .annotate(at=Min("entered_at"))
        )
        sat = sittings.objects.filter(assessment=assessment, is_absent=False)
        sat = list(sat.values_list("student_id", "section_id"))
        for look in rows:
            look.students = sorted(
                student
                for student, section in sat
                if (section is None or section in look.counted)
                and student in first
                and first[student] <= look.at
            )
        seen = {student for look in rows for student in look.students}
        sittings.objects.filter(assessment=assessment, student__in=seen).update(is_released=True)
        looks.objects.bulk_update(rows, ["students"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("datareview", "0076_outcomes")]

    operations = [
        migrations.AddField(
            model_name="resultsview",
            name="students",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name="sitting",
            name="is_released",
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
