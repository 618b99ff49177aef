"""Create the tables of a new database in one step; an older database has taken the steps that this one replaces."""

import django.db.models.deletion
import teams.lib.clock
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('teams', '0024_team_settings'), ('teams', '0025_districts'), ('teams', '0026_invitations'), ('teams', '0027_mail_school'), ('teams', '0028_unproven_addresses'), ('teams', '0029_opened_again')]

    dependencies = [
        ('collab', '0010_minutes_reserved'),
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
                ('administrators', models.ManyToManyField(related_name='districts', to=settings.AUTH_USER_MODEL)),
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
                ('email', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='teams.mail')),
                ('sent_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='invitations_sent', to=settings.AUTH_USER_MODEL)),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='teams.staff')),
            ],
            options={
                'verbose_name': 'invitation',
                'ordering': ['-created_at', '-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('accepted_at', None), ('withdrawn_at', None)), fields=('staff',), name='invitation_one_unanswered')],
            },
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
            model_name='school',
            name='district',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='schools', to='teams.district'),
        ),
    ]
