"""Students are sorted alike on every database."""

from django.db import migrations

from teams.names.columns import NameOrder


class Migration(migrations.Migration):
    dependencies = [("datareview", "0086_groups_changed_late")]

    operations = [
        migrations.AlterModelOptions(
            name="student",
            options={
                "ordering": [NameOrder("last_name"), NameOrder("first_name"), "local_id"],
                "verbose_name": "student",
            },
        ),
    ]
