from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('datareview', '0022_strategies'),
    ]

    operations = [
        migrations.AlterField(
            model_name='import',
            name='kind',
            field=models.CharField(blank=True, choices=[('students', 'Students'), ('scores', 'Scores'), ('attendance', 'Daily attendance'), ('sections', 'Sections'), ('teachers', 'Teachers of sections'), ('enrollment', 'Enrollments'), ('guardians', 'Guardians'), ('groups', 'Groups of students')], max_length=10),
        ),
    ]
