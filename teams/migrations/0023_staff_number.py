"""The school's own number of a staff member."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('teams', '0022_account_mail'),
    ]

    operations = [
        migrations.AddField(
            model_name='staff',
            name='local_id',
            field=models.CharField(blank=True, max_length=40, verbose_name='staff id'),
        ),
        migrations.AlterField(
            model_name='staff',
            name='title',
            field=models.CharField(blank=True, max_length=80, verbose_name='title'),
        ),
        migrations.AddConstraint(
            model_name='staff',
            constraint=models.UniqueConstraint(condition=models.Q(('local_id', ''), _negated=True), fields=('school', 'local_id'), name='staff_local_id_unique'),
        ),
    ]
