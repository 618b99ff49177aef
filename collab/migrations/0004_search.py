from django.db import migrations


class Migration(migrations.Migration):
    """Nothing is left to do: `collab.search.services` makes the indexes after all migrations."""

    dependencies = [("collab", "0003_observation_reply")]

    operations = []
