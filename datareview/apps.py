"""The datareview app."""

from django.apps import AppConfig


class DataReviewConfig(AppConfig):
    """Configures the app and registers its tasks with the worker."""

    name = "datareview"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Import the tasks, which registers them with the worker."""
        from datareview import tasks  # noqa: F401 (registers)
