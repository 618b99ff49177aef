"""The collab app."""

from django.apps import AppConfig


class CollabConfig(AppConfig):
    """Registers the app's tasks with the worker."""

    name = "collab"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Import the tasks, so that the worker knows their names."""
        from collab import tasks  # noqa: F401 (registers)
