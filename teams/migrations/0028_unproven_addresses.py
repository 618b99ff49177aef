"""Accounts whose password came from a link that an administrator saw."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('teams', '0027_mail_school'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='has_unproven_address',
            field=models.BooleanField(default=False, verbose_name='the address was never proven'),
        ),
    ]
