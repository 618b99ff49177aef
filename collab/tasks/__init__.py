"""Tasks by name; importing them registers them with the worker."""

from collab.tasks import agendas

__all__ = ["agendas"]
