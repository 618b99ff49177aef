"""Tasks by name; importing them registers them with the worker."""

from collab.tasks import agendas, mail

__all__ = ["agendas", "mail"]
