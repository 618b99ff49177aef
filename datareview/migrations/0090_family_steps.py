import uuid

import django.db.models.deletion
import teams.lib.clock
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):

    dependencies = [
        ('datareview', '0089_measure_of_a_phase'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('teams', '0040_weekly_digest'),
    ]

    operations = [
        migrations.CreateModel(
            name='CaseRules',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asks_family', models.BooleanField(default=False)),
                ('unseen_days', models.PositiveSmallIntegerField(default=14)),
                ('school', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='case_rules', to='teams.school')),
            ],
            options={
                'verbose_name': 'rules for cases',
                'verbose_name_plural': 'rules for cases',
                'constraints': [models.CheckConstraint(condition=Q(('unseen_days__gte', 1), ('unseen_days__lte', 90)), name='case_rules_days')],
            },
        ),
        migrations.CreateModel(
            name='FamilyStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('created_at', models.DateTimeField(default=teams.lib.clock.now, editable=False)),
                ('occasion', models.CharField(choices=[('start', 'Start of the plan'), ('intensify', 'Intensified'), ('tier', 'Change of tier'), ('exit', 'End of the plan'), ('other', 'In between')], default='other', max_length=9)),
                ('how', models.CharField(choices=[('call', 'Call'), ('meeting', 'Meeting'), ('message', 'Message'), ('letter', 'On paper'), ('none', 'Not contacted')], max_length=7)),
                ('said', models.CharField(max_length=400)),
                ('made_on', models.DateField()),
                ('removed_at', models.DateTimeField(blank=True, null=True)),
                ('plan', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='family_steps', to='datareview.plan')),
                ('student', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='family_steps', to='datareview.student')),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'family step',
                'verbose_name_plural': 'family steps',
                'ordering': ['-made_on', '-pk'],
            },
        ),
    ]
