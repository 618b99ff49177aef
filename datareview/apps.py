"""The datareview app."""

from django.apps import AppConfig


class DataReviewConfig(AppConfig):
    """Configures the app and registers its tasks with the worker, and the work that people who leave hand over."""

    name = "datareview"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Import the tasks, which registers them with the worker; register plans as work to hand over."""
        from datareview import tasks  # noqa: F401 (registers)
        from datareview.plans.handover import Plans
        from teams.people.queries.handover import register_work

        register_work(Plans())
