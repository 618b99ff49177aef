from django.db import migrations

from teams.schema.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("datareview", "0001_initial")]
    operations = [append_only("datareview_disclosure")]
