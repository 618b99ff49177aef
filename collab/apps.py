"""The collab app."""

from django.apps import AppConfig

from teams.lib.panels import register_panel


class CollabConfig(AppConfig):
    """Registers the app's tasks with the worker, and what it shows on the pages below."""

    name = "collab"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Import the tasks, so that the worker knows their names; fill the slots."""
        from collab import tasks  # noqa: F401 (registers)

        for slot in ("student", "candidate", "plan", "dashboard"):
            register_panel(slot, f"collab.views.panels.{slot}_panel")
