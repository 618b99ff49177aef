from django.db import migrations

from teams.schema.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("teams", "0001_initial")]
    operations = [append_only("teams_auditevent")]
