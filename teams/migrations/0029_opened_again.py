"""When a closed account was opened again."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('teams', '0028_unproven_addresses'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='opened_again_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='opened again'),
        ),
    ]
