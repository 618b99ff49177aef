"""The school that an email is about."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('teams', '0026_invitations'),
    ]

    operations = [
        migrations.AddField(
            model_name='mail',
            name='school',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='mail', to='teams.school'),
        ),
    ]
