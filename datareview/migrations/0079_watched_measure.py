import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("datareview", "0078_totals_of_items")]

    operations = [
        migrations.AddField(
            model_name=name,
            name="worse_of",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="datareview.measure",
            ),
        )
        for name in ("candidate", "reopeneddecision")
    ]
