from django.db import migrations, models

# Keys of the starting strategies for one subject. The others help in any.
SUBJECTS = {
    "reading": [
        "sound-awareness", "phonics-small-group", "repeated-reading", "long-words", "guided-reading",
        "vocabulary-in-context", "comprehension-scaffolds",
    ],
    "math": [
        "cover-copy-compare", "number-line", "word-problem-schemas", "fractions-on-a-line", "tutoring-algebra",
    ],
    "writing": ["planned-writing"],
}  # fmt: skip


def name_subjects(apps, schema_editor):
    strategies = apps.get_model("datareview", "Strategy").objects.using(schema_editor.connection.alias)
    for subject, keys in SUBJECTS.items():
        strategies.filter(key__in=keys, domain="academic").update(subject=subject)


class Migration(migrations.Migration):

    dependencies = [
        ("datareview", "0079_watched_measure"),
    ]

    operations = [
        migrations.AddField(
            model_name="strategy",
            name="subject",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.RunPython(name_subjects, migrations.RunPython.noop),
    ]
