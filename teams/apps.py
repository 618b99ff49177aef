"""The teams app."""

from django.apps import AppConfig


class TeamsConfig(AppConfig):
    """Registers the app's tasks with the worker."""

    name = "teams"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Import the tasks, so that the worker knows their names."""
        from teams import tasks  # noqa: F401 (registers)
