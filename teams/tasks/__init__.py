"""Tasks by name; importing them registers them with the worker."""

from teams.tasks import jobs

__all__ = ["jobs"]
