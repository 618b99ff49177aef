from django.db import migrations


class Migration(migrations.Migration):
    """Nothing is left to do: `teams.schema.append_only` protects these rows after all migrations."""

    dependencies = [("datareview", "0001_initial")]
    operations = []
