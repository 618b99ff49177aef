import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('datareview', '0017_benchmark_windows'),
        ('teams', '0021_document_rights'),
    ]

    operations = [
        migrations.AddField(
            model_name='guardian',
            name='custody_note',
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name='guardian',
            name='may_contact',
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name='student',
            name='home_language',
            field=models.CharField(blank=True, max_length=8),
        ),
        migrations.AddField(
            model_name='student',
            name='preferred_name',
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.CreateModel(
            name='Stay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entered_on', models.DateField(blank=True, null=True)),
                ('left_on', models.DateField()),
                ('student', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='stays', to='datareview.student')),
            ],
            options={
                'verbose_name': 'earlier stay',
                'ordering': ['left_on'],
            },
        ),
        migrations.CreateModel(
            name='GroupName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('category', models.CharField(max_length=40)),
                ('group', models.CharField(max_length=60)),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='group_names', to='teams.school')),
            ],
            options={
                'verbose_name': 'group of students',
                'verbose_name_plural': 'groups of students',
                'ordering': ['category', 'group'],
                'constraints': [models.UniqueConstraint(fields=('school', 'category', 'group'), name='group_name_once')],
            },
        ),
    ]
