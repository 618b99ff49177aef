"""The teams app."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate


class TeamsConfig(AppConfig):
    """Registers tasks with the worker, what is logged of accounts and roles, and triggers of tables."""

    name = "teams"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Import the tasks, which registers them with the worker; connect the log of security events and the triggers."""
        from teams import tasks  # noqa: F401 (registers)
        from teams.names.columns import add_name_order
        from teams.operation.services import connect_security_events
        from teams.schema.append_only import protect_records
        from teams.schema.settings_tables import watch_settings

        connection_created.connect(add_name_order)
        connect_security_events()
        post_migrate.connect(watch_settings)
        post_migrate.connect(protect_records)
