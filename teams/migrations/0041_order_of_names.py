"""People are sorted alike on every database."""

from django.db import migrations

from teams.names.columns import NameOrder


class Migration(migrations.Migration):
    dependencies = [("teams", "0040_weekly_digest")]

    operations = [
        migrations.AlterModelOptions(
            name="staff",
            options={
                "ordering": [NameOrder("user__last_name"), NameOrder("user__first_name")],
                "verbose_name": "staff member",
                "verbose_name_plural": "staff",
            },
        ),
        migrations.AlterModelOptions(
            name="teammember",
            options={
                "ordering": [NameOrder("staff__user__last_name"), NameOrder("staff__user__first_name")],
                "verbose_name": "team member",
            },
        ),
    ]
