"""Create the tables of a new database in one step; an older database has taken the steps that this one replaces."""

import django.db.models.deletion
import teams.lib.clock
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('teams', '0024_team_settings'), ('teams', '0025_districts'), ('teams', '0026_invitations'), ('teams', '0027_mail_school'), ('teams', '0028_unproven_addresses'), ('teams', '0029_opened_again'), ('teams', '0030_second_role'), ('teams', '0031_substitutions'), ('teams', '0032_document_makers'), ('teams', '0033_staff_files'), ('teams', '0034_role_plans'), ('teams', '0035_user_theme'), ('teams', '0036_checked_files'), ('teams', '0037_mail_about_files')]

    dependencies = [
        ('collab', '0019_joined_candidates'),
        ('teams', '0023_staff_number'),
    ]

    operations = [
        migrations.CreateModel(
            name='District',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('created_at', models.DateTimeField(default=teams.lib.clock.now, editable=False)),
                ('name', models.CharField(max_length=120, unique=True, verbose_name='name')),
            ],
            options={
                'verbose_name': 'district',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('created_at', models.DateTimeField(default=teams.lib.clock.now, editable=False)),
                ('expires_at', models.DateTimeField()),
                ('accepted_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'invitation',
                'ordering': ['-created_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='RolePlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('created_at', models.DateTimeField(default=teams.lib.clock.now, editable=False)),
                ('role', models.CharField(choices=[('teacher', 'Teacher'), ('specialist', 'Specialist'), ('coordinator', 'Coordinator'), ('principal', 'Principal'), ('administrator', 'Administrator')], max_length=16)),
                ('also', models.CharField(blank=True, choices=[('teacher', 'Teacher'), ('specialist', 'Specialist'), ('coordinator', 'Coordinator'), ('principal', 'Principal'), ('administrator', 'Administrator')], default='', max_length=16)),
                ('starts_on', models.DateField()),
                ('problem', models.CharField(blank=True, max_length=300)),
            ],
            options={
                'verbose_name': 'planned change of role',
                'verbose_name_plural': 'planned changes of role',
                'ordering': ['starts_on', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='StaffFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('created_at', models.DateTimeField(default=teams.lib.clock.now, editable=False)),
                ('file', models.FileField(upload_to='people/%Y/%m/')),
                ('name', models.CharField(max_length=200)),
                ('state', models.CharField(choices=[('checking', 'Being checked'), ('checked', 'Checked'), ('applying', 'Being applied'), ('applied', 'Applied'), ('undoing', 'Being undone'), ('undone', 'Undone'), ('failed', 'Could not be read')], default='checking', max_length=10)),
                ('found', models.JSONField(default=dict)),
                ('before', models.JSONField(default=dict)),
                ('error', models.TextField(blank=True)),
            ],
            options={
                'verbose_name': 'file of people',
                'verbose_name_plural': 'files of people',
                'ordering': ['-created_at'],
            },
        ),
        migrations.CreateModel(
            name='Substitution',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('created_at', models.DateTimeField(default=teams.lib.clock.now, editable=False)),
                ('starts_on', models.DateField(verbose_name='first day')),
                ('ends_on', models.DateField(verbose_name='last day')),
            ],
            options={
                'verbose_name': 'substitution',
                'ordering': ['starts_on', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='document',
            name='language',
            field=models.CharField(blank=True, max_length=10),
        ),
        migrations.AddField(
            model_name='document',
            name='maker',
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name='document',
            name='options',
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name='document',
            name='page',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name='mail',
            name='school',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='mail', to='teams.school'),
        ),
        migrations.AddField(
            model_name='school',
            name='leads_edit_members',
            field=models.BooleanField(default=False, verbose_name='leads edit the members of their own teams'),
        ),
        migrations.AddField(
            model_name='school',
            name='newcomers_read_all',
            field=models.BooleanField(default=True, verbose_name='new members read the team’s earlier record'),
        ),
        migrations.AddField(
            model_name='staff',
            name='also',
            field=models.CharField(blank=True, choices=[('teacher', 'Teacher'), ('specialist', 'Specialist'), ('coordinator', 'Coordinator'), ('principal', 'Principal'), ('administrator', 'Administrator')], default='', max_length=16),
        ),
        migrations.AddField(
            model_name='team',
            name='ends_on',
            field=models.DateField(blank=True, null=True, verbose_name='last day'),
        ),
        migrations.AddField(
            model_name='team',
            name='norms_adopted_on',
            field=models.DateField(blank=True, null=True, verbose_name='norms adopted on'),
        ),
        migrations.AddField(
            model_name='team',
            name='norms_review_on',
            field=models.DateField(blank=True, null=True, verbose_name='norms reviewed on'),
        ),
        migrations.AddField(
            model_name='team',
            name='usual_protocol',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='usual_for', to='collab.protocol'),
        ),
        migrations.AddField(
            model_name='timetablefile',
            name='before',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='user',
            name='has_unproven_address',
            field=models.BooleanField(default=False, verbose_name='the address was never proven'),
        ),
        migrations.AddField(
            model_name='user',
            name='opened_again_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='opened again'),
        ),
        migrations.AddField(
            model_name='user',
            name='theme',
            field=models.CharField(blank=True, choices=[('', 'Device'), ('light', 'Light'), ('dark', 'Dark')], default='', max_length=5, verbose_name='colors'),
        ),
        migrations.AlterField(
            model_name='mail',
            name='kind',
            field=models.CharField(choices=[('invitation', 'Invitation'), ('agenda', 'Agenda'), ('minutes', 'Minutes'), ('digest', 'What is due'), ('poll', 'Poll'), ('observation', 'Peer observation'), ('files', 'Automatic files'), ('account', 'Account')], max_length=12),
        ),
        migrations.AlterField(
            model_name='timetablefile',
            name='school',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='teams.school'),
        ),
        migrations.AlterField(
            model_name='timetablefile',
            name='state',
            field=models.CharField(choices=[('checking', 'Being checked'), ('checked', 'Checked'), ('applying', 'Being applied'), ('applied', 'Applied'), ('undoing', 'Being undone'), ('undone', 'Undone'), ('failed', 'Could not be read')], default='checking', max_length=10),
        ),
        migrations.AlterField(
            model_name='timetablefile',
            name='uploaded_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='staff',
            constraint=models.CheckConstraint(condition=models.Q(('also', ''), models.Q(('also__in', ('teacher', 'specialist', 'coordinator', 'principal')), ('role__in', ('principal', 'administrator')), models.Q(('also', models.F('role')), _negated=True)), _connector='OR'), name='staff_second_role'),
        ),
        migrations.AddField(
            model_name='district',
            name='administrators',
            field=models.ManyToManyField(related_name='districts', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='school',
            name='district',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='schools', to='teams.district'),
        ),
        migrations.AddField(
            model_name='invitation',
            name='email',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='teams.mail'),
        ),
        migrations.AddField(
            model_name='invitation',
            name='sent_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='invitations_sent', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='invitation',
            name='staff',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='teams.staff'),
        ),
        migrations.AddField(
            model_name='roleplan',
            name='planned_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='roleplan',
            name='staff',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='role_plan', to='teams.staff'),
        ),
        migrations.AddField(
            model_name='stafffile',
            name='job',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='teams.job'),
        ),
        migrations.AddField(
            model_name='stafffile',
            name='school',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='teams.school'),
        ),
        migrations.AddField(
            model_name='stafffile',
            name='uploaded_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='substitution',
            name='replaced',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='replacements', to='teams.staff'),
        ),
        migrations.AddField(
            model_name='substitution',
            name='substitute',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='substitutions', to='teams.staff'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.UniqueConstraint(condition=models.Q(('accepted_at', None), ('withdrawn_at', None)), fields=('staff',), name='invitation_one_unanswered'),
        ),
        migrations.AddConstraint(
            model_name='substitution',
            constraint=models.CheckConstraint(condition=models.Q(('starts_on__lte', models.F('ends_on'))), name='substitution_dates_ordered'),
        ),
        migrations.AddConstraint(
            model_name='substitution',
            constraint=models.CheckConstraint(condition=models.Q(('replaced', models.F('substitute')), _negated=True), name='substitution_of_another'),
        ),
    ]
