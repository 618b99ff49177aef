"""Each school gets its own copy of the standards that its assessments ask; each student with answers, a sitting."""

import uuid

from django.db import migrations


def give_schools_their_standards(apps, schema_editor):
    Standard = apps.get_model("datareview", "Standard")
    Item = apps.get_model("datareview", "AssessmentItem")
    for shared in list(Standard.objects.filter(school=None)):
        items = Item.objects.filter(standard=shared)
        for school_id in set(items.values_list("assessment__team__school_id", flat=True)):
            own = Standard.objects.create(
                school_id=school_id,
                framework=shared.framework,
                code=shared.code,
                statement=shared.statement,
                uuid=uuid.uuid4(),
            )
            items.filter(assessment__team__school_id=school_id).update(standard=own)
        shared.delete()


def seat_students_with_answers(apps, schema_editor):
    Response = apps.get_model("datareview", "ItemResponse")
    Sitting = apps.get_model("datareview", "Sitting")
    pairs = Response.objects.values_list("item__assessment_id", "student_id").distinct()
    Sitting.objects.bulk_create(
        (Sitting(assessment_id=assessment, student_id=student) for assessment, student in pairs),
        batch_size=2000,
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):

    dependencies = [("datareview", "0036_team_assessments")]

    operations = [
        migrations.RunPython(give_schools_their_standards, migrations.RunPython.noop),
        migrations.RunPython(seat_students_with_answers, migrations.RunPython.noop),
    ]
