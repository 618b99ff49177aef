"""Create the tables of a new database in one step; an older database has taken the steps that this one replaces."""

import datetime
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import teams.directory.models.schools
import teams.lib.clock
import uuid
from django.conf import settings
from django.db import migrations, models
from teams.schema.append_only import append_only
from teams.schema.first_tables import FirstTables


class Migration(FirstTables):

    replaces = [('teams', '0001_initial'), ('teams', '0010_audit_append_only'), ('teams', '0011_time_and_mail'), ('teams', '0012_clock'), ('teams', '0013_plain_labels')]

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('created_at', models.DateTimeField(default=teams.lib.clock.now, editable=False)),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('first_name', models.CharField(blank=True, max_length=150, verbose_name='first name')),
                ('last_name', models.CharField(blank=True, max_length=150, verbose_name='last name')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('email', models.EmailField(max_length=254, unique=True, verbose_name='email')),
                ('language', models.CharField(blank=True, max_length=8, verbose_name='language')),
                ('quiet_from', models.TimeField(default=datetime.time(18, 0), verbose_name='no email from')),
                ('quiet_until', models.TimeField(default=datetime.time(6, 30), verbose_name='until')),
                ('wants_digest', models.BooleanField(default=True, verbose_name='a daily email of what is due')),
                ('wants_invitations', models.BooleanField(default=True, verbose_name='meeting invitations by email')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'user',
                'verbose_name_plural': 'users',
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='user_email_unique_any_case')],
            },
        ),
        migrations.CreateModel(
            name='Mail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('created_at', models.DateTimeField(default=teams.lib.clock.now, editable=False)),
                ('kind', models.CharField(choices=[('invitation', 'Invitation'), ('agenda', 'Agenda'), ('minutes', 'Minutes'), ('digest', 'What is due'), ('poll', 'Poll'), ('observation', 'Peer observation')], max_length=12)),
                ('subject', models.CharField(max_length=200)),
                ('text', models.TextField()),
                ('calendar', models.TextField(blank=True)),
                ('calendar_method', models.CharField(blank=True, max_length=8)),
                ('file', models.BinaryField(blank=True, null=True)),
                ('file_name', models.CharField(blank=True, max_length=120)),
                ('dedupe_key', models.CharField(max_length=120, unique=True)),
                ('send_after', models.DateTimeField()),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('given_up_at', models.DateTimeField(blank=True, null=True)),
                ('error', models.CharField(blank=True, max_length=300)),
                ('to', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mail', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'email',
                'verbose_name_plural': 'emails',
                'ordering': ['send_after', 'pk'],
                'indexes': [models.Index(condition=models.Q(('given_up_at', None), ('sent_at', None)), fields=['send_after'], name='mail_waiting')],
            },
        ),
        migrations.CreateModel(
            name='School',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('created_at', models.DateTimeField(default=teams.lib.clock.now, editable=False)),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('time_zone', models.CharField(default='America/Chicago', max_length=64, validators=[teams.directory.models.schools.validate_time_zone])),
                ('language', models.CharField(default='en', max_length=8)),
                ('lowest_grade', models.SmallIntegerField(default=0)),
                ('highest_grade', models.SmallIntegerField(default=12)),
                ('min_group_size', models.PositiveSmallIntegerField(default=10)),
                ('cycle', models.CharField(choices=[('week', 'Weekly'), ('turning', 'Rotating over school days')], default='week', max_length=8, verbose_name='day cycle')),
                ('cycle_days', models.PositiveSmallIntegerField(default=5, verbose_name='days in the cycle')),
                ('cycle_from', models.DateField(blank=True, null=True, verbose_name='date of cycle day 1')),
            ],
            options={
                'verbose_name': 'school',
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(fields=('name',), name='school_name_unique'), models.CheckConstraint(condition=models.Q(('lowest_grade__lte', models.F('highest_grade'))), name='school_grades_ordered'), models.CheckConstraint(condition=models.Q(models.Q(('cycle', 'turning'), ('cycle_days__range', (2, 10))), models.Q(('cycle', 'week'), ('cycle_days__in', [5, 10])), _connector='OR'), name='school_cycle_length')],
            },
        ),
        migrations.CreateModel(
            name='Period',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40)),
                ('cycle_day', models.PositiveSmallIntegerField()),
                ('starts_at', models.TimeField()),
                ('ends_at', models.TimeField()),
                ('is_protected', models.BooleanField(default=False, verbose_name='reserved for team meetings')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='periods', to='teams.school')),
            ],
            options={
                'verbose_name': 'period',
                'ordering': ['cycle_day', 'starts_at'],
                'constraints': [models.UniqueConstraint(fields=('school', 'cycle_day', 'name'), name='period_name_unique'), models.CheckConstraint(condition=models.Q(('starts_at__lt', models.F('ends_at'))), name='period_times_ordered')],
            },
        ),
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('created_at', models.DateTimeField(default=teams.lib.clock.now, editable=False)),
                ('kind', models.CharField(max_length=80)),
                ('state', models.CharField(choices=[('queued', 'Waiting'), ('running', 'Running'), ('done', 'Done'), ('failed', 'Failed')], default='queued', max_length=8)),
                ('payload', models.JSONField(default=dict)),
                ('dedupe_key', models.CharField(blank=True, max_length=120)),
                ('attempt', models.PositiveSmallIntegerField(default=0)),
                ('progress_done', models.PositiveIntegerField(default=0)),
                ('progress_total', models.PositiveIntegerField(default=0)),
                ('progress_note', models.CharField(blank=True, max_length=200)),
                ('enqueued_at', models.DateTimeField(blank=True, null=True)),
                ('heartbeat_at', models.DateTimeField(blank=True, null=True)),
                ('started_at', models.DateTimeField(blank=True, null=True)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('result', models.JSONField(default=dict)),
                ('error', models.TextField(blank=True)),
                ('requested_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL)),
                ('school', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='jobs', to='teams.school')),
            ],
            options={
                'verbose_name': 'job',
                'ordering': ['-created_at'],
                'indexes': [models.Index(fields=['state', 'heartbeat_at'], name='job_state_heartbeat')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['queued', 'running']), models.Q(('dedupe_key', ''), _negated=True)), fields=('dedupe_key',), name='job_one_unfinished_a_key')],
            },
        ),
        migrations.CreateModel(
            name='Holiday',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField()),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='holidays', to='teams.school')),
            ],
            options={
                'verbose_name': 'holiday',
                'ordering': ['starts_on'],
                'constraints': [models.CheckConstraint(condition=models.Q(('starts_on__lte', models.F('ends_on'))), name='holiday_dates_ordered')],
            },
        ),
        migrations.CreateModel(
            name='AuditEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=teams.lib.clock.now, editable=False)),
                ('verb', models.CharField(max_length=60)),
                ('subject_type', models.CharField(max_length=60)),
                ('subject_uuid', models.UUIDField(blank=True, null=True)),
                ('data', models.JSONField(default=dict)),
                ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                ('school', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='teams.school')),
            ],
            options={
                'verbose_name': 'audit event',
                'ordering': ['-at', '-pk'],
                'indexes': [models.Index(fields=['subject_type', 'subject_uuid'], name='audit_subject')],
            },
        ),
        migrations.CreateModel(
            name='SchoolYear',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('created_at', models.DateTimeField(default=teams.lib.clock.now, editable=False)),
                ('name', models.CharField(max_length=20)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField()),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='years', to='teams.school')),
            ],
            options={
                'verbose_name': 'school year',
                'ordering': ['starts_on'],
                'constraints': [models.UniqueConstraint(fields=('school', 'name'), name='year_name_unique'), models.CheckConstraint(condition=models.Q(('starts_on__lt', models.F('ends_on'))), name='year_dates_ordered')],
            },
        ),
        migrations.CreateModel(
            name='Staff',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('created_at', models.DateTimeField(default=teams.lib.clock.now, editable=False)),
                ('role', models.CharField(choices=[('teacher', 'Teacher'), ('specialist', 'Specialist'), ('coordinator', 'Coordinator'), ('principal', 'Principal'), ('administrator', 'Administrator')], max_length=16)),
                ('title', models.CharField(blank=True, max_length=80)),
                ('starts_on', models.DateField(default=teams.lib.clock.server_day)),
                ('ends_on', models.DateField(blank=True, null=True)),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='staff', to='teams.school')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='staff_rows', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'staff member',
                'verbose_name_plural': 'staff',
                'ordering': ['user__last_name', 'user__first_name'],
                'constraints': [models.UniqueConstraint(fields=('user', 'school'), name='staff_once_a_school')],
            },
        ),
        migrations.CreateModel(
            name='Duty',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('teaching', 'Teaching'), ('duty', 'Duty'), ('free', 'Free')], max_length=10)),
                ('label', models.CharField(blank=True, max_length=80)),
                ('period', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='duties', to='teams.period')),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='duties', to='teams.staff')),
            ],
            options={
                'verbose_name': 'duty',
                'verbose_name_plural': 'duties',
                'constraints': [models.UniqueConstraint(fields=('staff', 'period'), name='duty_once_a_period')],
            },
        ),
        migrations.CreateModel(
            name='Team',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('created_at', models.DateTimeField(default=teams.lib.clock.now, editable=False)),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('kind', models.CharField(choices=[('grade', 'Grade team'), ('course', 'Course team'), ('vertical', 'Vertical team'), ('intervention', 'Intervention team'), ('leadership', 'Leadership team')], default='grade', max_length=16)),
                ('cohort', models.CharField(choices=[('grades', 'All students of its grades'), ('sections', "Students in its members' sections")], default='grades', max_length=10)),
                ('subject', models.CharField(blank=True, max_length=40)),
                ('purpose', models.CharField(blank=True, max_length=300)),
                ('meets_every_days', models.PositiveSmallIntegerField(default=7)),
                ('is_active', models.BooleanField(default=True)),
                ('shares_value', models.BooleanField(default=False, verbose_name='leaders can see meeting effectiveness')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='teams', to='teams.school')),
            ],
            options={
                'verbose_name': 'team',
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(fields=('school', 'name'), name='team_name_unique')],
            },
        ),
        migrations.CreateModel(
            name='Norm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=200)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='norms', to='teams.team')),
            ],
            options={
                'verbose_name': 'norm',
                'ordering': ['position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='TeamGrade',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('grade', models.SmallIntegerField()),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='grades', to='teams.team')),
            ],
            options={
                'ordering': ['grade'],
                'constraints': [models.UniqueConstraint(fields=('team', 'grade'), name='team_grade_once')],
            },
        ),
        migrations.CreateModel(
            name='TeamMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('created_at', models.DateTimeField(default=teams.lib.clock.now, editable=False)),
                ('is_lead', models.BooleanField(default=False)),
                ('starts_on', models.DateField(default=teams.lib.clock.server_day)),
                ('ends_on', models.DateField(blank=True, null=True)),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='teams.staff')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='members', to='teams.team')),
            ],
            options={
                'verbose_name': 'team member',
                'ordering': ['staff__user__last_name'],
                'constraints': [models.UniqueConstraint(fields=('team', 'staff'), name='member_once_a_team')],
            },
        ),
        migrations.CreateModel(
            name='Term',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('created_at', models.DateTimeField(default=teams.lib.clock.now, editable=False)),
                ('name', models.CharField(max_length=40)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField()),
                ('year', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='terms', to='teams.schoolyear')),
            ],
            options={
                'verbose_name': 'term',
                'ordering': ['starts_on'],
                'constraints': [models.UniqueConstraint(fields=('year', 'name'), name='term_name_unique'), models.CheckConstraint(condition=models.Q(('starts_on__lt', models.F('ends_on'))), name='term_dates_ordered')],
            },
        ),
        append_only('teams_auditevent'),
    ]
