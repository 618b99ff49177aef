"""Create the tables of a new database in one step; an older database has taken the steps that this one replaces."""

import django.db.models.deletion
import teams.lib.clock
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('teams', '0014_verified_addresses'), ('teams', '0015_sent_forms'), ('teams', '0016_timetable_files'), ('teams', '0017_audit_detail'), ('teams', '0018_documents'), ('teams', '0019_second_factor'), ('teams', '0020_date_joined_clock'), ('teams', '0021_document_rights'), ('teams', '0022_account_mail'), ('teams', '0023_staff_number')]

    dependencies = [
        ('account', '0009_emailaddress_unique_primary_email'),
        ('teams', '0013_plain_labels'),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditDetail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('data', models.JSONField()),
            ],
            options={
                'verbose_name': 'audit detail',
            },
        ),
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('created_at', models.DateTimeField(default=teams.lib.clock.now, editable=False)),
                ('name', models.CharField(max_length=200)),
                ('digest', models.CharField(max_length=64)),
                ('html', models.TextField(blank=True)),
                ('content', models.BinaryField(blank=True, null=True)),
                ('hides_names', models.BooleanField(default=False)),
                ('address', models.TextField(blank=True)),
                ('is_downloaded', models.BooleanField(default=False)),
                ('rights', models.TextField(blank=True)),
                ('seen', models.JSONField(default=dict)),
            ],
            options={
                'verbose_name': 'document',
                'ordering': ['-created_at'],
            },
        ),
        migrations.CreateModel(
            name='SentForm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=64, unique=True)),
                ('location', models.TextField(blank=True)),
                ('at', models.DateTimeField(db_index=True, default=teams.lib.clock.now, editable=False)),
            ],
            options={
                'verbose_name': 'sent form',
            },
        ),
        migrations.CreateModel(
            name='TimetableFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('created_at', models.DateTimeField(default=teams.lib.clock.now, editable=False)),
                ('file', models.FileField(upload_to='timetables/%Y/%m/')),
                ('name', models.CharField(max_length=200)),
                ('state', models.CharField(choices=[('checking', 'Being checked'), ('checked', 'Checked'), ('applying', 'Being applied'), ('applied', 'Applied'), ('failed', 'Could not be read')], default='checking', max_length=10)),
                ('found', models.JSONField(default=dict)),
                ('error', models.TextField(blank=True)),
            ],
            options={
                'verbose_name': 'timetable file',
                'ordering': ['-created_at'],
            },
        ),
        migrations.AddField(
            model_name='mail',
            name='address',
            field=models.EmailField(blank=True, max_length=254),
        ),
        migrations.AddField(
            model_name='mail',
            name='is_secret',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='school',
            name='demands_second_factor',
            field=models.BooleanField(default=False, verbose_name='everyone signs in in two steps'),
        ),
        migrations.AddField(
            model_name='staff',
            name='local_id',
            field=models.CharField(blank=True, max_length=40, verbose_name='staff id'),
        ),
        migrations.AlterField(
            model_name='mail',
            name='kind',
            field=models.CharField(choices=[('invitation', 'Invitation'), ('agenda', 'Agenda'), ('minutes', 'Minutes'), ('digest', 'What is due'), ('poll', 'Poll'), ('observation', 'Peer observation'), ('account', 'Account')], max_length=12),
        ),
        migrations.AlterField(
            model_name='mail',
            name='text',
            field=models.TextField(blank=True),
        ),
        migrations.AlterField(
            model_name='mail',
            name='to',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='mail', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='staff',
            name='title',
            field=models.CharField(blank=True, max_length=80, verbose_name='title'),
        ),
        migrations.AlterField(
            model_name='user',
            name='date_joined',
            field=models.DateTimeField(default=teams.lib.clock.now, verbose_name='date joined'),
        ),
        migrations.AddConstraint(
            model_name='staff',
            constraint=models.UniqueConstraint(condition=models.Q(('local_id', ''), _negated=True), fields=('school', 'local_id'), name='staff_local_id_unique'),
        ),
        migrations.AddField(
            model_name='auditdetail',
            name='event',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='detail', to='teams.auditevent'),
        ),
        migrations.AddField(
            model_name='document',
            name='job',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='teams.job'),
        ),
        migrations.AddField(
            model_name='document',
            name='owner',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='documents', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='timetablefile',
            name='job',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='teams.job'),
        ),
        migrations.AddField(
            model_name='timetablefile',
            name='school',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='timetable_files', to='teams.school'),
        ),
        migrations.AddField(
            model_name='timetablefile',
            name='uploaded_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.UniqueConstraint(fields=('owner', 'digest'), name='document_once_a_person'),
        ),
    ]
