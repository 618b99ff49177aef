"""The collab app."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from teams.lib.panels import register_panel


class CollabConfig(AppConfig):
    """Registers the app's tasks with the worker, and what it shows on the pages below."""

    name = "collab"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Import the tasks, so that the worker knows their names; fill the slots."""
        from collab import tasks  # noqa: F401 (registers)

        post_migrate.connect(_ensure_protocols, sender=self)
        for slot in ("student", "candidate", "plan", "dashboard"):
            register_panel(slot, f"collab.views.panels.{slot}_panel")


def _ensure_protocols(**_what: Any) -> None:
    """The library of protocols is part of the program: every migrated database has this version's."""
    from collab.services.protocols import ensure_built_in_protocols

    ensure_built_in_protocols()
