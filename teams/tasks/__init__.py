"""Tasks by name; importing them registers them with the worker."""

from teams.tasks import jobs, mail

__all__ = ["jobs", "mail"]
