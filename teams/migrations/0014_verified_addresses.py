"""Addresses that accounts sign in with count as verified: a school gave them, since nobody can sign up."""

from django.db import migrations
from django.db.models.functions import Lower


def verify_addresses(apps, schema_editor):
    """Give each user one verified, primary address, the one they sign in with, and remove all others."""
    User, EmailAddress = apps.get_model("teams", "User"), apps.get_model("account", "EmailAddress")
    EmailAddress.objects.exclude(email=Lower("user__email")).delete()
    for user in User.objects.all():
        EmailAddress.objects.update_or_create(
            user=user, email=user.email.lower(), defaults={"verified": True, "primary": True}
        )


class Migration(migrations.Migration):

    dependencies = [
        ("teams", "0013_plain_labels"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]

    operations = [migrations.RunPython(verify_addresses, migrations.RunPython.noop)]
