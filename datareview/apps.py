"""The datareview app."""

from django.apps import AppConfig


class DataReviewConfig(AppConfig):
    """Registers the app's tasks with the worker."""

    name = "datareview"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Import the tasks, so that the worker knows their names."""
        from datareview import tasks  # noqa: F401 (registers)
