"""Tasks by name; importing them registers them with the worker."""

from collab.tasks import agendas, mail, schedules

__all__ = ["agendas", "mail", "schedules"]
