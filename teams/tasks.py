"""Imports the tasks of every area, which registers them with the worker."""

from teams.jobs import tasks as jobs
from teams.mail import tasks as mail

__all__ = ["jobs", "mail"]
