"""The teams app."""

from django.apps import AppConfig


class TeamsConfig(AppConfig):
    """Configures the app and registers its tasks with the worker."""

    name = "teams"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Import the tasks, which registers them with the worker."""
        from teams import tasks  # noqa: F401 (registers)
