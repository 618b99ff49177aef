import django.db.models.deletion
import teams.lib.clock
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):

    dependencies = [
        ('datareview', '0088_held_answers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='plan',
            name='measured_from',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name='PastMeasure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('baseline', models.FloatField()),
                ('baseline_on', models.DateField()),
                ('goal', models.FloatField()),
                ('goal_on', models.DateField()),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField()),
                ('line', models.CharField(max_length=200)),
                ('line_before', models.CharField(blank=True, max_length=200)),
                ('changed_at', models.DateTimeField(default=teams.lib.clock.now, editable=False)),
                ('changed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('group', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='past_measures', to='datareview.plangroup')),
                ('measure', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='past_of_plans', to='datareview.measure')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='past_measures', to='datareview.plan')),
            ],
            options={
                'verbose_name': 'earlier measure of a plan',
                'verbose_name_plural': 'earlier measures of plans',
                'ordering': ['-ends_on', '-pk'],
                'constraints': [models.UniqueConstraint(fields=('plan', 'ends_on'), name='past_measure_once_a_day'), models.CheckConstraint(condition=Q(('starts_on__lte', F('ends_on'))), name='past_measure_dates_ordered')],
            },
        ),
    ]
