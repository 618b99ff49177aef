"""Create the tables of a new database in one step; an older database has taken the steps that this one replaces."""

import teams.lib.clock
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('collab', '0011_setup_code'), ('collab', '0012_norms_topics')]

    dependencies = [
        ('collab', '0010_minutes_reserved'),
    ]

    operations = [
        migrations.CreateModel(
            name='SetupCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64)),
                ('tries_left', models.PositiveSmallIntegerField(default=10)),
                ('made_at', models.DateTimeField(default=teams.lib.clock.now, editable=False)),
            ],
            options={
                'verbose_name': 'setup code',
            },
        ),
        migrations.AlterField(
            model_name='topic',
            name='kind',
            field=models.CharField(choices=[('step', 'Protocol step'), ('candidate', 'Student to discuss'), ('review', 'Plan review'), ('data', 'Data'), ('check', 'Decision check'), ('answer', 'Answer to the team’s question'), ('norms', 'Review of the team’s norms'), ('parked', 'Parked in a meeting'), ('other', 'Other')], default='other', max_length=10),
        ),
    ]
