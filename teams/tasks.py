"""Importing an area's tasks registers them with the worker."""

from teams.jobs import tasks as jobs
from teams.mail import tasks as mail

__all__ = ["jobs", "mail"]
