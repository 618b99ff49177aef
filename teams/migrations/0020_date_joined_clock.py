"""People join at the product's time, not the machine's."""

from django.db import migrations, models

import teams.lib.clock


class Migration(migrations.Migration):
    dependencies = [("teams", "0019_second_factor")]

    operations = [
        migrations.AlterField(
            "user",
            "date_joined",
            models.DateTimeField(default=teams.lib.clock.now, verbose_name="date joined"),
        ),
    ]
