"""Create the tables of a new database in one step; an older database has taken the steps that this one replaces."""

import django.db.models.deletion
import teams.lib.clock
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('datareview', '0022_strategies'), ('datareview', '0023_roster_files'), ('datareview', '0024_student_merges'), ('datareview', '0025_windows_of_early_years'), ('datareview', '0026_rule_was_on')]

    dependencies = [
        ('datareview', '0021_derived_measures'),
        ('teams', '0024_team_settings'),
    ]

    operations = [
        migrations.CreateModel(
            name='StudentMerge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('created_at', models.DateTimeField(default=teams.lib.clock.now, editable=False)),
                ('gone_uuid', models.UUIDField(db_index=True)),
                ('gone_id', models.BigIntegerField()),
                ('record', models.JSONField()),
                ('undone_at', models.DateTimeField(blank=True, null=True)),
                ('kept', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='merges', to='datareview.student')),
                ('merged_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'merged student',
                'ordering': ['-created_at'],
            },
        ),
        migrations.AddField(
            model_name='rule',
            name='was_on',
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name='strategy',
            name='evidence_level',
            field=models.CharField(blank=True, choices=[('strong', 'Strong'), ('moderate', 'Moderate'), ('promising', 'Promising'), ('rationale', 'A rationale only'), ('', 'Not known')], max_length=10),
        ),
        migrations.AddField(
            model_name='strategy',
            name='family_en',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='strategy',
            name='family_es',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='strategy',
            name='fidelity',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='strategy',
            name='group_size',
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name='strategy',
            name='highest_grade',
            field=models.SmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='strategy',
            name='is_retired',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='strategy',
            name='key',
            field=models.SlugField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name='strategy',
            name='lowest_grade',
            field=models.SmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='strategy',
            name='materials',
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name='strategy',
            name='tier',
            field=models.PositiveSmallIntegerField(default=2),
        ),
        migrations.AddField(
            model_name='strategy',
            name='weeks',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name='import',
            name='kind',
            field=models.CharField(blank=True, choices=[('students', 'Students'), ('scores', 'Scores'), ('attendance', 'Daily attendance'), ('sections', 'Sections'), ('teachers', 'Teachers of sections'), ('enrollment', 'Enrollments'), ('guardians', 'Guardians'), ('groups', 'Groups of students')], max_length=10),
        ),
        migrations.AlterField(
            model_name='strategy',
            name='evidence',
            field=models.CharField(blank=True, max_length=400),
        ),
        migrations.AddConstraint(
            model_name='strategy',
            constraint=models.UniqueConstraint(condition=models.Q(('key', ''), _negated=True), fields=('school', 'key'), name='strategy_key_unique'),
        ),
        migrations.AddConstraint(
            model_name='strategy',
            constraint=models.CheckConstraint(condition=models.Q(('tier__gte', 1), ('tier__lte', 3)), name='strategy_tier_1_to_3'),
        ),
        migrations.AddConstraint(
            model_name='strategy',
            constraint=models.CheckConstraint(condition=models.Q(('lowest_grade', None), ('highest_grade', None), ('lowest_grade__lte', models.F('highest_grade')), _connector='OR'), name='strategy_grades_ordered'),
        ),
    ]
