"""Tasks by name; importing them registers them with the worker."""

from collab.tasks import agendas, mail, meetings, schedules

__all__ = ["agendas", "mail", "meetings", "schedules"]
