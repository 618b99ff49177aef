"""One number that changes with the settings; triggers write it (`teams.schema.settings_tables`)."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('teams', '0038_least_group_range'),
    ]

    operations = [
        migrations.CreateModel(
            name='SettingsRevision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.BigIntegerField()),
            ],
            options={'verbose_name': 'revision of the settings'},
        ),
    ]
