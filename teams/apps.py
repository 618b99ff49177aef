"""The teams app."""

from django.apps import AppConfig


class TeamsConfig(AppConfig):
    """Registers tasks with the worker, and what is logged of accounts and roles."""

    name = "teams"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Import the tasks, which registers them with the worker; connect the log of security events."""
        from teams import tasks  # noqa: F401 (registers)
        from teams.operation.services import connect_security_events

        connect_security_events()
