import django.db.models.deletion
import teams.lib.clock
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):

    dependencies = [
        ('datareview', '0090_family_steps'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PlanNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('anecdote', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='plan_note', to='datareview.anecdote')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='plan_notes', to='datareview.plan')),
                ('session', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='plan_notes', to='datareview.session')),
            ],
            options={
                'verbose_name': 'note about a plan',
                'verbose_name_plural': 'notes about plans',
                'ordering': ['-anecdote__seen_on', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='CheckInCard',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('periods', models.JSONField(default=list)),
                ('expectations', models.JSONField(default=list)),
                ('most', models.PositiveSmallIntegerField(default=2)),
                ('version', models.PositiveIntegerField(default=0)),
                ('started_at', models.DateTimeField(default=teams.lib.clock.now, editable=False)),
                ('plan', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='check_in_card', to='datareview.plan')),
                ('started_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'check-in card',
                'constraints': [models.CheckConstraint(condition=Q(('most__gte', 1), ('most__lte', 5)), name='check_in_card_most')],
            },
        ),
        migrations.CreateModel(
            name='CardPoints',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('period', models.CharField(max_length=40)),
                ('points', models.PositiveSmallIntegerField()),
                ('most', models.PositiveSmallIntegerField()),
                ('card', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='points', to='datareview.checkincard')),
                ('given_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'points of a period',
                'verbose_name_plural': 'points of periods',
                'ordering': ['day', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('card', 'day', 'period'), name='card_points_once_a_period'), models.CheckConstraint(condition=Q(('points__lte', F('most'))), name='card_points_most')],
            },
        ),
        migrations.CreateModel(
            name='CardDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('in_at', models.DateTimeField(blank=True, null=True)),
                ('out_at', models.DateTimeField(blank=True, null=True)),
                ('card', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='days', to='datareview.checkincard')),
                ('in_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('out_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'day of a check-in card',
                'verbose_name_plural': 'days of check-in cards',
                'ordering': ['-day'],
                'constraints': [models.UniqueConstraint(fields=('card', 'day'), name='card_day_once')],
            },
        ),
    ]
